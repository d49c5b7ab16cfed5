"""An agreement's stand to the lowest level as its page shows it: rule by rule, with the way to what mends it. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from agreements.deadlines import is_overdue
from agreements.findings import covered
from agreements.flags import DEPUTISED, MONTHS_CONFIRMED, CheckedContact, named_in, threshold
from agreements.lowest_level import RULES, Judged, Status, Weight
from agreements.lowest_level.words import WEIGHT_LABELS
from agreements.models import VerdictPeriod
from agreements.sheets import Reader, section_address
from agreements.standing import AT_SIGNING, Stand
from agreements.states import WORKING, State
from contacts.personbound import Assessment, Verdict
from contacts.rules import without_names

PENDING: Final = "pending"
FIELDS: Final[Mapping[str, str]] = {
    "N04": "id_forums",
    "N08": "id_goals",
    "N09": "id_delimitation",
    "N10": "id_measures",
    "N11": "id_times_per_year",
    "N12": "id_channels",
    "N13": "id_form",
    "N14": "id_transition",
}
"""The control in the section's form that answers the rule."""
NEW_VERSION: Final = "Texten är undertecknad. Det här kräver en ny version av överenskommelsen."
REOPEN: Final = "Texten är inte öppen för ändringar. Öppna den igen för att rätta."


@dataclass(frozen=True)
class Place:
    """Where something is mended."""

    text: str
    address: str


@dataclass(frozen=True)
class RuleLine:
    """One rule on the page. status: a lowest_level.Status, or PENDING."""

    rule: str
    title: str
    weight: str
    status: str
    reason: str
    mend: str = ""
    places: tuple[Place, ...] = ()
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.status in (Status.PARTLY, Status.NOT_MET)


@dataclass(frozen=True)
class Subject:
    """The version that is judged. sections: key → (number, title) in its template."""

    pk: int
    state: str
    sections: Mapping[str, tuple[str, str]]


def rule_lines(outcomes: Iterable[Judged], stand: Stand, subject: Subject, reader: Reader) -> list[RuleLine]:
    """In number order."""
    return [rule_line(outcome, stand, subject, reader) for outcome in outcomes]


def rule_line(outcome: Judged, stand: Stand, subject: Subject, reader: Reader) -> RuleLine:
    rule, title = outcome.rule, RULES[outcome.rule].title
    weight = WEIGHT_LABELS[outcome.weight]
    if rule == AT_SIGNING and subject.state in WORKING:
        return RuleLine(rule, title, weight, PENDING, "Bedöms när parterna har undertecknat.")
    reason = outcome.reason
    if outcome.section == "contacts" and not reader.names:
        reason = covered(reason, named=named_in(contact for contact, _ in stand.contacts))
    line = RuleLine(rule, title, weight, str(outcome.status), reason)
    if not line.is_open:
        return line
    places = tuple(ways(outcome, stand, subject, reader))
    note = note_of(outcome, stand, subject, reader)
    return RuleLine(rule, title, weight, line.status, line.reason, RULES[rule].mend, places, note)


def note_of(outcome: Judged, stand: Stand, subject: Subject, reader: Reader) -> str:
    """What stands in the way of mending it here: whose contact points they are, or that the text is fixed."""
    if outcome.section == "contacts":
        ours = list(at_fault(outcome.rule, stand))
        others = dict.fromkeys(contact.party for contact in ours if not reader.opens(contact.organisation))
        if ours:
            return " ".join(f"{party} rättar sina egna kontaktytor." for party in others)
    if needs_follow_up(outcome, subject):
        return ""
    if subject.state == State.IN_FORCE:
        return NEW_VERSION
    return "" if subject.state == State.DRAFT else REOPEN


def needs_follow_up(outcome: Judged, subject: Subject) -> bool:
    """Whether a follow-up that is held and noted mends it: what has been agreed on is enough."""
    return outcome.rule == "N11" and outcome.status is Status.PARTLY and subject.state == State.IN_FORCE


# ---------------------------------------------------------------------------------------------- ways to mend it


def ways(outcome: Judged, stand: Stand, subject: Subject, reader: Reader) -> Iterator[Place]:
    """The contact points at fault, then the section: its form when it can be written in, else its place in the text."""
    is_of_contacts = outcome.section == "contacts" and any(at_fault(outcome.rule, stand))
    if is_of_contacts:
        yield from contact_places(outcome.rule, stand, reader)
    if needs_follow_up(outcome, subject) and reader.writes:
        yield Place("Anteckna en uppföljning", reverse("follow_up", args=(subject.pk,)))
        return
    if reader.editable or not is_of_contacts:
        for key in sections_of(outcome, stand.case.texts, stand.case.facts.content):
            yield section_place(outcome.rule, key, subject, reader)


