"""What everybody may know of a municipality's standing: rows that hold nothing else. Pure."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from django.utils.text import slugify

from agreements.states import Ending
from nationwide.counting import percent
from nationwide.rules import EXPIRED, LEVEL_LABELS, SIGNED, STATUS_LABELS, Row

TOLD: Final = frozenset({SIGNED, EXPIRED})
"""Only what has been signed by all is told of; of what is in work nothing but that it is."""


class PublicRow(NamedTuple):
    """A municipality on a day. There is no place here for a name, a contact or anything of a draft."""

    organisation: int
    code: str
    name: str
    short_name: str
    county: str
    county_name: str
    region_name: str
    group: str
    group_name: str
    population: int
    status: str
    agreement: int | None
    template: int | None
    start: datetime.date | None
    last_day: datetime.date | None
    level: str
    """Empty without an agreement in force, and as long as SKR does not show the level to everybody."""

    @property
    def is_signed(self) -> bool:
        return self.status == SIGNED

    @property
    def status_label(self) -> str:
        return STATUS_LABELS[self.status]

    @property
    def level_label(self) -> str:
        return LEVEL_LABELS[self.level] if self.level else ""

    @property
    def place(self) -> str:
        return place_of(self.code, self.short_name)


def place_of(code: str, short_name: str) -> str:
    """A municipality's part of an address: the code finds it, the name is for those who read addresses."""
    return f"{code}-{slugify(short_name)}"


def code_in(place: str) -> str:
    return place.partition("-")[0]


def public(row: Row, *, level: bool) -> PublicRow:
    """What of a row everybody may know. level: SKR shows the lowest level to everybody."""
    told = row.status in TOLD
    return PublicRow(
        organisation=row.organisation,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        county=row.county,
        county_name=row.county_name,
        region_name=row.region_name,
        group=row.group,
        group_name=row.group_name,
        population=row.population,
        status=row.status,
        agreement=row.agreement if told else None,
        template=row.template if told else None,
        start=row.start if told else None,
        last_day=row.last_day if told else None,
        level=row.level if level and row.is_signed else "",
    )


class Share(NamedTuple):
    """How many municipalities of how many."""

    key: str
    label: str
    size: int
    of: int

    @property
    def percent(self) -> int:
        return percent(self.size, self.of)


class CountyLine(NamedTuple):
    code: str
    name: str
    signed: Share


class Picture(NamedTuple):
    """The country or a county on a day, counted."""

    signed: Share
    statuses: list[Share]
    levels: list[Share]
    """Of those with an agreement in force; empty when the level is not shown."""
    population_percent: int
    counties: list[CountyLine]


def picture(rows: list[PublicRow]) -> Picture:
    statuses = shares(STATUS_LABELS, [row.status for row in rows])
    signed = [row for row in rows if row.is_signed]
    levels = shares(LEVEL_LABELS, [row.level for row in signed if row.level])
    people = percent(sum(row.population for row in signed), sum(row.population for row in rows))
    return Picture(statuses[0], statuses, [share for share in levels if share.size], people, list(by_county(rows)))


def shares(labels: dict[str, str], values: list[str]) -> list[Share]:
    found = Counter(values)
    return [Share(key, label, found[key], len(values)) for key, label in labels.items()]


def by_county(rows: Iterable[PublicRow]) -> Iterator[CountyLine]:
    """In the official order, never by result."""
    for code, part in groupby(sorted(rows, key=lambda row: row.county), key=lambda row: row.county):
        lines = list(part)
        size = sum(row.is_signed for row in lines)
        yield CountyLine(code, lines[0].county_name, Share(SIGNED, STATUS_LABELS[SIGNED], size, len(lines)))


# ------------------------------------------------------------------------------------------------ over time

LEFT: Final = "left"
ENDINGS: Final[dict[str, str]] = {**{ending.value: str(ending.label) for ending in Ending}, LEFT: "Kommunen lämnade"}


class Period(NamedTuple):
    """Days on which a municipality was bound by a version of an agreement."""

    version: int
    agreement: int
    number: int
    template: int
    start: datetime.date
    end: datetime.date | None
    """First day no longer in force."""
    ending: str

    @property
    def last_day(self) -> datetime.date | None:
        return self.end - datetime.timedelta(days=1) if self.end else None

    def ended(self, on: datetime.date) -> bool:
        return self.end is not None and self.end <= on


class Happening(NamedTuple):
    """A municipality came to be bound by a version of an agreement, or was so no longer."""

    day: datetime.date
    event: str
    code: str
    name: str
    county: str
    agreement: int
    version: int
    template: int
    signed: datetime.date | None
    ending: str
