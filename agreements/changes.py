"""Which sections of a new version differ from the one before it: told by the hash of what each holds. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from agreements.document import Document
from agreements.fields import Kind

FROM_HEAD: Final[Mapping[str, tuple[str, ...]]] = {
    Kind.PERIOD: ("period",),
    Kind.PARTIES: ("parties",),
    Kind.CASE_NUMBERS: ("parties",),
    Kind.SIGNATURES: ("parties",),
}
"""Blocks that show what stands in the document's head, and which part of it."""
OF_PARTY: Final[Mapping[str, tuple[str, ...]]] = {
    Kind.PARTIES: ("side", "name", "unit", "org_number"),
    Kind.CASE_NUMBERS: ("name", "case_number"),
    Kind.SIGNATURES: ("name", "signing_function"),
}
"""What of a party each kind of block shows."""


class Difference(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True)
class Change:
    """A section of the new version, and how it stands to the same section before; gone: one that is no more."""

    key: str
    number: str
    title: str
    difference: Difference
    national: bool = False
    """The national text differs."""
    local: bool = False
    """What the parties have written differs."""


def hash_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def local_hash(section: Mapping[str, Any], document: Document) -> str:
    """Of everything that the parties have written and that is shown in the section."""
    return hash_of([[block, *_head(block["kind"], document)] for block in section["blocks"]])


def _head(kind: str, document: Document) -> Iterator[Any]:
    for part in FROM_HEAD.get(kind, ()):
        shown = OF_PARTY.get(kind)
        value = document[part]
        yield [{key: party[key] for key in shown} for party in value] if shown else value


def changes(old: Document, new: Document) -> list[Change]:
    """Every section of the new document, in its order."""
    before = {section["key"]: section for section in old["sections"]}
    found = []
    for section in new["sections"]:
        was = before.get(section["key"])
        national = was is not None and hash_of(was["locked"]) != hash_of(section["locked"])
        local = was is not None and local_hash(was, old) != local_hash(section, new)
        difference = Difference.NEW if was is None else Difference.CHANGED if national or local else Difference.SAME
        found.append(Change(section["key"], section["number"], section["title"], difference, national, local))
    return found


def gone(old: Document, new: Document) -> list[str]:
    """The sections that the new document has no place for, as their headings."""
    kept = {section["key"] for section in new["sections"]}
    return [f"{row['number']} {row['title']}" for row in old["sections"] if row["key"] not in kept]
