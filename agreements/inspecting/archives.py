"""Word and Excel files: zip archives that must be what they say, hold nothing that acts, and fetch nothing. Pure."""

from __future__ import annotations

import os
import re
import struct
import zipfile
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

import docx
import openpyxl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from docx.table import Table
from docx.text.paragraph import Paragraph

from agreements.inspecting.kinds import CONTENT_TYPES, MEGABYTE, MOST_TEXT, BadFile, FileKind, Reason

MOST_ENTRIES: Final = 3000
LARGEST_LIST: Final = MEGABYTE
LARGEST_UNPACKED: Final = 250 * MEGABYTE
LARGEST_PART: Final = 150 * MEGABYTE
MOST_TIMES: Final = 120
"""How many times larger a part may be unpacked than packed, when it is large enough to matter."""
LARGE: Final = 5 * MEGABYTE
HEAD: Final = 4096

_END = struct.Struct("<4s4H2LH")
_MACROS = re.compile(r"vbaProject|vbaData|macrosheets/", re.IGNORECASE)
_OBJECTS = re.compile(r"activeX/|embeddings/(?!.*\.xlsx$)|oleObject|ctrlProps/", re.IGNORECASE)
_LINKED = re.compile(r"externalLinks/|queryTables/|(^|/)connections\.xml$|webextensions/", re.IGNORECASE)
_DDE = re.compile(rb"\bDDE(AUTO)?\b", re.IGNORECASE)
_INSTRUCTION = re.compile(rb'<w:instrText[^>]*>([^<]*)<|w:instr="([^"]*)"')
_MAIN: Final = {
    f"{CONTENT_TYPES[FileKind.DOCX]}.main+xml": FileKind.DOCX,
    f"{CONTENT_TYPES[FileKind.XLSX]}.main+xml": FileKind.XLSX,
}
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def judge_archive(file: BinaryIO) -> FileKind:
    """The kind of Office file it is. Raises BadFile."""
    _demand_small_list(file)
    try:
        with zipfile.ZipFile(file) as archive:
            _judge_sizes(archive)
            kind = _kind_of(archive)
            _judge_names(archive)
            _judge_parts(archive)
        _open(file, kind)
    except zipfile.BadZipFile:
        raise BadFile(Reason.BROKEN) from None
    except (DefusedXmlException, ParseError, KeyError, ValueError, EOFError, OSError, NotImplementedError):
        raise BadFile(Reason.BROKEN) from None
    return kind


def _demand_small_list(file: BinaryIO) -> None:
    """The list of contents is read whole before anything can be counted, so its size is looked at first."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    file.seek(0)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise BadFile(Reason.BROKEN)
    _mark, _disk, _start, _here, entries, length, offset, _comment = _END.unpack_from(tail, place)
    if entries > MOST_ENTRIES or length > LARGEST_LIST:
        raise BadFile(Reason.BOMB)
    if offset + length > size:
        raise BadFile(Reason.BROKEN)


def _judge_sizes(archive: zipfile.ZipFile) -> None:
    """What the parts come to when they are unpacked; none is ever unpacked beyond what is declared here."""
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise BadFile(Reason.ENCRYPTED)
    whole = sum(part.file_size for part in parts)
    packed_times = (part.file_size / max(1, part.compress_size) for part in parts if part.file_size > LARGE)
    largest = max((part.file_size for part in parts), default=0)
    if len(parts) > MOST_ENTRIES or whole > LARGEST_UNPACKED or largest > LARGEST_PART:
        raise BadFile(Reason.BOMB)
    if any(times > MOST_TIMES for times in packed_times):
        raise BadFile(Reason.BOMB)


def _kind_of(archive: zipfile.ZipFile) -> FileKind:
    """By the types that the parts are declared to have."""
    names = archive.namelist()
    if "[Content_Types].xml" not in names:
        raise BadFile(Reason.UNKNOWN)
    types = {element.get("ContentType", "") for element in _xml(archive, "[Content_Types].xml")}
    if any("macroenabled" in name.lower() or "vbaproject" in name.lower() for name in types):
        raise BadFile(Reason.MACROS)
    kinds = {_MAIN[name] for name in types if name in _MAIN}
    if len(kinds) != 1:
        raise BadFile(Reason.UNKNOWN)
    return kinds.pop()


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > LARGE:
        raise BadFile(Reason.BOMB)
    element: Element = fromstring(archive.read(name), forbid_dtd=True)
    return element


def _judge_names(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    for pattern, reason in ((_MACROS, Reason.MACROS), (_LINKED, Reason.LINKED), (_OBJECTS, Reason.OBJECTS)):
        if any(pattern.search(name) for name in names):
            raise BadFile(reason)


def _judge_parts(archive: zipfile.ZipFile) -> None:
    """No part declares entities of its own, and nothing but ordinary links leads out of the file."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels", ".vml")):
            with archive.open(name) as part:
                head = part.read(HEAD).replace(b"\0", b"")
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise BadFile(Reason.BROKEN)
        if name.endswith(".rels"):
            _judge_links(_xml(archive, name))
        if name == "word/document.xml" and _DDE.search(_fields(archive.read(name))):
            raise BadFile(Reason.LINKED)


def _judge_links(relationships: Element) -> None:
    for link in relationships.iter(_RELATIONSHIP):
        if link.get("TargetMode") == "External" and not link.get("Type", "").endswith("/hyperlink"):
            raise BadFile(Reason.LINKED)


def _fields(document: bytes) -> bytes:
    """The instructions of the document's fields; text that only speaks of them is no instruction."""
    return b" ".join(map(b"".join, _INSTRUCTION.findall(document)))


def _open(file: BinaryIO, kind: FileKind) -> None:
    """Open it as those who get it will."""
    file.seek(0)
    try:
        if kind is FileKind.DOCX:
            docx.Document(file)
        else:
            openpyxl.load_workbook(file, read_only=True, data_only=True).close()
    except (MemoryError, BadFile):
        raise
    except Exception:
        raise BadFile(Reason.BROKEN) from None


def read_docx(file: BinaryIO) -> str:
    """Paragraphs and tables in reading order."""
    parts: list[str] = []
    length = 0
    for block in docx.Document(file).iter_inner_content():
        text = block.text if isinstance(block, Paragraph) else _table_text(block)
        parts.append(text)
        length += len(text)
        if length > MOST_TEXT:
            break
    return "\n".join(parts)


def _table_text(table: Table) -> str:
    return "\n".join("\t".join(cell.text for cell in row.cells) for row in table.rows)


def read_xlsx(file: BinaryIO) -> str:
    """Every sheet's name and filled cells, row by row."""
    parts: list[str] = []
    length = 0
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    for sheet in book.worksheets:
        parts.append(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            text = "\t".join(str(cell) for cell in row if cell is not None)
            if text:
                parts.append(text)
                length += len(text)
            if length > MOST_TEXT:
                return "\n".join(parts)
    return "\n".join(parts)
