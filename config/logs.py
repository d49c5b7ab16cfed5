"""What logs must not hold."""

from __future__ import annotations

import logging
import re
from typing import Final

SIGNED: Final = re.compile(r"(/bekrafta/)[^/\s]+")


class WithoutSignedLinks(logging.Filter):
    """Covers the signed part of a link by which anyone who has it can answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/bekrafta/" in message:
            record.msg, record.args = SIGNED.sub(r"\1…", message), ()
        return True
