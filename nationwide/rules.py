"""How the country is counted: pure functions over plain rows. Municipalities count, never agreements."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import models

from agreements.states import WORKING
from contacts.personbound import Verdict
from municipalities.models import fold, sorts_as

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

    @property
    def status_label(self) -> str:
        return Status(self.status).label


def row_of(place: Place, parts: Iterable[Part], on: datetime.date) -> Row:
    """The agreement in force counts first, then one in work, then the latest that has ended."""
    parts = list(parts)
    for status, holds in ((Status.SIGNED, in_force), (Status.IN_WORK, in_work), (Status.EXPIRED, has_ended)):
        found = [part for part in parts if holds(part, on)]
        if found:
            return standing(place, status, max(found, key=order))
    return Row(*place, Status.NONE.value, Binding.NONE.value, None, None, None, None, None)


def standing(place: Place, status: Status, part: Part) -> Row:
    binding = (part.verdict or Binding.UNJUDGED.value) if status is Status.SIGNED else Binding.NONE.value
    last_day = part.end - datetime.timedelta(days=1) if part.end else None
    return Row(*place, status.value, binding, part.agreement, part.version, part.template, part.start, last_day)


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


@dataclass(frozen=True)
class Criteria:
    """What is asked of the rows. A number and the list it links to are made of the same criteria."""

    status: str = ""
    binding: str = ""
    county: str = ""
    region: int | None = None
    group: str = ""
    q: str = ""

    def exactly(self) -> Iterator[tuple[str, str | int]]:
        return ((name, value) for name, value in asdict(self).items() if name != "q" and value not in ("", None))

    def query(self, on: datetime.date | None = None) -> str:
        """The criteria as an address's query, with the day when it is not today."""
        asked = [(name, value) for name, value in asdict(self).items() if value not in ("", None)]
        return urlencode([*asked, ("on", on.isoformat())] if on else asked)


def filter_rows(rows: Iterable[Row], criteria: Criteria) -> list[Row]:
    """The only way rows are chosen: every number is the length of such a list."""
    chosen = list(rows)
    for name, value in criteria.exactly():
        index = Row._fields.index(name)
        chosen = [row for row in chosen if row[index] == value]
    wanted = fold(criteria.q)
    return [row for row in chosen if wanted in row.search or wanted == row.code] if wanted else chosen


def population(rows: Iterable[Row]) -> int:
    return sum(row.population for row in rows)


@dataclass(frozen=True)
class Number:
    """A number with its list: `count` municipalities meet `criteria`."""

    key: str
    label: str
    count: int
    of: int
    criteria: Criteria

    @property
    def percent(self) -> int:
        return percent(self.count, self.of)


def percent(count: int, of: int) -> int:
    """Whole percent, never 0 or 100 unless it is none or all."""
    if count in (0, of):
        return 100 if count else 0
    return min(99, max(1, round(100 * count / of)))


def status_numbers(rows: list[Row], base: Criteria) -> list[Number]:
    return [count(rows, replace(base, status=s.value), s.value, s.label, len(rows)) for s in Status]


def binding_numbers(rows: list[Row], base: Criteria) -> list[Number]:
    """What the agreements in force rest on. "Inte bedömd" is shown only when there is something to say."""
    signed = filter_rows(rows, Criteria(status=Status.SIGNED.value))
    numbers = [
        count(signed, replace(base, binding=b.value), b.value, b.label, len(signed))
        for b in Binding
        if b is not Binding.NONE
    ]
    return [number for number in numbers if number.count or number.key != Binding.UNJUDGED.value]


def map_numbers(rows: list[Row], base: Criteria, measure: str) -> list[Number]:
    """Every value that the rows have of a measure ("status" or "binding"): the legend of the map."""
    choices = (Status if measure == "status" else Binding).choices
    asked = [(narrowed(base, measure, value), value, str(label)) for value, label in choices]
    numbers = [count(rows, criteria, value, label, len(rows)) for criteria, value, label in asked]
    return [number for number in numbers if number.count or measure == "status"]


def narrowed(base: Criteria, name: str, value: str | int) -> Criteria:
    """The base criteria with one more asked."""
    change: dict[str, Any] = {name: value}
    return replace(base, **change)


def count(rows: list[Row], criteria: Criteria, key: str, label: str, of: int) -> Number:
    return Number(key, label, len(filter_rows(rows, criteria)), of, criteria)


@dataclass(frozen=True)
class Line:
    """A county, region or group in a breakdown: its name, its size, its numbers."""

    label: str
    criteria: Criteria
    whole: Number
    statuses: list[Number]
    bindings: list[Number]

    @property
    def cells(self) -> list[Number]:
        """The columns of the breakdown: the same for every line."""
        return [*self.statuses, *(number for number in self.bindings if number.key != Binding.UNJUDGED)]


@dataclass(frozen=True)
class Dimension:
    """A way to divide the country. The order is the official one or by name, never by result."""

    key: str
    label: str
    heading: str
    name: Callable[[Row], str]
    place: Callable[[Row], str]


DIMENSIONS = (
    Dimension(
        "region", "AF-region", "Per AF-region", lambda row: row.region_name, lambda row: sorts_as(row.region_name)
    ),
    Dimension("county", "Län", "Per län", lambda row: row.county_name, lambda row: row.county),
    Dimension(
        "group", "Kommungrupp", "Per kommungrupp", lambda row: f"{row.group} {row.group_name}", lambda row: row.group
    ),
)


def breakdown(rows: list[Row], dimension: Dimension, base: Criteria) -> list[Line]:
    ordered = sorted(rows, key=dimension.place)
    return [line(dimension, base, list(part)) for _, part in groupby(ordered, key=dimension.place)]


def line(dimension: Dimension, base: Criteria, rows: list[Row]) -> Line:
    label = dimension.name(rows[0])
    criteria = narrowed(base, dimension.key, getattr(rows[0], dimension.key))
    return Line(
        label=label,
        criteria=criteria,
        whole=count(rows, criteria, "all", label, len(rows)),
        statuses=status_numbers(rows, criteria),
        bindings=binding_numbers(rows, criteria),
    )


@dataclass(frozen=True)
class Summary:
    """The country, or the part of it that was asked for, on a day."""

    whole: Number
    statuses: list[Number]
    bindings: list[Number]
    population: int
    population_signed: int
    breakdowns: list[tuple[Dimension, list[Line]]]

    @property
    def signed(self) -> Number:
        return self.statuses[0]

    @property
    def lasting(self) -> Number:
        """The agreements in force that are function-bound."""
        return self.bindings[0]

    @property
    def population_percent(self) -> int:
        return percent(self.population_signed, self.population)


def summarise(rows: list[Row], base: Criteria) -> Summary:
    """All numbers of the rows that meet the base criteria."""
    rows = filter_rows(rows, base)
    return Summary(
        whole=count(rows, base, "all", "Kommuner", len(rows)),
        statuses=status_numbers(rows, base),
        bindings=binding_numbers(rows, base),
        population=population(rows),
        population_signed=population(filter_rows(rows, Criteria(status=Status.SIGNED.value))),
        breakdowns=[(dimension, breakdown(rows, dimension, base)) for dimension in DIMENSIONS],
    )
