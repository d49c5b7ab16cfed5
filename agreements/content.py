"""Cleaning of what people write into a section: the one gate for editor, import and API. Pure."""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from agreements.fields import Field, Kind, local
from agreements.html import clean_html, plain_text
from contacts.personbound import find_identity_numbers

MAX_LENGTH = {Kind.TEXT: 50_000, Kind.NOTE: 5_000, Kind.LINE: 300, Kind.FUNCTION: 150}
"""Characters, counted in the plain text."""
MAX_ROWS = 200
MAX_INTEGER = 1_000_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ROW_ID = re.compile(r"[a-z0-9]{4,16}")


class InvalidContent(Exception):
    """What was written can't be saved. errors: path ("field", or "field.index.column") → Swedish message."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def tidy(fields: tuple[Field, ...], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The content as it is stored: sanitised, typed, blank values left out.

    Raises InvalidContent for a field that is not local in this section (locked text posted by hand),
    for wrong types, for too long texts and for personnummer (rule N15).
    """
    own = {field.key: field for field in local(fields)}
    errors = {key: "Den här delen är nationell text och kan inte ändras." for key in raw if key not in own}
    cleaned: dict[str, Any] = {}
    for key, field in own.items():
        if key in raw:
            _collect(cleaned, errors, key, field, raw[key])
    if errors:
        raise InvalidContent(errors)
    return cleaned


