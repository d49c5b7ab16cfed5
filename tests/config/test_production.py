"""The portal in production mode: a real gunicorn against servers given by their addresses."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from config.production_check import production_environment
from tests.processes import BASE_DIR, environment_of_test, running, wait_for

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("django_db_setup")]  # its servers ask the test database


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def addresses() -> dict[str, str]:
    """The test's own servers, given as external ones."""
    given = connection.settings_dict
    host = quote(str(given["HOST"]), safe="")
    name = f"postgresql://{given['USER']}@{host}/{given['NAME']}" if settings.EMBEDDED_DATABASE else ""
    return {
        **production_environment(),
        "DATABASE_URL": name or os.environ["DATABASE_URL"],
        "REDIS_URL": settings.REDIS_URL,
    }


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    chosen, folder = free_port(), tmp_path_factory.mktemp("production")
    command = ("-m", "gunicorn", "--config=python:config.webserver", f"--bind=127.0.0.1:{chosen}")
    gather = "import django; django.setup(); from config.prepare import collect_static; collect_static()"
    subprocess.run([sys.executable, "-c", gather], cwd=BASE_DIR, env=environment_of_test(), check=True)
    with django_db_blocker.unblock():
        connection.ensure_connection()  # the servers are up from here on
        with running(*command, log=folder / "web.log", **addresses()):
            assert wait_for(lambda: answers(chosen), 60), (folder / "web.log").read_text()[-3000:]
            yield chosen


def answers(port: int) -> bool:
    try:
        return ask(port, "/halsa").status == 200
    except OSError:
        return False


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", path, headers={"Host": "portal.invalid", **headers})
    answer = client.getresponse()
    answer.read()
    client.close()
    return answer


def test_health_is_told_over_plain_http_to_the_container(port: int) -> None:
    assert ask(port, "/halsa").status == 200


def test_all_else_is_sent_to_https(port: int) -> None:
    answer = ask(port, "/")
    assert answer.status == 301
    assert answer.getheader("Location", "").startswith("https://portal.invalid/")


def test_an_unknown_host_is_refused(port: int) -> None:
    assert ask(port, "/halsa", Host="elsewhere.invalid").status == 400


def test_every_answer_carries_the_safety_headers(port: int) -> None:
    headers = ask(port, "/halsa").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