def section_place(rule: str, key: str, subject: Subject, reader: Reader) -> Place:
    number, title = subject.sections.get(key, ("", key))
    text = f"Avsnitt {number} {title}"
    if reader.editable:
        anchor = FIELDS.get(rule, "") if key == RULES[rule].section else ""
        return Place(text, section_address(subject.pk, key, anchor))
    return Place(text, f"{reverse('agreement', args=(subject.pk,))}#avsnitt-{key}")


def sections_of(outcome: Judged, texts: Mapping[str, Any], content: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Where the rule is answered in this version."""
    if outcome.rule == "N15":
        yield from (key for key, found in texts.items() if any(item.kind == "personnummer" for item in found))
    elif outcome.rule == "N10":
        joint = any(
            row.get("municipality_function") and row.get("af_function")
            for row in content.get("measures", {}).get("measures") or []
        )
        if not joint:
            yield "measures"
        tracks = content.get("job_tracks", {})
        if not (tracks.get("used") == "yes" or (tracks.get("used") == "no" and tracks.get("reason"))):
            yield "job_tracks"
    else:
        yield outcome.section


def contact_places(rule: str, stand: Stand, reader: Reader) -> Iterator[Place]:
    """Each contact point at fault that the reader may open, by its name and party.

    The name is covered by itself: beside other words a person can pass for something else.
    """
    shown = str if reader.names else without_names
    for contact in at_fault(rule, stand):
        if reader.opens(contact.organisation):
            yield Place(f"{shown(contact.name)}, {contact.party}", reverse("contact_point", args=(contact.pk,)))


def at_fault(rule: str, stand: Stand) -> Iterator[CheckedContact]:
    """The contact points that keep the rule from being met."""
    months = threshold(stand.case, "N17", "months", MONTHS_CONFIRMED)
    for contact, assessment in stand.contacts:
        if FAULTS[rule](contact, assessment) or (rule == "N17" and is_old(contact, stand.case.facts.on, months)):
            yield contact


FAULTS: Final[Mapping[str, Callable[[CheckedContact, Assessment], bool]]] = {
    "N05": lambda _, assessment: assessment.verdict is not Verdict.FUNCTION_BOUND,
    "N06": lambda _, assessment: assessment.verdict is Verdict.PERSON_BOUND,
    "N07": lambda contact, _: not contact.has_deputy and bool(DEPUTISED.intersection(contact.levels)),
    "N17": lambda _, assessment: any(point.code == "foreign_domain" for point in assessment.reasons),
}


def is_old(contact: CheckedContact, on: datetime.date, months: int) -> bool:
    return contact.confirmed_on is None or is_overdue(contact.confirmed_on, on, months)


# --------------------------------------------------------------------------------------------------- the whole


@dataclass(frozen=True)
class Tally:
    """How many rules of a weight there are, and how many are met."""

    weight: str
    met: int
    of: int


def tallies(outcomes: Iterable[Judged]) -> list[Tally]:
    """Krav first; a weight that no rule has is left out."""
    outcomes = list(outcomes)
    found = []
    for weight in Weight:
        own = [outcome for outcome in outcomes if outcome.weight is weight]
        if own:
            found.append(Tally(WEIGHT_LABELS[weight], sum(o.status is Status.MET for o in own), len(own)))
    return found


@dataclass
class Spell:
    """A time during which the level, what was short of it and the rule set were the same. until=None: it still is."""

    level: str
    rules: list[tuple[str, str]]
    rule_set: int
    since: datetime.datetime
    until: datetime.datetime | None


def spells(periods: Iterable[VerdictPeriod]) -> list[Spell]:
    """The judged periods, given oldest first, newest first; those that say the same of the level are one."""
    found: list[Spell] = []
    for period in periods:
        if not period.level or period.rule_set is None:
            continue
        rules = [(rule, RULES[rule].title) for rule in period.short_of if rule in RULES]
        spell = Spell(period.level, rules, period.rule_set.number, period.since, period.until)
        last = found[-1] if found else None
        if last and last.until == spell.since and same(last, spell):
            last.until = spell.until
        else:
            found.append(spell)
    return found[::-1]


def same(one: Spell, other: Spell) -> bool:
    return (one.level, one.rules, one.rule_set) == (other.level, other.rules, other.rule_set)