def passable(
    fields: tuple[Field, ...], raw: Mapping[str, Any], stored: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The content with what can be saved of what was written, and the complaints about the rest, which is as stored.

    Raises InvalidContent for what is no local field of the section.
    """
    try:
        return tidy(fields, raw), {}
    except InvalidContent as invalid:
        complaints = invalid.errors
    spared = dict(raw)
    for path in complaints:
        key, *inner = path.split(".")
        if inner:
            spared[key] = _with_stored_cell(spared[key], stored.get(key) or [], int(inner[0]), inner[1])
        elif key in stored:
            spared[key] = stored[key]
        elif any(field.key == key for field in local(fields)):
            del spared[key]
    return tidy(fields, spared), complaints


def _with_stored_cell(rows: Any, stored: list[Mapping[str, Any]], index: int, column: str) -> list[dict[str, Any]]:
    """The rows with one cell as it is stored, or blank in a row that is not."""
    changed = [dict(row) for row in rows]
    known = next((row for row in stored if row["id"] == changed[index].get("id")), {})
    changed[index][column] = known.get(column)
    return changed


def _collect(cleaned: dict[str, Any], errors: dict[str, str], path: str, field: Field, value: Any) -> None:
    """Clean one value into `cleaned`, or its complaint into `errors`."""
    if field.kind is Kind.ROWS:
        value = _rows(errors, path, field, value)
    else:
        try:
            value = CLEANERS[field.kind](field, value)
        except ValueError as complaint:
            errors[path] = str(complaint)
            return
    if value not in ("", None, []):
        cleaned[field.key] = value


def _rows(errors: dict[str, str], path: str, field: Field, rows: Any) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        errors[path] = "Raderna kunde inte läsas."
        return []
    if len(rows) > MAX_ROWS:
        errors[path] = f"Högst {MAX_ROWS} rader får plats."
        return []
    kept: list[dict[str, Any]] = []
    for index, row in enumerate(rows):
        cleaned: dict[str, Any] = {}
        for column in field.columns:
            _collect(cleaned, errors, f"{path}.{index}.{column.key}", column, row.get(column.key))
        if cleaned:
            kept.append(cleaned | {"id": row_id(row.get("id"), taken={other["id"] for other in kept})})
    return kept


def row_id(given: Any, taken: set[str]) -> str:
    """The row's own id when it has a good one, else a new one."""
    if isinstance(given, str) and _ROW_ID.fullmatch(given) and given not in taken:
        return given
    return secrets.token_hex(4)


def carried(fields: tuple[Field, ...], content: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Content written for another template version as far as it fits these fields, and the keys of what does not."""
    own = {field.key: field for field in local(fields)}
    kept: dict[str, Any] = {}
    lost = []
    for key, value in content.items():
        fitted, whole = _fitted(own[key], value) if key in own else (None, False)
        if fitted not in (None, "", []):
            kept[key] = fitted
        if not whole:
            lost.append(key)
    return tidy(fields, kept), lost


def _fitted(field: Field, value: Any) -> tuple[Any, bool]:
    """The part of a stored value that the field takes, and whether that is all of it."""
    if field.kind is Kind.ROWS:
        return _fitted_rows(field, value)
    if field.kind is Kind.CHOICES and isinstance(value, list):
        known = [item for item in value if item in dict(field.options)]
        return known, known == value
    try:
        return CLEANERS[field.kind](field, value), True
    except ValueError:
        return None, False


def _fitted_rows(field: Field, rows: Any) -> tuple[list[dict[str, Any]], bool]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return [], False
    columns = {column.key: column for column in field.columns}
    kept, whole = [], True
    for row in rows:
        cells = {"id": row.get("id")}
        for key, value in row.items():
            fitted, complete = _fitted(columns[key], value) if key in columns else (None, key == "id")
            whole = whole and complete
            if fitted is not None:
                cells[key] = fitted
        kept.append(cells)
    return kept, whole


PARTY_LIMITS = {"unit": 200, "org_number": 11, "case_number": 60, "signing_function": 120}
"""The facts of a party that can be written, and how long each may be."""
_ORG_NUMBER = re.compile(r"([0-9]{2}[2-9][0-9]{3})-?([0-9]{4})")
"""The third digit tells an organisation from a person."""


def tidy_party(facts: Mapping[str, Any]) -> dict[str, str]:
    """A party's facts as they are stored. Raises InvalidContent."""
    errors: dict[str, str] = {}
    cleaned: dict[str, str] = {}
    for name, value in facts.items():
        try:
            cleaned[name] = _party_fact(name, value)
        except ValueError as complaint:
            errors[name] = str(complaint)
    if errors:
        raise InvalidContent(errors)
    return cleaned


def _party_fact(name: str, value: Any) -> str:
    if name not in PARTY_LIMITS:
        raise ValueError("Uppgiften hör inte till överenskommelsens parter.")
    text = clean_line(_string(value))
    if name == "org_number" and text:
        found = _ORG_NUMBER.fullmatch(text.replace(" ", ""))
        if found is None:
            raise ValueError("Skriv organisationsnumret med tio siffror, till exempel 212000-2528.")
        return "-".join(found.groups())
    _refuse_long(text, PARTY_LIMITS[name])
    _refuse_identity_number(text)
    return text


def clean_line(text: str) -> str:
    """One line without control and direction characters."""
    return " ".join(_CONTROL.sub("", text).split())


def _prose(field: Field, plain: str) -> None:
    _refuse_long(plain, MAX_LENGTH[field.kind])
    _refuse_identity_number(plain)


def _refuse_long(plain: str, limit: int) -> None:
    if len(plain) > limit:
        raise ValueError(f"Texten är {len(plain)} tecken lång. Högst {limit} får plats.")


def _refuse_identity_number(plain: str) -> None:
    numbers = find_identity_numbers(plain)
    if numbers:
        raise ValueError(
            f"”{numbers[0].text}” ser ut som ett personnummer. Ta bort det: "
            "överenskommelsen får inte innehålla uppgifter om enskilda."
        )


def _string(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("Värdet kunde inte läsas.")
    return value


def _rich(field: Field, value: Any) -> str:
    html = clean_html(_string(value))
    plain = plain_text(html)
    _prose(field, plain)
    return html if plain.strip() else ""


def _line(field: Field, value: Any) -> str:
    text = clean_line(_string(value))
    _prose(field, text)
    return text


def _note(field: Field, value: Any) -> str:
    text = _CONTROL.sub("", _string(value).replace("\r\n", "\n")).strip()
    _prose(field, text)
    return text


def _integer(field: Field, value: Any) -> int | None:
    text = str(value if value is not None else "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) > MAX_INTEGER:
        raise ValueError("Skriv ett heltal med siffror.")
    return int(text)


def _date(field: Field, value: Any) -> str:
    text = _string(value).strip()
    if not text:
        return ""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("Skriv datumet som ÅÅÅÅ-MM-DD.") from None


def _choice(field: Field, value: Any) -> str:
    text = _string(value)
    if text and text not in dict(field.options):
        raise ValueError("Välj ett av alternativen.")
    return text


def _choices(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or any(item not in dict(field.options) for item in value):
        raise ValueError("Välj bland alternativen.")
    return [option for option, _label in field.options if option in value]


CLEANERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _rich,
    Kind.LINE: _line,
    Kind.NOTE: _note,
    Kind.FUNCTION: _line,
    Kind.INTEGER: _integer,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
}
