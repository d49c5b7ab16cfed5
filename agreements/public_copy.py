"""The public copy: what a signed agreement says to everybody. Pure.

It is printed of a document that says {"public": {"names": …}} besides the rest: whether those who signed are named.
Everything else that names somebody is covered as it is for a reader without names (agreements.covering), and annex B4
is left out. The bytes that were signed are the archive copy's; the public copy says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from agreements.covering import covered_document, covered_facts
from agreements.fields import Kind
from contacts.rules import without_names

PUBLIC: Final = "public"
_OF_SIGNATURE: Final = ("function", "decision_reference")


def is_public(document: Mapping[str, Any]) -> bool:
    return PUBLIC in document


def as_public(document: Mapping[str, Any], *, names: bool) -> dict[str, Any]:
    """The document of a signed copy as an order for a public one."""
    return {**document, PUBLIC: {"names": names}}


def mark_of(text_hash: str, *, names: bool) -> str:
    """What a public copy is known by: the signed text, and whether its signatories are named."""
    return hashlib.sha256(mark_text(text_hash, names=names).encode()).hexdigest()


def mark_text(text_hash: str, *, names: bool) -> str:
    return f"public:{'names' if names else 'no names'}:{text_hash}"


def covered_print(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is typeset of a public copy: without B4, and without names in what was written locally."""
    names = bool(document[PUBLIC]["names"])
    text = covered_document(document["text"])
    sections = [section for section in text["sections"] if not _is_staffing(section)]
    text |= {"title": without_names(text["title"]), "sections": sections}
    return {**document, "text": text, "signatures": [_signature(row, names) for row in document["signatures"]]}


def _is_staffing(section: Mapping[str, Any]) -> bool:
    return any(block["kind"] == Kind.STAFFING for block in section["blocks"])


def _signature(row: Mapping[str, str], names: bool) -> dict[str, str]:
    return covered_facts(row, _OF_SIGNATURE) | {"name": row["name"] if names else ""}
