"""Notices as pages tell them: who leaves when and why, and what this user can do about it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse

from agreements.dates import spelled
from agreements.models import Notice, Party, Version
from agreements.states import SIGNED, State
from contacts.access import Permission, Reach
from contacts.rules import without_names
from municipalities.models import Organisation

MUNICIPALITY = Organisation.Side.MUNICIPALITY


@dataclass(frozen=True)
class NoticeLine:
    """One notice, told to a reader; party: the one that leaves, consenter: whose signatory can let it be taken back."""

    pk: int
    party: int
    text: str
    who: str
    reason: str
    asked_back: str
    last_day: datetime.date
    giver: int
    consenter: int


@dataclass(frozen=True)
class Link:
    label: str
    address: str


def notice_lines(version: Version, parties: Sequence[Party], *, names: bool) -> list[NoticeLine]:
    """The notices that stand, the earliest last day first. No query for a version that nobody can have left."""
    if version.state not in SIGNED:
        return []
    by_id = {party.pk: party for party in parties}
    notices = Notice.objects.standing().filter(version=version)
    return [_line(notice, by_id, names=names) for notice in notices]


def _line(notice: Notice, parties: dict[int, Party], *, names: bool) -> NoticeLine:
    leaving, giver = parties[notice.leaving_id], parties[notice.giver_id]
    other = next(party for party in parties.values() if party.side != MUNICIPALITY)

    def said(text: str) -> str:
        return text if names else without_names(text)

    whose = f"{notice.name}, {notice.function}" if names else said(notice.function)
    decision = f"{notice.get_decision_display()} {said(notice.decision_reference)}, {spelled(notice.decision_date)}"
    text = f"{giver.name} har sagt upp överenskommelsen"
    text += "" if giver is leaving else f" för {leaving.name}"
    return NoticeLine(
        pk=notice.pk,
        party=leaving.pk,
        text=f"{text}. Den upphör {spelled(notice.last_day)} för {leaving.name}.",
        who=f"Uppsagd {spelled(notice.received_on)} av {whose}. {decision}.",
        reason=said(notice.reason),
        asked_back=said(notice.asked_back_reason) if notice.asked_back_at else "",
        last_day=notice.last_day,
        giver=giver.organisation_id,
        consenter=other.organisation_id if giver is leaving else leaving.organisation_id,
    )


def tell_leaving(parties: Sequence[Party], lines: Sequence[NoticeLine], today: datetime.date) -> None:
    """Say at each party when it leaves, or that it has left."""
    days = {line.party: line.last_day for line in lines}
    for party in parties:
        if day := days.get(party.pk):
            party.leaving = f"Lämnar {spelled(day)}" if day >= today else f"Lämnade {spelled(day)}"


def notice_links(
    version: Version, parties: Sequence[Party], lines: Sequence[NoticeLine], reach: Reach, today: datetime.date
) -> list[Link]:
    """What this user's party can do: give notice, ask to take it back, consent to that."""
    if version.state != State.IN_FORCE:
        return []
    signs = reach.organisations(Permission.SIGN_AGREEMENTS)
    if signs.isdisjoint(party.organisation_id for party in parties):
        return []
    return [*_back_links(version, lines, signs, today), *_give_links(version, parties, lines, signs, today)]


def _back_links(
    version: Version, lines: Sequence[NoticeLine], signs: Collection[int], today: datetime.date
) -> Iterator[Link]:
    for line in lines:
        address = reverse("notice_back", args=(version.pk, line.pk))
        if line.last_day < today:
            continue
        if line.consenter in signs and line.asked_back:
            yield Link("Ta ställning till att uppsägningen tas tillbaka", address)
        elif line.giver in signs and not line.asked_back:
            yield Link("Ta tillbaka uppsägningen", address)


def _give_links(
    version: Version,
    parties: Sequence[Party],
    lines: Sequence[NoticeLine],
    signs: Collection[int],
    today: datetime.date,
) -> Iterator[Link]:
    told = {line.party for line in lines}
    open_ones = [party for party in parties if party.side == MUNICIPALITY and party.pk not in told]
    for party in parties:
        own = [party] if party.side == MUNICIPALITY else open_ones
        bound = party.in_force is not None and party.in_force.lower <= today
        if party.organisation_id in signs and bound and any(one in open_ones for one in own):
            yield Link(f"Säg upp för {party.name}", reverse("notice_give", args=(version.pk, party.pk)))


@dataclass(frozen=True)
class Told:
    """A notice on somebody's desk."""

    version: Version
    text: str
    address: str
    asks: bool


def on_desk(edits: frozenset[int], signs: frozenset[int], today: datetime.date, most: int) -> list[Told]:
    """Notices that are not over, of the agreements one writes or signs for; those that ask for consent first."""
    mine = Version.objects.of(edits | signs).filter(state=State.IN_FORCE)
    rows = Notice.objects.standing().filter(version__in=mine, last_day__gte=today)
    rows = rows.select_related("version", "leaving", "giver").defer("version__frozen")
    asked = F("asked_back_at").desc(nulls_last=True)
    af = Party.objects.filter(version__in=[notice.version_id for notice in rows[:most]]).exclude(side=MUNICIPALITY)
    others = dict(af.values_list("version_id", "organisation_id"))
    return [_told(notice, others, signs) for notice in rows.order_by(asked, "last_day", "pk")[:most]]


def _told(notice: Notice, others: dict[int, int], signs: frozenset[int]) -> Told:
    own = notice.giver_id == notice.leaving_id
    consenter = others.get(notice.version_id) if own else notice.leaving.organisation_id
    asks = notice.asked_back_at is not None and consenter in signs
    text = f"{notice.giver.name} har sagt upp den. Den upphör {spelled(notice.last_day)} för {notice.leaving.name}."
    if asks:
        address = reverse("notice_back", args=(notice.version_id, notice.pk))
        return Told(notice.version, f"{notice.giver.name} vill ta tillbaka sin uppsägning.", address, asks)
    return Told(notice.version, text, reverse("agreement", args=(notice.version_id,)), asks)
