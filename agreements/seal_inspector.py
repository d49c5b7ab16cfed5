"""Looks into a PDF: `python -m agreements.seal_inspector [roots.pem] < file`. Run by agreements.seal_inspection only.

Binds itself before it reads a byte: so much memory, so many seconds of work, no files to write.
"""

from __future__ import annotations

import datetime
import io
import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any, Final

import pypdf

from agreements import seal, seal_keys
from agreements.verification_code import codes_in

MEMORY: Final = 1_500_000_000
WORK: Final = 15
"""Seconds of processor time."""
MOST_PAGES: Final = 3
"""Pages whose text is searched for a code; it stands on each."""


def bind() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (WORK, WORK))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(pdf: bytes, roots: Path | None) -> dict[str, Any]:
    """What can be read of the file, its text and its seals each for itself."""
    problem, codes, seals = "", list[str](), None
    try:
        problem, codes = _text_of(pdf)
    except Exception:
        problem = "unreadable"
    if roots and problem != "encrypted":
        try:
            now = datetime.datetime.now(datetime.UTC)
            seals = seal.examine(pdf, seal_keys.roots_in(roots), now=now).as_dict()
        except Exception:
            seals = None
    return {"problem": problem, "codes": codes, "seals": seals}


def _text_of(pdf: bytes) -> tuple[str, list[str]]:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    if reader.is_encrypted:
        return "encrypted", []
    texts = [str(value) for value in (reader.metadata or {}).values()]
    texts += [page.extract_text() for _, page in zip(range(MOST_PAGES), reader.pages, strict=False)]
    return "", codes_in(" ".join(" ".join(texts).split()))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    bind()
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    json.dump(look(sys.stdin.buffer.read(), given), sys.stdout)
