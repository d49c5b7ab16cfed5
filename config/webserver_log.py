"""Gunicorn's own log, when somebody turns it on, without the addresses that open doors by themselves."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from config.logs import WithoutSignedLinks


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn says nothing of its types
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(WithoutSignedLinks())
