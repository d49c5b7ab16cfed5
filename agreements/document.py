"""The agreement as one plain document: what is shown, frozen, hashed and printed. Pure.

Schema 1 of the JSON (every key always present):
  reference, version, title, template {number, name}, period {start, end, revision, notice_months},
  parties [{side, name, unit, org_number, case_number, signing_function}],
  sections [{key, number, title, locked, blocks [{key, kind, label, …}]}]
Blocks by kind:
  text {html} · line, note, integer, date, choice, function {text} · choices {items [str]}
  rows {columns [str], kinds [str], rows [[str]], ids [str]}
  contacts {groups [{level, party, contacts [{function, unit, mailbox, phone, sdk_address, postal_address, deputy}]}]}
  parties, case_numbers, period, signatures, staffing {}: shown from the document's head, the signature rows,
  or the living staffing list
Schema 2 is the same and has attachments [{title, name, section, kind, size, sha256}], one at least. An agreement
without attached files is still schema 1, so that its text hashes as it always has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from agreements.fields import Content, Field, Kind, is_blank

SCHEMA = 1
WITH_FILES = 2
"""The schema of an agreement that has attached files: what is signed then names each of them by its hash."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Head:
    reference: str
    version: int
    title: str
    template_number: int
    template_name: str
    start: str | None
    end: str | None
    revision: str | None
    notice_months: int | None


@dataclass(frozen=True)
class PartyLine:
    side: str
    name: str
    unit: str
    org_number: str
    case_number: str
    signing_function: str


@dataclass(frozen=True)
class ContactLine:
    """A contact point as printed: the function and its channels, never a holder."""

    level: str
    party: str
    function: str
    unit: str
    mailbox: str
    phone: str
    sdk_address: str
    postal_address: str
    deputy: str


@dataclass(frozen=True)
class FileLine:
    """An attached file as it is signed and printed."""

    title: str
    name: str
    section: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True)
class SectionSource:
    key: str
    number: str
    title: str
    locked: str
    fields: tuple[Field, ...]
    content: Content


def assemble(
    head: Head,
    parties: Iterable[PartyLine],
    sections: Iterable[SectionSource],
    contacts: Iterable[ContactLine],
    files: Iterable[FileLine] = (),
) -> Document:
    """The whole agreement; the same input gives the same document, byte for byte."""
    lines = list(contacts)
    attached = [asdict(file) for file in files]
    document = {
        "schema": WITH_FILES if attached else SCHEMA,
        "reference": head.reference,
        "version": head.version,
        "title": head.title,
        "template": {"number": head.template_number, "name": head.template_name},
        "period": {
            "start": head.start,
            "end": head.end,
            "revision": head.revision,
            "notice_months": head.notice_months,
        },
        "parties": [asdict(party) for party in parties],
        "sections": [_section(source, lines) for source in sections],
    }
    return document | {"attachments": attached} if attached else document


def _section(source: SectionSource, contacts: list[ContactLine]) -> dict[str, Any]:
    blocks = [_block(field, source.content, contacts) for field in source.fields]
    return {
        "key": source.key,
        "number": source.number,
        "title": source.title,
        "locked": source.locked,
        "blocks": [block for block in blocks if block is not None],
    }


def _block(field: Field, content: Content, contacts: list[ContactLine]) -> dict[str, Any] | None:
    """The field as a block; None for an own field with nothing in it."""
    block = {"key": field.key, "kind": str(field.kind), "label": field.label}
    if field.kind is Kind.CONTACTS:
        return block | {"groups": contact_groups(contacts)}
    value: Any = content.get(field.key)
    if is_blank(value):
        return block if field.kind in _FROM_HEAD else None
    if field.kind is Kind.TEXT:
        return block | {"html": value}
    if field.kind is Kind.CHOICES:
        return block | {"items": [field.option_label(item) for item in value]}
    if field.kind is Kind.ROWS:
        return block | _rows(field, value)
    return block | {"text": _text(field, value)}


_FROM_HEAD = frozenset({Kind.PARTIES, Kind.CASE_NUMBERS, Kind.PERIOD, Kind.SIGNATURES, Kind.STAFFING})


def _rows(field: Field, rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "columns": [column.label for column in field.columns],
        "kinds": [str(column.kind) for column in field.columns],
        "rows": [[_text(column, row.get(column.key)) for column in field.columns] for row in rows],
        "ids": [row["id"] for row in rows],
    }


def _text(field: Field, value: Any) -> str:
    if is_blank(value):
        return ""
    return field.option_label(value) if field.kind is Kind.CHOICE else str(value)


def contact_groups(contacts: Iterable[ContactLine]) -> list[dict[str, Any]]:
    """Contacts in the order given, put together by level and party."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for line in contacts:
        facts = asdict(line)
        key = (facts.pop("level"), facts.pop("party"))
        groups.setdefault(key, []).append(facts)
    return [{"level": level, "party": party, "contacts": lines} for (level, party), lines in groups.items()]


def canonical(document: Document) -> bytes:
    """The bytes that are hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


FORMAT: Final = "overenskommelse"
WITH_MORE: Final = 3
"""The schema of the attached file when a signature says how its signatory proved who it was, on whose behalf it is, or
in which file it stands. A file without is still schema 1, so that copies made before are made the same again.
"""
MORE: Final = frozenset({"proof", "on_behalf_of", "file"})


def attached(printed: Mapping[str, Any]) -> bytes:
    """What lies inside the archive copy: the signed text, its hash and the signatures (docs/agreement-schema.md)."""
    schema = WITH_MORE if any(MORE & row.keys() for row in printed["signatures"]) else SCHEMA
    whole = {"format": FORMAT, "schema": schema, **{key: printed[key] for key in ("text", "text_hash", "signatures")}}
    return canonical(whole)


def locked_hash(sections: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of the national text: each section's key and locked text, in order."""
    joined = json.dumps(list(sections), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(joined.encode()).hexdigest()


def locked_hash_of(document: Document) -> str:
    """The same of a whole document."""
    return locked_hash((section["key"], section["locked"]) for section in document["sections"])


def text_hash(document: Document) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()
