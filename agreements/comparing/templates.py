"""A version of the national template as a document, so that two of them can be compared like agreements. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from agreements.document import SCHEMA, Document
from agreements.fields import Field, Kind


class TemplatePart(Protocol):
    """A section of a template version: a TemplateSection row, or what an editor holds before it is saved."""

    @property
    def key(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def guidance(self) -> str: ...
    @property
    def locked(self) -> str: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...


KINDS: Final = {
    Kind.TEXT: "löpande text",
    Kind.LINE: "en rad",
    Kind.NOTE: "kort text",
    Kind.INTEGER: "heltal",
    Kind.DATE: "datum",
    Kind.CHOICE: "ett val",
    Kind.CHOICES: "flera val",
    Kind.FUNCTION: "funktion",
    Kind.ROWS: "rader",
    Kind.CASE_NUMBERS: "diarienummer",
    Kind.PARTIES: "parter",
    Kind.CONTACTS: "kontaktytor",
    Kind.PERIOD: "giltighetstid",
    Kind.SIGNATURES: "underskrifter",
    Kind.STAFFING: "bemanningslista",
}
COLUMNS: Final = {
    "Fält": Kind.LINE,
    "Slag": Kind.CHOICE,
    "Krävs": Kind.CHOICE,
    "Hjälptext": Kind.NOTE,
    "Alternativ": Kind.NOTE,
    "Kolumner": Kind.NOTE,
}


def template_as_document(number: int, name: str, sections: Iterable[TemplatePart]) -> Document:
    """Locked text, guidance and local fields, each field a row known by its key."""
    return {
        "schema": SCHEMA,
        "reference": "",
        "version": number,
        "title": "",
        "template": {"number": number, "name": name},
        "period": {"start": None, "end": None, "revision": None, "notice_months": None},
        "parties": [],
        "sections": [_section(section) for section in sections],
    }


def _section(section: TemplatePart) -> dict[str, object]:
    blocks: list[dict[str, object]] = []
    if section.guidance.strip():
        blocks.append({"key": "guidance", "kind": "text", "label": "Vägledning", "html": section.guidance})
    if section.fields:
        blocks.append(
            {
                "key": "fields",
                "kind": "rows",
                "label": "Fylls i lokalt",
                "columns": list(COLUMNS),
                "kinds": [str(kind) for kind in COLUMNS.values()],
                "rows": [_row(field) for field in section.fields],
                "ids": [field.key for field in section.fields],
            }
        )
    return {
        "key": section.key,
        "number": section.number,
        "title": section.title,
        "locked": section.locked,
        "blocks": blocks,
    }


def _row(field: Field) -> list[str]:
    return [
        field.label,
        KINDS[field.kind],
        _required(field),
        field.help,
        "\n".join(label for _, label in field.options),
        "\n".join(_column(column) for column in field.columns),
    ]


def _required(field: Field) -> str:
    if field.required_if:
        return f"när {field.required_if.field} är {field.required_if.value}"
    return "ja" if field.required else "nej"


def _column(column: Field) -> str:
    return f"{column.label} ({KINDS[column.kind]}{', krävs' if column.required else ''})"
