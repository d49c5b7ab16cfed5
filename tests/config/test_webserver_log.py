"""Gunicorn's own log, when somebody turns it on, holds no address that opens a door by itself."""

from __future__ import annotations

from pathlib import Path

from gunicorn.config import Config

from config.webserver_log import QuietLogger


def test_neither_the_access_log_nor_the_error_log_holds_a_secret_address(tmp_path: Path) -> None:
    settings, paths = Config(), [tmp_path / "access", tmp_path / "error"]
    settings.set("accesslog", str(paths[0]))
    settings.set("errorlog", str(paths[1]))
    logger = QuietLogger(settings)

    logger.access_log.info("%(r)s %(f)s", {"r": "GET /kalenderfil/abcDEF-_1.ics HTTP/1.1", "f": "/bekrafta/1.x.y/"})
    logger.error("Error handling request %s", "/kalenderfil/abcDEF-_1.ics")
    logger.close_on_exec()

    access, error = (path.read_text() for path in paths)
    assert "GET /kalenderfil/… HTTP/1.1 /bekrafta/…" in access
    assert "abcDEF" not in access + error
    assert "1.x.y" not in access
