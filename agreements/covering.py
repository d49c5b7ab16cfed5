"""An agreement as a reader who may not see names is shown it. Pure.

One rule for page, list and history: contacts.rules.without_names on everything that somebody has typed. National text,
labels, dates and the parties' own names are nobody's to fill in and stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any, Final, TypeVar

from agreements.document import Document
from agreements.html import cover, readable
from agreements.models import Party, Signature, TemplateSection
from contacts.rules import HIDDEN, names_in, without_names

Row = TypeVar("Row", Party, Signature)

_OF_PARTY: Final = ("unit", "case_number", "signing_function")
_OF_FILE: Final = ("title", "name")
_OF_SIGNATURE: Final = ("function", "decision_reference", "behalf_function", "behalf_decision")

Signed = tuple[Party, Signature | None]


def covered_document(document: Document) -> Document:
    """The document without names in what was written locally."""
    files = [covered_facts(file, _OF_FILE) for file in document.get("attachments", ())]
    covered = document | {"attachments": files} if files else document
    return covered | {
        "parties": [covered_facts(party, _OF_PARTY) for party in document["parties"]],
        "sections": [
            section | {"blocks": [_block(block) for block in section["blocks"]]} for section in document["sections"]
        ],
    }


def covered_facts(facts: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    return {**facts} | {key: without_names(facts[key]) for key in keys}


def _block(block: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(block)
    if "html" in block:
        shown["html"] = _rich(block["html"])
    elif "text" in block:
        shown["text"] = without_names(block["text"])
    elif "rows" in block:
        shown["rows"] = [[without_names(cell) for cell in row] for row in block["rows"]]
    elif "groups" in block:
        shown["groups"] = [
            {**group, "contacts": [covered_facts(contact, contact) for contact in group["contacts"]]}
            for group in block["groups"]
        ]
    return shown


def covered_national(document: Document, template: Iterable[TemplateSection]) -> Document:
    """The document without names in national text that is not the template's own; what is stays as it is."""
    known = {section.key: section.locked for section in template}
    return document | {
        "sections": [
            section
            if section["locked"] == known.get(section["key"])
            else section | {"locked": _rich(section["locked"])}
            for section in document["sections"]
        ]
    }


def _rich(markup: str) -> str:
    return cover(markup, names_in(readable(markup)), HIDDEN)


def covered_parties(parties: Iterable[Signed]) -> list[Signed]:
    """Parties and their signatures as they may be shown: copies, since the rows themselves are never changed."""
    return [
        (_with_covered(party, _OF_PARTY), _with_covered(signature, _OF_SIGNATURE) if signature else None)
        for party, signature in parties
    ]


def _with_covered(row: Row, names: Iterable[str]) -> Row:
    shown = copy(row)
    for name in names:
        setattr(shown, name, without_names(getattr(row, name)))
    if isinstance(shown, Signature):
        shown.name = shown.behalf_name = ""
    return shown
