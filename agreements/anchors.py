"""Where in a section something is talked about, and how quoted words are found again when the text changes. Pure.

A place is a path as in agreements.fields.prose, with a row alone as well: "", "field", "field.row_id",
"field.row_id.column". Quoted words stand in the text as a reader sees it (agreements.html.readable).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agreements.fields import PROSE, Content, Field, Kind
from agreements.html import readable

AROUND: Final = 32
"""Characters kept of what stood before and after the quoted words."""
ENOUGH: Final = 6
"""Characters of what stood around that must be the same for short words to be the same words."""
LONG: Final = 40
"""Words as long as this are the same wherever they stand."""
MOST_QUOTED: Final = 500

WHOLE: Final = "Hela avsnittet"


@dataclass(frozen=True)
class Quote:
    """Words of a text: where they stood, and what stood around them."""

    words: str
    offset: int
    before: str
    after: str


@dataclass(frozen=True)
class Place:
    """A place that can be talked about, and the words chosen there, if any."""

    path: str = ""
    quote: Quote | None = None


def quote_at(text: str, start: int, end: int) -> Quote:
    return Quote(text[start:end], start, text[max(0, start - AROUND) : start], text[end : end + AROUND])


def spans(text: str, words: str) -> list[tuple[int, int]]:
    """Every place where the words stand; space between them may be of any kind."""
    parts = words.split()
    if not parts:
        return []
    return [found.span() for found in re.finditer(r"\s+".join(map(re.escape, parts)), text)]


def found_again(text: str, quote: Quote) -> tuple[int, int] | None:
    """Where the quoted words stand now; None when they are gone.

    Of several the one whose surroundings are most alike, then the nearest. Short words elsewhere in other surroundings
    are other words.
    """
    best: tuple[int, int, tuple[int, int]] | None = None
    for start, end in spans(text, quote.words):
        alike = _alike(text, start, end, quote)
        known = (-alike, abs(start - quote.offset), (start, end))
        if (alike >= _needed(quote) or len(quote.words) >= LONG) and (best is None or known < best):
            best = known
    return best[2] if best else None


def _alike(text: str, start: int, end: int, quote: Quote) -> int:
    """How many characters next to the words are what they were; an edge of the text that still is one counts fully."""
    before = _shared(reversed(text[:start]), reversed(quote.before))
    after = _shared(iter(text[end : end + AROUND]), iter(quote.after))
    at_start = start == 0 and len(quote.before) < AROUND and before == len(quote.before)
    at_end = end == len(text) and len(quote.after) < AROUND and after == len(quote.after)
    return (ENOUGH if at_start else before) + (ENOUGH if at_end else after)


def _needed(quote: Quote) -> int:
    """Enough on one side; less where there was less."""
    return min(ENOUGH, max(len(quote.before), len(quote.after), 1))


def _shared(one: Iterator[str], other: Iterator[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


# -------------------------------------------------------------------------------------------- places of a section


@dataclass(frozen=True)
class Target:
    """A place one can choose to talk about."""

    path: str
    label: str


def targets(fields: tuple[Field, ...], content: Content) -> list[Target]:
    """Every place of a section: the whole, each field, each row."""
    found = [Target("", WHOLE)]
    for field in fields:
        found.append(Target(field.key, field.label))
        if field.kind is Kind.ROWS:
            found += [
                Target(f"{field.key}.{row['id']}", _row_label(field, row, number))
                for number, row in enumerate(content.get(field.key) or [], start=1)
            ]
    return found


def label_of(fields: tuple[Field, ...], content: Content, path: str) -> str | None:
    """A place in words; None when its row or field is gone."""
    if not path:
        return WHOLE
    key, *inner = path.split(".")
    field = next((field for field in fields if field.key == key), None)
    if field is None or not inner:
        return field.label if field else None
    rows = list(content.get(key) or [])
    number = next((number for number, row in enumerate(rows, start=1) if row.get("id") == inner[0]), None)
    if number is None:
        return None
    label = _row_label(field, rows[number - 1], number)
    if len(inner) == 1:
        return label
    column = next((column for column in field.columns if column.key == inner[1]), None)
    return f"{label}: {column.label}" if column else None


def _row_label(field: Field, row: Mapping[str, Any], number: int) -> str:
    return f"{field.label}, rad {number}"


def text_at(fields: tuple[Field, ...], content: Content, path: str) -> str | None:
    """The text that words can be quoted from; None where there is none."""
    for place, text in texts(fields, content):
        if place == path:
            return text
    return None


def texts(fields: tuple[Field, ...], content: Content) -> Iterator[tuple[str, str]]:
    """Every text of a section that is written freely, as (path, text as a reader sees it)."""
    for field in fields:
        value = content.get(field.key)
        if field.kind is Kind.ROWS:
            for row in value or []:
                for column in field.columns:
                    if column.kind in PROSE and row.get(column.key):
                        yield f"{field.key}.{row['id']}.{column.key}", _plain(column, row[column.key])
        elif field.kind in PROSE and value:
            yield field.key, _plain(field, value)


def _plain(field: Field, value: str) -> str:
    return readable(value) if field.kind is Kind.TEXT else value


def located(fields: tuple[Field, ...], content: Content, scope: str, words: str, nth: int = 0) -> Place | None:
    """The words within a place, the nth time they stand there, or the place alone when none are given. None: not there.

    A place that is gone is no place either.
    """
    if label_of(fields, content, scope) is None:
        return None
    if not words.split():
        return Place(scope)
    inside = (
        (path, text) for path, text in texts(fields, content) if scope in ("", path) or path.startswith(f"{scope}.")
    )
    found = [(path, text, span) for path, text in inside for span in spans(text, words)]
    if not found:
        return None
    path, text, span = found[min(nth, len(found) - 1)]
    return Place(path, quote_at(text, *span))
