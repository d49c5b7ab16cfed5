"""Has a PDF that may be hostile looked into by a process of its own, with little time and little memory.

Whatever the file does to its reader, the web process waits a bounded time and gets an answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agreements.seal_source import Source

SECONDS: Final = 20
NO_SECRETS: Final = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
"""The whole environment of the child: no key, no passphrase, no address."""
HOUSE: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Inspection:
    """What was found in a file: codes in its text, and what its seals say (seal.Examination as a dictionary)."""

    problem: str = ""
    """ "encrypted", "unreadable", "too heavy", or nothing."""
    codes: tuple[str, ...] = ()
    seals: dict[str, Any] | None = None

    @property
    def is_sealed(self) -> bool:
        """Whether it bears whole seals that lead to a root we trust."""
        found = (self.seals or {}).get("seals", [])
        return bool(found) and all(each["intact"] and each["trusted"] and each["covers"] for each in found)


def inspect(pdf: bytes, source: Source | None, *, seconds: float = SECONDS) -> Inspection:
    """The child is given the roots that are trusted, never a key."""
    roots = source.public_roots if source else None
    command = [sys.executable, "-m", "agreements.seal_inspector", *([str(roots)] if roots else [])]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file comes on its standard input
            command, input=pdf, cwd=HOUSE, env=NO_SECRETS, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return Inspection("too heavy")
    try:
        facts = json.loads(done.stdout)
    except ValueError:
        return Inspection("too heavy")
    return Inspection(facts["problem"], tuple(facts["codes"]), facts["seals"])
