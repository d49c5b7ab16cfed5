"""What must be decided when an agreement goes over to a newer template. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from agreements.content import InvalidContent, carried
from agreements.document import Document
from agreements.fields import Content, Field, Kind, TemplatePart, gaps, local
from agreements.html import clean_html, from_plain, plain_text

REQUIRED, TEXT, LOCKED, ADDED, REMOVED = "required", "text", "locked", "added", "removed"
TAKES_TEXT: Final = frozenset({Kind.TEXT, Kind.NOTE, Kind.LINE, Kind.FUNCTION})
"""Fields in which an old text can be placed."""


@dataclass(frozen=True)
class Point:
    """One thing to decide. was: the field's block of the old document, of text that has no place."""

    kind: str
    section_key: str
    section: str
    field_key: str = ""
    field: str = ""
    was: Mapping[str, Any] | None = None


def points(
    old: Sequence[TemplatePart], new: Sequence[TemplatePart], contents: Mapping[str, Content], document: Document
) -> list[Point]:
    """Everything that differs for this agreement, in the order of the new template; what is gone comes last."""
    before = {part.key: part for part in old}
    after = {part.key for part in new}
    blocks = {(s["key"], block["key"]): block for s in document["sections"] for block in s["blocks"]}
    found: list[Point] = []
    for part in new:
        was = before.get(part.key)
        if was is None:
            found.append(Point(ADDED, part.key, name_of(part)))
        elif clean_html(was.locked) != clean_html(part.locked):
            found.append(Point(LOCKED, part.key, name_of(part)))
        if was is not None:
            found += _lost(was, part.fields, contents.get(part.key, {}), blocks)
        found += _demands(was.fields if was else (), part)
    for part in old:
        if part.key not in after:
            found.append(Point(REMOVED, part.key, name_of(part)))
            found += _lost(part, (), contents.get(part.key, {}), blocks)
    return found


def name_of(part: TemplatePart) -> str:
    return f"{part.number} {part.title}"


def _lost(
    was: TemplatePart, fields: tuple[Field, ...], content: Content, blocks: Mapping[tuple[str, str], Mapping[str, Any]]
) -> Iterator[Point]:
    """Text of one section that the new fields have no place for, or not for all of."""
    labels = {field.key: field.label for field in local(was.fields)}
    for key in carried(fields, content)[1]:
        block = blocks.get((was.key, key))
        yield Point(TEXT, was.key, name_of(was), key, labels.get(key, key), block)


def _demands(was: tuple[Field, ...], part: TemplatePart) -> Iterator[Point]:
    """Fields that must be filled in and need not have been before."""
    before = {field.key: field for field in was}
    for field in local(part.fields):
        old = before.get(field.key)
        columns = _new_columns(old, field)
        if _asks(field) and (old is None or not _asks(old)):
            yield Point(REQUIRED, part.key, name_of(part), field.key, field.label)
        elif columns:
            yield Point(REQUIRED, part.key, name_of(part), field.key, f"{field.label}: {', '.join(columns)}")


def _asks(field: Field) -> bool:
    return field.required or field.required_if is not None


def _new_columns(old: Field | None, field: Field) -> list[str]:
    """Columns that every row must fill in from now on."""
    if old is None:
        return []
    asked = {column.key for column in old.columns if _asks(column)}
    return [column.label for column in field.columns if _asks(column) and column.key not in asked]


def is_met(fields: tuple[Field, ...], content: Content, key: str) -> bool:
    """Whether nothing is left to fill in of a field."""
    return all(gap.field.key != key for gap in gaps(fields, content))


def as_html(block: Mapping[str, Any]) -> str:
    """A block of a document as rich text."""
    if "html" in block:
        return str(block["html"])
    if "items" in block:
        return "<ul>" + "".join(f"<li>{escape(item, quote=False)}</li>" for item in block["items"]) + "</ul>"
    if "rows" in block:
        return "".join(f"<p>{escape(_in_words(block['columns'], row), quote=False)}</p>" for row in block["rows"])
    return from_plain(str(block.get("text", "")))


def _in_words(columns: Sequence[str], row: Sequence[str]) -> str:
    return "; ".join(f"{label}: {cell}" for label, cell in zip(columns, row, strict=True) if cell)


def with_text(field: Field, content: Content, block: Mapping[str, Any]) -> dict[str, Any]:
    """The section's content with an old text put into a field, after what stands there. Raises InvalidContent."""
    html, now = as_html(block), content.get(field.key)
    if field.kind not in TAKES_TEXT:
        raise InvalidContent({field.key: "Texten går inte att lägga i det fältet. Välj ett annat."})
    if field.kind is Kind.TEXT:
        return {**content, field.key: f"{now or ''}{html}"}
    plain = plain_text(html)
    if field.kind is Kind.NOTE:
        return {**content, field.key: f"{now}\n{plain}" if now else plain}
    if now:
        raise InvalidContent({field.key: "Det står redan något i fältet. Välj ett annat, eller töm det först."})
    return {**content, field.key: plain.replace("\n", " ")}
