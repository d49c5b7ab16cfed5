"""A template as the agreement it would become: empty, or with example content of every kind of field. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Final

from agreements.document import ContactLine, Document, Head, PartyLine, SectionSource, assemble
from agreements.fields import KIND_LABELS, STRUCTURAL, Condition, Field, Kind, TemplatePart

PARTIES: Final = (
    PartyLine("municipality", "Exempels kommun", "Arbetsmarknadsnämnden", "", "AMN 2026/0001", "Förvaltningschef"),
    PartyLine("af", "Arbetsförmedlingen, region Exempel", "Enheten i Exempel", "", "Af-2026/0001", "Regionchef"),
)
FUNCTIONS: Final = {"municipality": "Arbetsmarknadschef", "af": "Enhetschef"}


def specimen(number: int, name: str, parts: Sequence[TemplatePart], day: datetime.date, *, filled: bool) -> Document:
    """The agreement as schema 1 of agreements.document, between two parties that do not exist."""
    sources = [
        SectionSource(p.key, p.number, p.title, p.locked, p.fields, example(p.fields) if filled else {}) for p in parts
    ]
    document = assemble(_head(number, name, day, filled=filled), PARTIES, sources, _contacts() if filled else [])
    if not filled:
        for part, section in zip(parts, document["sections"], strict=True):
            structural = {block["key"]: block for block in section["blocks"]}
            section["blocks"] = [structural.get(field.key) or blank(field) for field in part.fields]
    return document


def _head(number: int, name: str, day: datetime.date, *, filled: bool) -> Head:
    return Head(
        reference=f"Mall {number}, {'exempel' if filled else 'tom'}",
        version=1,
        title="Överenskommelse mellan Exempels kommun och Arbetsförmedlingen, region Exempel",
        template_number=number,
        template_name=name,
        start=str(day),
        end=None,
        revision=str(day.replace(year=day.year + 2, day=1)),
        notice_months=6,
    )


def _contacts() -> Iterable[ContactLine]:
    for level in ("strategic", "operative"):
        for party, domain in zip(PARTIES, ("exempel.example", "af.example"), strict=True):
            yield ContactLine(
                level=level,
                party=party.name,
                function=FUNCTIONS[party.side],
                unit=party.unit,
                mailbox=f"funktion@{domain}",
                phone="",
                sdk_address="",
                postal_address="",
                deputy="",
            )


def blank(field: Field) -> dict[str, Any]:
    """An empty field, saying what is to be filled in."""
    demand = "Fylls i lokalt" if field.required else "Fylls i vid behov"
    words = [f"{demand}: {KIND_LABELS[field.kind].lower()}."]
    if field.options:
        words.append("Alternativ: " + ", ".join(label for _, label in field.options) + ".")
    if field.columns:
        words.append("Kolumner: " + ", ".join(column.label for column in field.columns) + ".")
    if field.help:
        words.append(field.help)
    return {"key": field.key, "kind": str(Kind.NOTE), "label": field.label, "text": "\n".join(words)}


def example(fields: Sequence[Field]) -> dict[str, Any]:
    """Content that fills every field; of fields that depend on an answer, those that the answer asks for."""
    content: dict[str, Any] = {}
    for field in fields:
        if field.kind not in STRUCTURAL and _applies(field.required_if, content):
            content[field.key] = value_of(field)
    return content


def _applies(condition: Condition | None, content: dict[str, Any]) -> bool:
    return condition is None or condition.holds(content)


def value_of(field: Field, row: int = 1) -> Any:
    """An example of what may stand in a field."""
    if field.kind is Kind.ROWS:
        return [
            {"id": f"row{number}"} | {column.key: value_of(column, number) for column in field.columns}
            for number in (1, 2)
        ]
    if field.kind is Kind.TEXT:
        return f"<p>Exempeltext: {_escaped(field.label)}.</p><p>Här skriver parterna med egna ord.</p>"
    if field.kind is Kind.CHOICES:
        return [value for value, _ in field.options[:2]]
    if field.kind is Kind.CHOICE:
        return field.options[(row - 1) % len(field.options)][0] if field.options else ""
    if field.kind is Kind.INTEGER:
        return 4
    if field.kind is Kind.DATE:
        return f"2027-0{row}-15"
    if field.kind is Kind.FUNCTION:
        return FUNCTIONS["af" if field.key.startswith("af_") or field.key.endswith("_af") else "municipality"]
    return f"Exempel {row}: {field.label.lower()}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
