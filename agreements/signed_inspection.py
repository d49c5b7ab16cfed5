"""Has a PDF that was signed outside the portal looked into by a process of its own, with little time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings

from agreements.seal_inspection import HOUSE, NO_SECRETS, SECONDS
from agreements.seal_source import from_settings

UNREAD: Final = "unread"


@dataclass(frozen=True)
class SignedPdf:
    """What was found: marks of the portal on its pages, and the signatures in it, judged at that moment.

    Each signature is {"subject", "issuer", "sha256" (of the certificate), "kind" ("signature" or "timestamp"), "time",
    "vouched" (a timestamp service says so), "intact", "trusted", "whole" (nothing but signatures was added since),
    "problem"}.
    """

    codes: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    signatures: list[dict[str, Any]] = field(default_factory=list)
    problem: str = ""
    """UNREAD when the signatures could not be read."""

    def kept(self) -> dict[str, Any]:
        """What is kept of it."""
        return {"signatures": self.signatures, "problem": self.problem}


def look_into(file: IO[bytes], *, seconds: float = SECONDS) -> SignedPdf:
    """`file` must be a real one. The process is given the roots that are trusted, never a key."""
    file.seek(0)
    command = [sys.executable, "-m", "agreements.signed_inspector", *map(str, roots())]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file comes on its standard input
            command, stdin=file, cwd=HOUSE, env=NO_SECRETS, capture_output=True, timeout=seconds, check=False
        )
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return SignedPdf(problem=UNREAD)
    return SignedPdf(tuple(found["codes"]), tuple(found["hashes"]), found["signatures"], found["problem"])


def roots() -> list[Path]:
    """The files of roots that signatures from elsewhere may lead to: that of the setting, and the seal's own."""
    source = from_settings()
    own = source.public_roots if source else None
    return [path for path in (settings.SIGNATURE_ROOTS, own) if path is not None and path.is_file()]
