"""A version's text as it stood after an earlier event: what came later is taken back, the newest first. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from agreements.document import ContactLine, Document, FileLine, Head, PartyLine, SectionSource, assemble

SECTION: Final = "agreement.section_saved"
PERIOD: Final = "agreement.period_saved"
PARTIES: Final = "agreement.parties_saved"
CONTACTS: Final = "agreement.contacts_chosen"
WRITING: Final = (SECTION, PERIOD, PARTIES, CONTACTS)
"""The events that say what stood there before."""

BEGINNINGS: Final = ("agreement.started", "agreement.amended")
POINTS: Final = {
    "agreement.started": "När den började skrivas",
    "agreement.amended": "När den nya versionen började skrivas",
    "agreement.propose": "När den föreslogs",
    "agreement.send_back": "När den skickades tillbaka",
    "agreement.accept": "När den godtogs",
    "agreement.reopen": "När den öppnades igen",
    "agreement.decline": "När en underskrift avböjdes",
}
"""The events that make a point to look back to."""


class Written(Protocol):
    """An event: its type, and what stood there before it."""

    type: str
    before: dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """An event that is a point in the life of a version."""

    pk: int
    type: str
    at: datetime.datetime
    version: int | None


@dataclass(frozen=True)
class Text:
    """Everything a document is put together of."""

    head: Head
    parties: tuple[PartyLine, ...]
    sections: tuple[SectionSource, ...]
    contacts: tuple[ContactLine, ...]
    files: tuple[FileLine, ...] = ()

    @property
    def document(self) -> Document:
        return assemble(self.head, self.parties, self.sections, self.contacts, self.files)


@dataclass(frozen=True)
class Span:
    """The events of one version among its agreement's: the first, and the first that is of the next version."""

    first: int
    end: int | None

    def holds(self, event: int) -> bool:
        return self.first <= event and (self.end is None or event < self.end)


def span_of(number: int, moments: Iterable[Moment]) -> Span | None:
    """moments: the agreement's, oldest first. None for a version whose beginning is not told.

    A beginning that does not say of which version it is, is of the next one.
    """
    begun = [moment for moment in moments if moment.type in BEGINNINGS]
    for place, moment in enumerate(begun):
        if (moment.version or place + 1) == number:
            return Span(moment.pk, begun[place + 1].pk if place + 1 < len(begun) else None)
    return None


def taken_back(text: Text, events: Iterable[Written]) -> Text:
    """The text before the events. events: newest first, of those in WRITING.

    What is told of contact points is the function: its channels are those of today, where it is still chosen.
    Attached files are those of today.
    """
    for event in events:
        text = _BACK[event.type](text, event.before)
    return text


def _section(text: Text, before: Mapping[str, Any]) -> Text:
    key, content = before.get("section"), before.get("content") or {}
    sections = (replace(source, content=content) if source.key == key else source for source in text.sections)
    return replace(text, sections=tuple(sections))


def _period(text: Text, before: Mapping[str, Any]) -> Text:
    known = {key: before[key] for key in ("start", "end", "revision", "notice_months") if key in before}
    return replace(text, head=replace(text.head, **known))


def _parties(text: Text, before: Mapping[str, Any]) -> Text:
    parties = (replace(party, **before.get(party.name, {})) for party in text.parties)
    return replace(text, parties=tuple(parties))


def _contacts(text: Text, before: Mapping[str, Any]) -> Text:
    known = {(line.level, line.party, line.function): line for line in text.contacts}
    lines = []
    for facts in before.get("contacts", ()):
        place = facts["level"], facts["party"], facts["function"]
        lines.append(known.get(place) or ContactLine(*place, *[""] * 6))
    return replace(text, contacts=tuple(lines))


_BACK: Final = {SECTION: _section, PERIOD: _period, PARTIES: _parties, CONTACTS: _contacts}
