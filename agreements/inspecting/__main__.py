"""The process that opens a file: `python -m agreements.inspecting judge|signed|read`, the file as its standard input.

It answers with one line of JSON: {"kind": …}, {"text": …} or {"refused": …}.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from typing import BinaryIO, Final

from agreements.inspecting.archives import judge_archive, read_docx, read_xlsx
from agreements.inspecting.kinds import MOST_TEXT, BadFile, FileKind, Reason, family
from agreements.inspecting.pdfs import judge_pdf, read_pdf
from agreements.inspecting.pictures import judge_picture

READERS: Final[dict[FileKind, Callable[[BinaryIO], str]]] = {
    FileKind.PDF: read_pdf,
    FileKind.DOCX: read_docx,
    FileKind.XLSX: read_xlsx,
}
MEMORY: Final = 1024 * 1024 * 1024
HEAD: Final = 8192


def judge(file: BinaryIO, *, enclosing: bool = False) -> FileKind:
    """The kind of the file, once it has been opened and found good; enclosing: see judge_pdf. Raises BadFile."""
    found = family(file.read(HEAD))
    file.seek(0)
    if found == "zip":
        return judge_archive(file)
    if found == "pdf":
        judge_pdf(file, enclosing=enclosing)
        return FileKind.PDF
    return judge_picture(file)


def judge_signed(file: BinaryIO) -> FileKind:
    """The same of a signed file, which must be a PDF. Raises BadFile."""
    head = file.read(HEAD)
    if head and not head.lstrip().startswith(b"%PDF-"):
        raise BadFile(Reason.NO_PDF)
    file.seek(0)
    return judge(file, enclosing=True)


def read(file: BinaryIO) -> str:
    """The text of a file that has been judged good; pictures have none. Raises BadFile."""
    reader = READERS.get(judge(file, enclosing=True))
    if reader is None:
        return ""
    file.seek(0)
    return reader(file)[:MOST_TEXT].replace("\0", "")


def limit(seconds: int) -> None:
    """From here on this process gets so much time and memory, and writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(task: str, file: BinaryIO) -> dict[str, str]:
    judges = {"judge": judge, "signed": judge_signed}
    try:
        return {"kind": judges[task](file)} if task in judges else {"text": read(file)}
    except BadFile as bad:
        return {"refused": bad.reason}
    except (MemoryError, RecursionError):
        return {"refused": Reason.TOO_HEAVY}


def main() -> None:
    task, seconds = sys.argv[1:]
    limit(int(seconds))
    with open(sys.stdin.fileno(), "rb") as file:
        sys.stdout.write(json.dumps(answer(task, file)))


if __name__ == "__main__":
    main()
