"""The local fields of a template section: what kinds there are, and what is left to fill in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

Content = Mapping[str, Any]
"""A section's local content: field key → HTML string, str, ISO date, int, list of option values, or list of row dicts.

Every row dict has an "id" (short random text, stable through moves and edits) beside its column keys.
"""


class Kind(StrEnum):
    TEXT = "text"
    LINE = "line"
    NOTE = "note"
    INTEGER = "integer"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    FUNCTION = "function"
    ROWS = "rows"
    CASE_NUMBERS = "case_numbers"
    PARTIES = "parties"
    CONTACTS = "contacts"
    PERIOD = "period"
    SIGNATURES = "signatures"
    STAFFING = "staffing"


STRUCTURAL = frozenset({Kind.CASE_NUMBERS, Kind.PARTIES, Kind.CONTACTS, Kind.PERIOD, Kind.SIGNATURES, Kind.STAFFING})
"""Kinds kept in tables of their own, not in the section's content."""

PROSE = frozenset({Kind.TEXT, Kind.LINE, Kind.NOTE, Kind.FUNCTION})
"""Kinds in which people write freely, and the person-bound check reads."""


KIND_LABELS: Final[dict[Kind, str]] = {
    Kind.TEXT: "Löpande text med formatering",
    Kind.LINE: "En rad",
    Kind.NOTE: "Kort text på flera rader",
    Kind.INTEGER: "Heltal",
    Kind.DATE: "Datum",
    Kind.CHOICE: "Ett val",
    Kind.CHOICES: "Flera val",
    Kind.FUNCTION: "Funktion",
    Kind.ROWS: "Rader med kolumner",
    Kind.CASE_NUMBERS: "Diarienummer (parternas)",
    Kind.PARTIES: "Parter",
    Kind.CONTACTS: "Kontaktytor",
    Kind.PERIOD: "Giltighetstid",
    Kind.SIGNATURES: "Underskrifter",
    Kind.STAFFING: "Bemanningslista",
}
"""What each kind is called where a template is drafted, shown or compared."""


@dataclass(frozen=True)
class Condition:
    """The field is required when another field of the section has this value."""

    field: str
    value: str

    def holds(self, content: Content) -> bool:
        return content.get(self.field) == self.value


@dataclass(frozen=True)
class Field:
    key: str
    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    required_if: Condition | None = None
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple[Field, ...] = ()

    def is_required(self, content: Content) -> bool:
        return self.required or (self.required_if is not None and self.required_if.holds(content))

    def option_label(self, value: str) -> str:
        return dict(self.options).get(value, value)


class TemplatePart(Protocol):
    """A section of a template version: a row of the database, or what an editor holds before it is saved."""

    @property
    def key(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def locked(self) -> str: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...


def parse(data: Mapping[str, Any]) -> Field:
    """A field from its stored form (JSON or TOML). Raises ValueError for an unknown kind, KeyError for a lost key."""
    condition = data.get("required_if")
    return Field(
        key=data["key"],
        kind=Kind(data["kind"]),
        label=data["label"],
        help=data.get("help", ""),
        required=bool(data.get("required", False)),
        required_if=Condition(condition["field"], condition["value"]) if condition else None,
        options=tuple((value, label) for value, label in data.get("options", ())),
        columns=tuple(parse(column) for column in data.get("columns", ())),
    )


def local(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields whose content is the section's own."""
    return tuple(field for field in fields if field.kind not in STRUCTURAL)


@dataclass(frozen=True)
class Gap:
    """Something left to fill in: the field, and which row (1-based) and column when it is inside rows."""

    field: Field
    message: str
    row: int | None = None
    column: Field | None = None


def gaps(fields: tuple[Field, ...], content: Content) -> Iterator[Gap]:
    """What is left before the section can be proposed."""
    for field in local(fields):
        value = content.get(field.key)
        if field.is_required(content) and is_blank(value):
            yield Gap(field, f"{field.label} är inte ifyllt.")
        if field.kind is Kind.ROWS:
            yield from _row_gaps(field, value or [])


def _row_gaps(field: Field, rows: list[Content]) -> Iterator[Gap]:
    for number, row in enumerate(rows, start=1):
        for column in field.columns:
            if column.is_required(row) and is_blank(row.get(column.key)):
                yield Gap(field, f"{field.label}, rad {number}: {column.label} är inte ifyllt.", number, column)


def is_blank(value: Any) -> bool:
    """Whether nothing has been filled in; 0 is an answer. Rich text never holds empty markup: see html.clean_html."""
    return value is None or value == "" or value == []


def prose(fields: tuple[Field, ...], content: Content) -> Iterator[tuple[str, str]]:
    """Each freely written text as (path, text); path is "field" or "field.row_id.column"."""
    for field in local(fields):
        value = content.get(field.key)
        if field.kind in PROSE and value:
            yield field.key, value
        elif field.kind is Kind.ROWS:
            yield from _row_prose(field, value or [])


def _row_prose(field: Field, rows: list[Content]) -> Iterator[tuple[str, str]]:
    for row in rows:
        for column in field.columns:
            if column.kind in PROSE and row.get(column.key):
                yield f"{field.key}.{row['id']}.{column.key}", row[column.key]
