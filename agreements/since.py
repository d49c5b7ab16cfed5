"""What has been written in an agreement since a moment in its history, told as one change for each thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agreements.fields import Kind
from agreements.models import TemplateSection
from agreements.presenters import Line, Section, present
from contacts.models import Event

SECTION_SAVED: Final = "agreement.section_saved"
PARTIES_SAVED: Final = "agreement.parties_saved"
OF_KIND: Final = {"agreement.period_saved": Kind.PERIOD, "agreement.contacts_chosen": Kind.CONTACTS}
WRITTEN: Final = (SECTION_SAVED, PARTIES_SAVED, *OF_KIND)
"""What writes in the text of an agreement."""
KIND_OF_FACT: Final = {
    "unit": Kind.PARTIES,
    "org_number": Kind.PARTIES,
    "case_number": Kind.CASE_NUMBERS,
    "signing_function": Kind.SIGNATURES,
}


@dataclass(frozen=True)
class Change:
    """What has become of one section since: the lines to show."""

    section: TemplateSection
    lines: list[Line]


def written_after(subject: str, event_id: int) -> list[Event]:
    """Everything written in the text after a row of its history, oldest first; one query."""
    return list(Event.objects.about(subject).filter(type__in=WRITTEN, pk__gt=event_id).order_by("pk"))


def sections_of(event: Event, sections: Iterable[TemplateSection]) -> set[str]:
    """The sections that an event wrote in."""
    if event.type == SECTION_SAVED:
        return {str(event.after.get("section"))}
    kinds = {OF_KIND[event.type]} if event.type in OF_KIND else _kinds_of_facts(event)
    return {section.key for section in sections if any(field.kind in kinds for field in section.fields)}


def _kinds_of_facts(event: Event) -> set[Kind]:
    return {
        KIND_OF_FACT[fact]
        for party, facts in event.after.items()
        for fact, value in facts.items()
        if fact in KIND_OF_FACT and (event.before.get(party) or {}).get(fact) != value
    }


def changes(
    events: Iterable[Event], sections: Iterable[TemplateSection], seen: Mapping[str, int], *, names: bool
) -> list[Change]:
    """What each section has become since it was seen: section → the newest row of history then.

    Sections that are not among the seen are left out. What was changed and changed back is no change.
    """
    sections, events = list(sections), list(events)
    known = {row.key: Section(row.number, row.title, row.fields) for row in sections}
    found = []
    for section in sections:
        if section.key not in seen:
            continue
        own = [e for e in events if e.pk > seen[section.key] and section.key in sections_of(e, sections)]
        lines = [present(event, known, names=names) for event in merged(own)]
        lines = [line for line in lines if line.differences]
        if lines:
            found.append(Change(section, lines))
    return found


def merged(events: Iterable[Event]) -> list[Event]:
    """Events of the same kind as one: from what was before the first of them to what came of the last."""
    by_type: dict[str, Event] = {}
    for event in events:
        first = by_type.get(event.type)
        before = first.before if first else event.before
        after = event.after
        if event.type == PARTIES_SAVED:
            before = _joined(event.before, first.before if first else {})
            after = _joined(first.after if first else {}, event.after)
        by_type[event.type] = _as_of(event, before, after)
    return list(by_type.values())


def _joined(one: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of every party; the second stands over the first."""
    return {party: {**one.get(party, {}), **over.get(party, {})} for party in {**one, **over}}


def _as_of(event: Event, before: dict[str, Any], after: dict[str, Any]) -> Event:
    """A row to show, never to save: by whom and when it was changed last."""
    return Event(
        pk=event.pk,
        type=event.type,
        subject=event.subject,
        at=event.at,
        actor_id=event.actor_id,
        actor_name=event.actor_name,
        actor_function=event.actor_function,
        before=before,
        after=after,
    )
