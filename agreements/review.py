"""The review of a proposed text, section by section: what each verdict holds for, and how far it has come. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from agreements.document import Document, canonical
from agreements.fields import Kind

ACCEPTED: Final = "accepted"
CHANGE: Final = "change"

OF_PARTIES: Final[dict[str, tuple[str, ...]]] = {
    Kind.PARTIES: ("side", "name", "unit", "org_number"),
    Kind.CASE_NUMBERS: ("name", "case_number"),
    Kind.SIGNATURES: ("name", "signing_function"),
}
"""What of the parties stands in a section, by the kinds of its blocks."""


def section_hashes(document: Document) -> dict[str, str]:
    """SHA-256 of everything a reader sees in each section: national text, local text, the facts shown there, its files.

    A file that belongs to no section is read with the first.
    """
    files: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    keys = [section["key"] for section in document["sections"]]
    for file in document.get("attachments", ()):
        files[file["section"] if file["section"] in keys else keys[0]].append(file)
    return {section["key"]: _hash(document, section, files[section["key"]]) for section in document["sections"]}


def _hash(document: Document, section: Mapping[str, Any], files: list[Mapping[str, Any]]) -> str:
    kinds = {block["kind"] for block in section["blocks"]}
    shown: Document = {"section": dict(section)}
    for kind, facts in OF_PARTIES.items():
        if kind in kinds:
            shown[kind] = [{name: party[name] for name in facts} for party in document["parties"]]
    if Kind.PERIOD in kinds:
        shown["period"] = document["period"]
    if files:
        shown["files"] = files
    return hashlib.sha256(canonical(shown)).hexdigest()


class Said(NamedTuple):
    """One party's verdict on a section; `who` is the party and the function that gave it."""

    section: str
    organisation: int
    side: str
    verdict: str
    reason: str
    text_hash: str
    who: str


class Standing(StrEnum):
    """How a section stands in the review."""

    ACCEPTED = "accepted"
    CHANGE = "change"
    CHANGED_SINCE = "changed_since"
    OPEN = "open"


@dataclass(frozen=True)
class Reviewed:
    """A section in the review: how it stands for the reviewing side, and what was said of the text as it is now."""

    key: str
    standing: Standing
    said: list[Said] = field(default_factory=list)
    earlier: list[Said] = field(default_factory=list)
    """What was said of the section when it read otherwise."""

    @property
    def reasons(self) -> list[str]:
        return [one.reason for one in self.said if one.verdict == CHANGE]


def reviewed(hashes: Mapping[str, str], said: Iterable[Said], side: str) -> dict[str, Reviewed]:
    """Each section, in the order of the hashes. What has been marked by one party of the side is not accepted by it."""
    by_section: defaultdict[str, list[Said]] = defaultdict(list)
    for one in said:
        if one.side == side:
            by_section[one.section].append(one)
    return {key: _stands(key, text_hash, by_section[key]) for key, text_hash in hashes.items()}


def _stands(key: str, text_hash: str, said: Collection[Said]) -> Reviewed:
    holds = [one for one in said if one.text_hash == text_hash]
    earlier = [one for one in said if one.text_hash != text_hash]
    verdicts = {one.verdict for one in holds}
    if CHANGE in verdicts:
        standing = Standing.CHANGE
    elif ACCEPTED in verdicts:
        standing = Standing.ACCEPTED
    else:
        standing = Standing.CHANGED_SINCE if earlier else Standing.OPEN
    return Reviewed(key, standing, holds, earlier)


@dataclass(frozen=True)
class Progress:
    """How far a review has come."""

    accepted: int
    marked: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.accepted == self.total

    @property
    def words(self) -> str:
        marked = f", {self.marked} behöver ändras" if self.marked else ""
        return f"{self.accepted} av {self.total} avsnitt godtagna{marked}"


def progress(sections: Mapping[str, Reviewed]) -> Progress:
    standings = [one.standing for one in sections.values()]
    return Progress(standings.count(Standing.ACCEPTED), standings.count(Standing.CHANGE), len(standings))


def next_open(sections: Mapping[str, Reviewed], after: str = "") -> str:
    """The next section to look at, from `after` on and round again; empty when none is left."""
    keys = list(sections)
    place = keys.index(after) + 1 if after in sections else 0
    waiting = (Standing.OPEN, Standing.CHANGED_SINCE)
    return next((key for key in [*keys[place:], *keys[:place]] if sections[key].standing in waiting), "")


def collected(sections: Mapping[str, Reviewed], numbers: Mapping[str, str], most: int) -> str:
    """The reasons of the marked sections as one text to send back with, cut at whole sections."""
    lines = [
        f"Avsnitt {numbers[key]}: {' '.join(one.reasons)}"
        for key, one in sections.items()
        if one.standing is Standing.CHANGE
    ]
    text = ""
    for place, line in enumerate(lines):
        rest = f"\n… och {len(lines) - place} avsnitt till, se granskningen."
        longer = f"{text}\n{line}" if text else line
        if len(longer) > most - (len(rest) if place < len(lines) - 1 else 0):
            return text + rest if text else line[: most - 1] + "…"
        text = longer
    return text
