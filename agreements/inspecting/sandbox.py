"""Opens files in a process of their own, which gets so much time and memory and no more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, Final

from agreements.inspecting.kinds import BadFile, FileKind, Reason

BASE_DIR: Final = Path(__file__).resolve().parent.parent.parent
JUDGING: Final = 10
READING: Final = 60
"""Seconds of work in the process; somebody waits while a file is judged."""
ON_THE_CLOCK: Final = 2
"""How many times longer it may take when the machine is busy."""


def judge(file: IO[bytes]) -> FileKind:
    """What the file is, by its content. Raises BadFile."""
    return FileKind(_run("judge", file, JUDGING)["kind"])


def judge_signed(file: IO[bytes]) -> FileKind:
    """The same of a PDF that was signed elsewhere, which may enclose the evidence of it. Raises BadFile."""
    return FileKind(_run("signed", file, JUDGING)["kind"])


def read(file: IO[bytes]) -> str:
    """What the file says. Raises BadFile."""
    return str(_run("read", file, READING)["text"])


def _run(task: str, file: IO[bytes], seconds: int) -> dict[str, Any]:
    """`file` must be a real one, with a number of its own."""
    file.seek(0)
    command = [sys.executable, "-m", "agreements.inspecting", task, str(seconds)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file comes on its standard input
            command,
            cwd=BASE_DIR,
            env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
            stdin=file,
            capture_output=True,
            timeout=seconds * ON_THE_CLOCK,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadFile(Reason.TOO_HEAVY) from None
    if done.returncode:
        raise BadFile(Reason.TOO_HEAVY)
    found: dict[str, Any] = json.loads(done.stdout)
    if "refused" in found:
        raise BadFile(Reason(found["refused"]))
    return found
