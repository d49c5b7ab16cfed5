"""What logs must not hold, and what they leave out."""

from __future__ import annotations

import logging
import re
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404

SIGNED: Final = re.compile(r"(/(?:bekrafta|kalenderfil|lank)/)[^/\s\"?]+")


class WithoutSignedLinks(logging.Filter):
    """Covers the secret part of an address: to answer a letter, to read a calendar, to sign."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if SIGNED.search(message):
            record.msg, record.args = SIGNED.sub(r"\1…", message), ()
        return True


class WithoutRefusals(logging.Filter):
    """A refusal is an answer and no failure: it keeps its line, and loses the way it came about."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], (PermissionDenied, Http404)):
            record.exc_info = None
        return True
