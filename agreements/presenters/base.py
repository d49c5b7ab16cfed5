"""What every presenter works with: the event told, what changed in a section, values as a reader sees them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agreements.fields import Field, Kind, local
from agreements.html import plain_text
from contacts.models import Event

LONGEST = 1500
"""Characters that a page shows of a long text before and after; the whole is in the file that can be fetched."""


@dataclass(frozen=True)
class Difference:
    """What one thing was and became; empty when there was nothing."""

    what: str
    before: str
    after: str


@dataclass
class Line:
    """An event as its page shows it."""

    event: Event
    text: str
    note: str = ""
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """What a presenter must know of a template section."""

    number: str
    title: str
    fields: tuple[Field, ...]


Sections = Mapping[str, Section]


Told = tuple[str, str, list[Difference]]


Shown = Callable[[str], str]


Presenter = Callable[[Event, Sections, bool], Told]


def differences(
    fields: tuple[Field, ...], before: Mapping[str, Any], after: Mapping[str, Any], shown: Shown = str
) -> Iterator[Difference]:
    """The fields that changed, rows one by one. Each text goes through `shown` by itself."""
    for spec in local(fields):
        old, new = before.get(spec.key), after.get(spec.key)
        if old == new:
            continue
        if spec.kind is Kind.ROWS:
            yield from _row_differences(spec, old or [], new or [], shown)
        else:
            yield Difference(spec.label, _readable(spec, old, shown), _readable(spec, new, shown))


def _row_differences(spec: Field, old: list[Any], new: list[Any], shown: Shown) -> Iterator[Difference]:
    olds, news = ({row["id"]: row for row in rows} for rows in (old, new))
    for number, row in enumerate(new, start=1):
        was = olds.get(row["id"])
        if was != row:
            yield Difference(f"{spec.label}, rad {number}", _row(spec, was, shown), _row(spec, row, shown))
    for number, row in enumerate(old, start=1):
        if row["id"] not in news:
            yield Difference(f"{spec.label}, rad {number}, borttagen", _row(spec, row, shown), "")
    kept = [row["id"] for row in old if row["id"] in news], [row["id"] for row in new if row["id"] in olds]
    if kept[0] != kept[1]:
        yield Difference(f"{spec.label}, ordning", "Raderna stod i en annan ordning.", "Raderna är flyttade.")


def _row(spec: Field, row: Mapping[str, Any] | None, shown: Shown) -> str:
    if row is None:
        return ""
    cells = ((column.label, _readable(column, row.get(column.key), shown)) for column in spec.columns)
    return "\n".join(f"{label}: {text}" for label, text in cells if text)


def _readable(spec: Field, value: Any, shown: Shown) -> str:
    """A stored value as a reader sees it."""
    if value in (None, "", []):
        return ""
    if spec.kind is Kind.TEXT:
        text = plain_text(str(value))
    elif spec.kind is Kind.CHOICES:
        text = ", ".join(spec.option_label(item) for item in value)
    elif spec.kind is Kind.CHOICE:
        text = spec.option_label(str(value))
    else:
        text = str(value)
    return shown(text)


def cut(text: str) -> str:
    """As much of a long text as a page shows."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)} tecken)"


def word(value: Any) -> str:
    return "" if value is None else str(value)
