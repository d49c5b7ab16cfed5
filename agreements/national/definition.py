"""The local fields of a template section as they are stored, and what SKR can't let them be. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from agreements.content import clean_line
from agreements.fields import KIND_LABELS, STRUCTURAL, Field, Kind
from contacts.personbound import find_identity_numbers

IN_ROWS: Final = (Kind.LINE, Kind.NOTE, Kind.FUNCTION, Kind.INTEGER, Kind.DATE, Kind.CHOICE)
"""What a column can be."""
CHOOSING: Final = frozenset({Kind.CHOICE, Kind.CHOICES})
LONGEST: Final = {"label": 150, "help": 400, "option": 150}
MOST: Final = {"fields": 40, "columns": 15, "options": 40}

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")

Known = Mapping[str, tuple[str, int]]
"""Paths of a section's fields in published versions, "goals" or "goals.target": their kind, and in which version."""
Errors = dict[str, str]


class InvalidDefinition(Exception):
    """The fields can't be saved. errors: "index.part" or "index.columns.index.part" → Swedish message."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def stored(field: Field) -> dict[str, Any]:
    """A field in its stored form: what fields.parse reads."""
    data: dict[str, Any] = {"key": field.key, "kind": str(field.kind), "label": field.label}
    if field.help:
        data["help"] = field.help
    data["required"] = field.required
    if field.required_if is not None:
        data["required_if"] = {"field": field.required_if.field, "value": field.required_if.value}
    if field.options:
        data["options"] = [list(option) for option in field.options]
    if field.columns:
        data["columns"] = [stored(column) for column in field.columns]
    return data


def paths(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    """The path and kind of every field and column."""
    for field in fields:
        yield field.key, str(field.kind)
        for column in field.columns:
            yield f"{field.key}.{column.key}", str(column.kind)


def key_of(label: str, taken: Collection[str] = ()) -> str:
    """A key made of a label: lower case letters, digits and underscores, unlike those that are taken."""
    plain = unicodedata.normalize("NFKD", label.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:32].strip("_")
    if not base or not base[0].isalpha():
        base = f"x_{base}".strip("_")
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def checked(raw: Sequence[Mapping[str, Any]], known: Known) -> list[dict[str, Any]]:
    """The fields as they are stored, keys made where none was given. Raises InvalidDefinition."""
    errors: Errors = {}
    rows = _with_keys(raw, MOST["fields"], errors, "")
    for index, row in enumerate(rows):
        _check(row, rows, errors, f"{index}.", known, row["key"], tuple(Kind))
        if row["kind"] == Kind.ROWS:
            columns = _with_keys(row.get("columns", ()), MOST["columns"], errors, f"{index}.columns.")
            for place, column in enumerate(columns):
                at = f"{index}.columns.{place}."
                _check(column, columns, errors, at, known, f"{row['key']}.{column['key']}", IN_ROWS)
            row["columns"] = [_whole(column) for column in columns]
        else:
            row.pop("columns", None)
    if errors:
        raise InvalidDefinition(errors)
    return [_whole(row) for row in rows]


def _with_keys(raw: Iterable[Mapping[str, Any]], most: int, errors: Errors, at: str) -> list[dict[str, Any]]:
    rows = [dict(row) for row in raw]
    if len(rows) > most:
        errors[f"{at}{most}.label"] = f"Högst {most} får plats."
    given = {row["key"] for row in rows if row.get("key")}
    for row in rows:
        row["label"] = clean_line(str(row.get("label") or ""))
        if not row.get("key"):
            row["key"] = key_of(row["label"], given)
            given.add(row["key"])
    return rows


def _check(
    row: dict[str, Any],
    rows: Sequence[Mapping[str, Any]],
    errors: Errors,
    at: str,
    known: Known,
    path: str,
    kinds: Collection[Kind],
) -> None:
    """Clean one field in place, each complaint at its part."""
    for part, complaint in (
        ("key", _key_complaint(row, rows)),
        ("kind", _kind_complaint(row, known.get(path), kinds)),
        ("label", _text_complaint(row["label"], LONGEST["label"]) or ("" if row["label"] else "Ge fältet en rubrik.")),
    ):
        if complaint:
            errors[f"{at}{part}"] = complaint
    row["help"] = clean_line(str(row.get("help") or ""))
    if complaint := _text_complaint(row["help"], LONGEST["help"]):
        errors[f"{at}help"] = complaint
    row["options"] = _options(row) if row.get("kind") in CHOOSING else []
    if row.get("kind") in CHOOSING and (complaint := _options_complaint(row["options"])):
        errors[f"{at}options"] = complaint
    if row.get("required_if") and (complaint := _condition_complaint(row, rows)):
        errors[f"{at}required"] = complaint


def _key_complaint(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    if not _KEY.fullmatch(str(row["key"])):
        return "Nyckeln skrivs med små bokstäver a–z, siffror och understreck, och börjar med en bokstav."
    first = next(other for other in rows if other["key"] == row["key"])
    if first is not row:
        return f"Nyckeln används redan av fältet {first['label'] or first['key']}. Ge fältet en annan nyckel."
    return ""


def _kind_complaint(row: Mapping[str, Any], before: tuple[str, int] | None, kinds: Collection[Kind]) -> str:
    kind = row.get("kind")
    if kind not in kinds:
        return "Välj vilken sorts fält det är."
    if before is not None and before[0] != kind:
        was = KIND_LABELS[Kind(before[0])].lower()
        return (
            f"Nyckeln {row['key']} bär ett annat slags fält i mall {before[1]} ({was}). "
            "Text därifrån skulle hamna fel. Ta bort fältet och lägg till ett nytt med en egen nyckel."
        )
    return ""


def _text_complaint(text: str, limit: int) -> str:
    if len(text) > limit:
        return f"Texten är {len(text)} tecken lång. Högst {limit} får plats."
    return "Det här ser ut som ett personnummer. Ta bort det." if find_identity_numbers(text) else ""


def _options(row: Mapping[str, Any]) -> list[list[str]]:
    """Each option with its value, made of its words where none was given."""
    found: list[list[str]] = []
    for value, label in row.get("options") or ():
        taken = {other for other, _ in found}
        found.append([value or key_of(label, taken), clean_line(label)])
    return found


def _options_complaint(options: Sequence[Sequence[str]]) -> str:
    values, labels = [value for value, _ in options], [label for _, label in options]
    if len(options) < 2:
        return "Skriv minst två alternativ, ett per rad."
    if len(options) > MOST["options"]:
        return f"Högst {MOST['options']} alternativ får plats."
    for what, words in (("Nyckeln", values), ("Alternativet", labels)):
        twice = next((word for word in words if words.count(word) > 1), None)
        if twice is not None:
            return f"{what} ”{twice}” står två gånger."
    if bad := next((value for value in values if not _KEY.fullmatch(value)), None):
        return f"Nyckeln ”{bad}” skrivs med små bokstäver a–z, siffror och understreck."
    if not all(labels):
        return "Ett alternativ saknar text efter kolonet."
    return next((found for label in labels if (found := _text_complaint(label, LONGEST["option"]))), "")


def _condition_complaint(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    condition = row["required_if"]
    target = next((other for other in rows if other["key"] == condition["field"]), None)
    if target is None:
        return "Fältet som kravet beror på finns inte här längre. Välj ett annat krav."
    if target is row:
        return "Ett fälts krav kan inte bero på fältet självt."
    if target.get("kind") != Kind.CHOICE:
        return f"Kravet kan bara bero på ett fält av sorten {KIND_LABELS[Kind.CHOICE].lower()}."
    if condition["value"] not in [value for value, _ in _options(target)]:
        return f"Alternativet som kravet beror på finns inte i fältet {target['label']}."
    return ""


def _whole(row: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form, without what does not belong to the kind."""
    data = {"key": row["key"], "kind": str(row["kind"]), "label": row["label"]}
    if row["help"]:
        data["help"] = row["help"]
    data["required"] = bool(row.get("required"))
    if row.get("required_if"):
        data |= {"required": False, "required_if": dict(row["required_if"])}
    if row["options"]:
        data["options"] = row["options"]
    if row.get("columns"):
        data["columns"] = row["columns"]
    return data


def is_structural(kind: str) -> bool:
    return Kind(kind) in STRUCTURAL
