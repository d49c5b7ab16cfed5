"""The kinds of file that are taken in, their limits, and why a file is refused. Pure."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

import filetype


class FileKind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpeg"


MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 25 * MEGABYTE
LONGEST_NAME: Final = 150
MOST_PAGES: Final = 1000
MOST_TEXT: Final = 200_000
"""Letters that are kept of a file's text: some eighty pages."""

CONTENT_TYPES: Final[dict[FileKind, str]] = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
}
SUFFIXES: Final[dict[FileKind, tuple[str, ...]]] = {
    FileKind.PDF: (".pdf",),
    FileKind.DOCX: (".docx",),
    FileKind.XLSX: (".xlsx",),
    FileKind.PNG: (".png",),
    FileKind.JPEG: (".jpg", ".jpeg"),
}
PICTURES: Final = frozenset({FileKind.PNG, FileKind.JPEG})
"""Shown in the browser; everything else is only handed over to be saved."""


class Reason(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"
    OLD_OFFICE = "old_office"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    ACTIVE = "active"
    EMBEDDED = "embedded"
    MACROS = "macros"
    LINKED = "linked"
    OBJECTS = "objects"
    BOMB = "bomb"
    PIXELS = "pixels"
    TOO_HEAVY = "too_heavy"
    TOO_LONG = "too_long"
    NO_PDF = "no_pdf"


WORDS: Final[dict[Reason, str]] = {
    Reason.EMPTY: "Filen är tom. Kontrollera att den är sparad, och välj den igen.",
    Reason.TOO_LARGE: "Filen är större än 25 MB. Dela upp den, eller spara den i ett mindre format.",
    Reason.UNKNOWN: (
        "Filen är varken PDF, Word (.docx), Excel (.xlsx) eller bild (PNG eller JPEG). "
        "Spara den i något av de formaten och välj den igen."
    ),
    Reason.OLD_OFFICE: (
        "Filen är sparad i ett äldre Office-format eller skyddad med lösenord. "
        "Ta bort lösenordet och spara den som .docx eller .xlsx."
    ),
    Reason.ENCRYPTED: "Filen är skyddad med lösenord och kan inte läsas. Ta bort skyddet och välj den igen.",
    Reason.BROKEN: "Filen är skadad eller inte hel. Öppna den på din dator, spara den på nytt och välj den igen.",
    Reason.ACTIVE: "PDF:en innehåller skript eller startar program. Skriv ut den till en ny PDF och välj den.",
    Reason.EMBEDDED: "PDF:en har andra filer inuti. Spara den utan dem, och lägg till filerna var för sig.",
    Reason.MACROS: "Filen innehåller makron. Spara den utan makron, som vanlig .docx eller .xlsx.",
    Reason.LINKED: (
        "Filen hämtar innehåll från en annan plats när den öppnas. Bryt länkarna, eller spara filen som PDF."
    ),
    Reason.OBJECTS: "Filen har andra objekt inbäddade. Ta bort dem, eller spara filen som PDF.",
    Reason.BOMB: "Filen växer orimligt mycket när den packas upp. Spara den på nytt, helst som PDF.",
    Reason.PIXELS: "Bilden har fler än 50 miljoner bildpunkter. Spara den i mindre storlek.",
    Reason.TOO_HEAVY: "Filen är för tung att kontrollera. Spara den på nytt i enklare form, helst som PDF.",
    Reason.TOO_LONG: "PDF:en har fler än 1 000 sidor. Dela upp den.",
    Reason.NO_PDF: "Filen är ingen PDF. Välj den PDF som undertecknades, eller skanna in pappret som PDF.",
}


class BadFile(Exception):
    """The file is not taken in."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(WORDS[reason])
        self.reason = reason


_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BY_MIME: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpeg", "application/zip": "zip"} | {
    CONTENT_TYPES[kind]: "zip" for kind in (FileKind.DOCX, FileKind.XLSX)
}


def family(head: bytes) -> str:
    """pdf, png, jpeg or zip by the first bytes; what a zip holds is told by what is in it. Raises BadFile."""
    if not head:
        raise BadFile(Reason.EMPTY)
    if head.startswith(_OLD_OFFICE):
        raise BadFile(Reason.OLD_OFFICE)
    found = filetype.guess(head)
    known = _BY_MIME.get(found.mime if found else "")
    if known is None:
        raise BadFile(Reason.UNKNOWN)
    return known


def file_name(given: str, kind: FileKind) -> str:
    """The name as it is kept and handed out: one line without a path, ending as files of its kind do."""
    text = unicodedata.normalize("NFC", given.replace("\\", "/"))
    text = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    name = " ".join(PurePosixPath(text).name.translate(dict.fromkeys(map(ord, '"<>:|?*'), "_")).split()).lstrip(". ")
    path = PurePosixPath(name or "bilaga")
    suffixes = SUFFIXES[kind]
    suffix, stem = (path.suffix, path.stem) if path.suffix.lower() in suffixes else (suffixes[0], path.name)
    return f"{stem[: LONGEST_NAME - len(suffix)].rstrip()}{suffix}"
