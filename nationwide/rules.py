"""How a municipality stands on a day: pure functions over plain rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db import models

from agreements import lowest_level
from agreements.states import WORKING
from contacts.personbound import Verdict

EARLIEST = datetime.date(2022, 1, 1)
"""The national template came in 2022: before that there is nothing to show."""


class Status(models.TextChoices):
    """How a municipality stands on a day: exactly one of these."""

    SIGNED = "signed", "Gällande"
    IN_WORK = "in_work", "Under arbete"
    EXPIRED = "expired", "Utgången"
    NONE = "none", "Ingen"


class Binding(models.TextChoices):
    """What the agreement in force rests on. NONE: there is no agreement in force to judge."""

    FUNCTION_BOUND = Verdict.FUNCTION_BOUND.value, "Funktionsbunden"
    MIXED = Verdict.MIXED.value, "Blandad"
    PERSON_BOUND = Verdict.PERSON_BOUND.value, "Personbunden"
    UNREACHABLE = Verdict.UNREACHABLE.value, "Onåbar"
    UNJUDGED = "unjudged", "Inte bedömd"
    NONE = "none", "Ingen gällande"


class Level(models.TextChoices):
    """How the agreement in force stands to the national lowest level. NONE: there is no agreement in force."""

    MET = lowest_level.Status.MET.value, "Uppfyller"
    PARTLY = lowest_level.Status.PARTLY.value, "Uppfyller delvis"
    NOT_MET = lowest_level.Status.NOT_MET.value, "Uppfyller inte"
    UNJUDGED = "unjudged", "Inte bedömd"
    NONE = "none", "Ingen gällande"


SIGNED, IN_WORK, EXPIRED, NO_AGREEMENT = (status.value for status in Status)
UNJUDGED, NOTHING_TO_JUDGE = Binding.UNJUDGED.value, Binding.NONE.value
STATUS_LABELS = {status.value: str(status.label) for status in Status}
BINDING_LABELS = {binding.value: str(binding.label) for binding in Binding}
LEVEL_LABELS = {level.value: str(level.label) for level in Level}


class Place(NamedTuple):
    """A municipality that existed on the day, and where it belongs."""

    organisation: int
    code: str
    name: str
    short_name: str
    search: str
    county: str
    county_name: str
    region: int
    region_name: str
    group: str
    group_name: str
    population: int


class Part(NamedTuple):
    """A municipality's part in one version of an agreement, as the database tells it."""

    agreement: int
    version: int
    state: str
    template: int
    created: datetime.date
    discarded: datetime.date | None
    start: datetime.date | None
    """First day in force; None as long as the version binds nobody."""
    end: datetime.date | None
    """First day no longer in force; None when the end is open."""
    verdict: str
    level: str = ""
    short_of: tuple[str, ...] = ()
    """The rules of the lowest level that it did not fully meet."""


class Row(NamedTuple):
    """A municipality on a day: one row each, however many agreements and parties there are."""

    organisation: int
    code: str
    name: str
    short_name: str
    search: str
    county: str
    county_name: str
    region: int
    region_name: str
    group: str
    group_name: str
    population: int
    status: str
    binding: str
    agreement: int | None
    version: int | None
    template: int | None
    start: datetime.date | None
    last_day: datetime.date | None
    """Last day in force of the agreement that counts, past or future; None when there is none."""
    level: str = NOTHING_TO_JUDGE
    short_of: tuple[str, ...] = ()
    """The rules of the lowest level that the agreement in force does not fully meet."""

    @property
    def is_signed(self) -> bool:
        return self.status == SIGNED

    @property
    def binding_label(self) -> str:
        return BINDING_LABELS[self.binding]

    @property
    def level_label(self) -> str:
        return LEVEL_LABELS[self.level]

    @property
    def status_label(self) -> str:
        return STATUS_LABELS[self.status]


def row_of(place: Place, parts: Iterable[Part], on: datetime.date) -> Row:
    """The agreement in force counts first, then one in work, then the latest that has ended."""
    parts = list(parts)
    for status, holds in ((SIGNED, in_force), (IN_WORK, in_work), (EXPIRED, has_ended)):
        found = [part for part in parts if holds(part, on)]
        if found:
            return standing(place, status, max(found, key=order))
    return Row(*place, NO_AGREEMENT, NOTHING_TO_JUDGE, None, None, None, None, None)


def standing(place: Place, status: str, part: Part) -> Row:
    last_day = part.end - datetime.timedelta(days=1) if part.end else None
    facts = (part.agreement, part.version, part.template, part.start, last_day)
    if status != SIGNED:
        return Row(*place, status, NOTHING_TO_JUDGE, *facts)
    return Row(*place, status, part.verdict or UNJUDGED, *facts, part.level or UNJUDGED, part.short_of)


def order(part: Part) -> tuple[datetime.date, int]:
    """The latest of several: by its last day, then by its age."""
    return part.end or datetime.date.max, part.version


def in_force(part: Part, on: datetime.date) -> bool:
    return part.start is not None and part.start <= on and (part.end is None or part.end > on)


def in_work(part: Part, on: datetime.date) -> bool:
    """Being written or negotiated on the day, or signed and not yet begun."""
    if part.created > on:
        return False
    if part.start is not None:
        return part.start > on
    return part.state in WORKING if part.discarded is None else part.discarded > on


def has_ended(part: Part, on: datetime.date) -> bool:
    return part.start is not None and part.end is not None and part.end <= on
