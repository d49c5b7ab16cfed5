"""PDF files: whole, open to all, and with nothing in them that acts by itself. Pure."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from agreements.inspecting.kinds import MOST_PAGES, MOST_TEXT, BadFile, Reason

MOST_OBJECTS: Final = 500_000
TAIL: Final = 2048
"""Bytes at the end in which a whole file says where its table stands."""

ACTIVE_KEYS: Final = frozenset({"/JS", "/JavaScript", "/XFA"})
ACTIVE_ACTIONS: Final = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute"})
ACTIVE_SUBTYPES: Final = frozenset({"/RichMedia", "/Movie", "/Screen", "/3D"})
EMBEDDED_KEYS: Final = frozenset({"/EmbeddedFiles", "/EF"})

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def judge_pdf(file: BinaryIO, *, enclosing: bool = False) -> None:
    """enclosing: other files may lie inside, as signing services put their evidence there. Raises BadFile."""
    _demand_end(file)
    try:
        reader = PdfReader(file)
        if reader.is_encrypted:
            raise BadFile(Reason.ENCRYPTED)
        _demand_pages(reader)
        for facts in dictionaries(reader):
            _judge(facts, enclosing=enclosing)
        for page in reader.pages:
            page.get("/Contents")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError):
        raise BadFile(Reason.BROKEN) from None


def _demand_pages(reader: PdfReader) -> None:
    """How many it says it has is asked first: to count them takes long when they are too many."""
    pages = reader.root_object["/Pages"].get_object()
    said = pages.get("/Count") if isinstance(pages, DictionaryObject) else None
    if isinstance(said, int) and said > MOST_PAGES:
        raise BadFile(Reason.TOO_LONG)
    if not len(reader.pages):
        raise BadFile(Reason.BROKEN)
    if len(reader.pages) > MOST_PAGES:
        raise BadFile(Reason.TOO_LONG)


def _demand_end(file: BinaryIO) -> None:
    """A file that was cut off lacks its end, which readers would guess at."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    file.seek(0)
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise BadFile(Reason.BROKEN)


def dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached from the file's root, once."""
    seen: set[tuple[int, int]] = set()
    left: list[Any] = [reader.trailer]
    visited = 0
    while left:
        item = left.pop()
        if isinstance(item, IndirectObject):
            place = (item.idnum, item.generation)
            if place in seen:
                continue
            seen.add(place)
            item = item.get_object()
        visited += 1
        if visited > MOST_OBJECTS:
            raise BadFile(Reason.TOO_HEAVY)
        if isinstance(item, DictionaryObject):
            yield item
            left.extend(item.values())
        elif isinstance(item, ArrayObject):
            left.extend(value for value in item if isinstance(value, (IndirectObject, DictionaryObject, ArrayObject)))


def _judge(facts: DictionaryObject, *, enclosing: bool) -> None:
    keys = facts.keys()
    if not ACTIVE_KEYS.isdisjoint(keys) or _named(facts, "/S") in ACTIVE_ACTIONS:
        raise BadFile(Reason.ACTIVE)
    subtype = _named(facts, "/Subtype")
    if subtype in ACTIVE_SUBTYPES:
        raise BadFile(Reason.ACTIVE)
    if enclosing:
        return
    if not EMBEDDED_KEYS.isdisjoint(keys) or subtype == "/FileAttachment" or _named(facts, "/S") == "/GoToE":
        raise BadFile(Reason.EMBEDDED)


def _named(facts: DictionaryObject, key: str) -> str:
    value = facts.raw_get(key) if key in facts else None
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return str(value) if isinstance(value, NameObject) else ""


def read_pdf(file: BinaryIO) -> str:
    """The text of its pages, as far as it is kept; a page that cannot be read is passed over."""
    parts: list[str] = []
    length = 0
    for page in PdfReader(file).pages:
        try:
            text = page.extract_text()
        except Exception:  # noqa: S112 - one page of a strange file says nothing of the others
            continue
        parts.append(text)
        length += len(text)
        if length > MOST_TEXT:
            break
    return "\n".join(parts)
