"""How a municipality stands on a day: pure functions over plain rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from django.db import models

from agreements import lowest_level
from agreements.ending import months_after
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


class Expiry(models.TextChoices):
    """When the agreement in force ends, as seen from the day. NONE: there is no agreement in force."""

    SOON = "soon", "Inom sex månader"
    LATER = "later", "Senare"
    OPEN = "open", "Tills vidare"
    NONE = "none", "Ingen gällande"


class Confirmation(models.TextChoices):
    """Whether every contact that the agreement in force rests on has been confirmed in time."""

    CONFIRMED = "confirmed", "Bekräftade"
    UNCONFIRMED = "unconfirmed", "Inte bekräftade"
    NONE = "none", "Ingen gällande"


class Edition(models.TextChoices):
    """Which national template the agreement in force was made from, as seen from the day."""

    CURRENT = "current", "Gällande mall"
    OLDER = "older", "Äldre mall"
    NONE = "none", "Ingen gällande"


class Size(models.TextChoices):
    """How many live in the municipality."""

    TINY = "0", "Under 10 000 invånare"
    SMALL = "10000", "10 000–19 999 invånare"
    MIDDLE = "20000", "20 000–49 999 invånare"
    LARGE = "50000", "50 000–99 999 invånare"
    HUGE = "100000", "100 000 invånare eller fler"


SIZES = sorted((int(size.value) for size in Size), reverse=True)
MONTHS_LEFT = 6

SIGNED, IN_WORK, EXPIRED, NO_AGREEMENT = (status.value for status in Status)
UNJUDGED, NOTHING_TO_JUDGE = Binding.UNJUDGED.value, Binding.NONE.value
STATUS_LABELS = {status.value: str(status.label) for status in Status}
BINDING_LABELS = {binding.value: str(binding.label) for binding in Binding}
LEVEL_LABELS = {level.value: str(level.label) for level in Level}
EXPIRY_LABELS = {expiry.value: str(expiry.label) for expiry in Expiry}
CONFIRMATION_LABELS = {confirmation.value: str(confirmation.label) for confirmation in Confirmation}
EDITION_LABELS = {edition.value: str(edition.label) for edition in Edition}


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
    unconfirmed: bool = False
    """A contact it rested on had not been confirmed in time."""
    current_template: int | None = None
    """The newest national template that was in force on the day."""


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
    size: str
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
    expiry: str = NOTHING_TO_JUDGE
    confirmation: str = NOTHING_TO_JUDGE
    edition: str = NOTHING_TO_JUDGE

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

    @property
    def expiry_label(self) -> str:
        return EXPIRY_LABELS[self.expiry]

    @property
    def confirmation_label(self) -> str:
        return CONFIRMATION_LABELS[self.confirmation]

    @property
    def edition_label(self) -> str:
        return EDITION_LABELS[self.edition]


def row_of(place: Place, parts: Iterable[Part], on: datetime.date) -> Row:
    """The agreement in force counts first, then one in work, then the latest that has ended."""
    parts = list(parts)
    for status, holds in ((SIGNED, in_force), (IN_WORK, in_work), (EXPIRED, has_ended)):
        found = [part for part in parts if holds(part, on)]
        if found:
            return standing(place, status, max(found, key=order), on)
    return Row(*place, size_of(place.population), NO_AGREEMENT, NOTHING_TO_JUDGE, None, None, None, None, None)


def standing(place: Place, status: str, part: Part, on: datetime.date) -> Row:
    last_day = part.end - datetime.timedelta(days=1) if part.end else None
    facts = (part.agreement, part.version, part.template, part.start, last_day)
    if status != SIGNED:
        return Row(*place, size_of(place.population), status, NOTHING_TO_JUDGE, *facts)
    judged = (part.level or UNJUDGED, part.short_of, expiry_of(part, on), confirmation_of(part), edition_of(part))
    return Row(*place, size_of(place.population), status, part.verdict or UNJUDGED, *facts, *judged)


def size_of(population: int) -> str:
    return str(next((least for least in SIZES if population >= least), 0))


def expiry_of(part: Part, on: datetime.date) -> str:
    if part.end is None:
        return Expiry.OPEN.value
    return Expiry.SOON.value if part.end <= soon_after(on) else Expiry.LATER.value


@cache
def soon_after(on: datetime.date) -> datetime.date:
    """The first day that is further away than soon."""
    return months_after(on, MONTHS_LEFT) + datetime.timedelta(days=1)


def confirmation_of(part: Part) -> str:
    return Confirmation.UNCONFIRMED.value if part.unconfirmed else Confirmation.CONFIRMED.value


def edition_of(part: Part) -> str:
    """An agreement made from a template that came into force later than the day counts as made from the current one."""
    behind = part.current_template is not None and part.template < part.current_template
    return Edition.OLDER.value if behind else Edition.CURRENT.value


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
