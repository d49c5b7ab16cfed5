"""A version of the national template as a document, so that two of them can be compared like agreements. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from agreements.document import SCHEMA, Document
from agreements.fields import KIND_LABELS, Field, Kind, TemplatePart


class GuidedPart(TemplatePart, Protocol):
    """With the guidance that stands beside it while somebody writes."""

    @property
    def guidance(self) -> str: ...


COLUMNS: Final = {
    "Fält": Kind.LINE,
    "Slag": Kind.CHOICE,
    "Krävs": Kind.CHOICE,
    "Hjälptext": Kind.NOTE,
    "Alternativ": Kind.NOTE,
    "Kolumner": Kind.NOTE,
}


def template_as_document(number: int, name: str, sections: Iterable[GuidedPart]) -> Document:
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


def _section(section: GuidedPart) -> dict[str, object]:
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
        KIND_LABELS[field.kind].lower(),
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
    return f"{column.label} ({KIND_LABELS[column.kind].lower()}{', krävs' if column.required else ''})"
