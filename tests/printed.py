"""A whole agreement to print, made from the national template by hand: no database is needed to test the printing."""

from __future__ import annotations

import io
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pypdf

from agreements import pdf
from agreements.document import ContactLine, Document, Head, PartyLine, SectionSource, assemble, text_hash
from agreements.fields import Field, Kind, parse

TEMPLATE = Path(__file__).parent.parent / "agreements" / "data" / "national_template_1"
RICH = (
    "<p>Unga saknar ofta gymnasieutbildning. Gáldu đŋ på nordsamiska.</p><h3>Läget i Åre</h3>"
    "<ul><li>Vården söker folk</li><li>Även <strong>industrin</strong></li></ul>"
)
WRITTEN = {
    Kind.TEXT: RICH,
    Kind.LINE: "Jobbspår inom vård och omsorg",
    Kind.NOTE: "Första raden.\nAndra raden.",
    Kind.INTEGER: 4,
    Kind.DATE: "2027-05-15",
    Kind.FUNCTION: "Förvaltningschef arbetsmarknad",
}
PARTIES = (
    PartyLine(
        "municipality", "Östersunds kommun", "Arbetsmarknadsnämnden", "212000-2528", "AMN 2026/118", "Förvaltningschef"
    ),
    PartyLine(
        "af", "Arbetsförmedlingen, region Nord", "Lokal samverkan", "202100-2114", "Af-2026/0042 1187", "Regionchef"
    ),
)
CODE = "7F3K-9QX2-M4TJ"
EMPTY_SECTIONS = ("annex_mapping", "communication")


def _value(field: Field) -> Any:
    if field.kind is Kind.CHOICE:
        return field.options[0][0]
    if field.kind is Kind.CHOICES:
        return [value for value, _label in field.options]
    if field.kind is Kind.ROWS:
        return [{column.key: _value(column) for column in field.columns} | {"id": f"row{i}"} for i in range(3)]
    return WRITTEN[field.kind]


@cache
def _template() -> tuple[dict[str, Any], ...]:
    files = [path for path in sorted(TEMPLATE.glob("*.toml")) if path.name != "version.toml"]
    return tuple(tomllib.loads(path.read_text()) for path in files)


def _source(data: dict[str, Any], local: dict[str, Any]) -> SectionSource:
    fields = tuple(parse(field) for field in data.get("fields", ()))
    content = {field.key: _value(field) for field in fields if field.kind in WRITTEN or field.options or field.columns}
    content = {} if data["key"] in EMPTY_SECTIONS else content | local
    return SectionSource(data["key"], data["number"], data["title"], data["locked"].strip(), fields, content)


def contact(level: str, party: str, number: int = 0) -> ContactLine:
    return ContactLine(
        level=level,
        party=party,
        function=f"Samordnare {number}",
        unit="Arbetsmarknadsenheten",
        mailbox="arbetsmarknad@ostersund.se",
        phone="063-14 30 00",
        sdk_address="0203:arbetsmarknad.ostersund.se",
        postal_address="Rådhusgatan 23, 831 82 Östersund",
        deputy="Enhetschef",
    )


def text(*, contacts: int = 1, only: tuple[str, ...] = (), **local: dict[str, Any]) -> Document:
    """The whole agreement, or only some sections; local: section key → content that replaces the sample's."""
    head = Head(
        reference="ÖK-2026-0042",
        version=1,
        title="Överenskommelse om samverkan mellan Östersunds kommun och Arbetsförmedlingen",
        template_number=1,
        template_name="Nationell mall för överenskommelse, version 1",
        start="2026-12-01",
        end="2028-12-31",
        revision="2027-12-01",
        notice_months=6,
    )
    kept = [data for data in _template() if not only or data["key"] in only]
    sources = [_source(data, local.get(data["key"], {})) for data in kept]
    lines = [
        contact(level, party.name, number)
        for level in ("strategic", "operative", "support")
        for party in PARTIES
        for number in range(contacts)
    ]
    return assemble(head, PARTIES, sources, lines)


def signed(**how: Any) -> dict[str, Any]:
    document = text(**how)
    return {
        "text": document,
        "text_hash": text_hash(document),
        "signatures": [
            {
                "party": party.name,
                "name": name,
                "function": party.signing_function,
                "decision": "Delegationsbeslut",
                "decision_reference": "AMN 2026/118 § 27",
                "decision_date": "2026-11-14",
                "method": "Undertecknad i portalen",
                "signed_at": at,
            }
            for party, name, at in zip(
                PARTIES,
                ("Karl Chef", "Eva Regionchef"),
                ("2026-11-21T09:30:00+01:00", "2026-11-22T13:00:00+01:00"),
                strict=True,
            )
        ],
    }


def proven(**how: Any) -> dict[str, Any]:
    """As signed, where it is kept how the signatories showed who they were, and that one signed for somebody else."""
    document = signed(**how)
    words = {"words": "Lösenord och engångskod (nivå: två faktorer)", "method": "totp", "level": "two_factor"}
    behalf = {"name": "Anna Direktör", "function": "Kommundirektör", "decision": "D 14, 2026-03-02"}
    rows = [row | {"proof": words | {"at": row["signed_at"]}} for row in document["signatures"]]
    return document | {"signatures": [rows[0] | {"on_behalf_of": behalf}, *rows[1:]]}


def draft(**how: Any) -> dict[str, Any]:
    document = text(**how)
    return {
        "text": document,
        "text_hash": text_hash(document),
        "signatures": [],
        "ordered_at": "2026-11-20T08:00:00+01:00",
    }


@cache
def copy(variant: str) -> bytes:
    """The sample as PDF, made once for all tests that only look at it."""
    code = CODE if variant == "archive" else ""
    return pdf.render(draft() if variant == "draft" else signed(), variant=variant, demo=False, code=code)


@cache
def pages(content: bytes) -> list[str]:
    """The text of each page, with words that were parted at a line's end put together again."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    return [" ".join(page.extract_text().replace("‐\n", "").split()) for page in reader.pages]


@cache
def lines(content: bytes) -> str:
    """The text line by line as it stands on the paper, so that numbers and bullets come before what they mark."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    found = "\n".join(page.extract_text(extraction_mode="layout") for page in reader.pages).splitlines()
    return "\n".join(" ".join(line.split()) for line in found)


def whole_text(content: bytes) -> str:
    return " ".join(pages(content))
