"""How the country is counted: pure functions over the rows. Municipalities count, never agreements."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from municipalities.models import fold, sorts_as
from nationwide.rules import (
    BINDING_LABELS,
    CONFIRMATION_LABELS,
    EDITION_LABELS,
    EXPIRY_LABELS,
    LEVEL_LABELS,
    NOTHING_TO_JUDGE,
    STATUS_LABELS,
    UNJUDGED,
    Level,
    Row,
    Size,
    Status,
)

quoted = lru_cache(maxsize=1024)(quote_plus)
PLACES = {name: place for place, name in enumerate(Row._fields)}


class Criteria(NamedTuple):
    """What is asked of the rows. A number and the list it links to are made of the same criteria."""

    status: str = ""
    binding: str = ""
    level: str = ""
    rule: str = ""
    """SHORT or MEETS and a rule of the lowest level: "short-N07"."""
    county: str = ""
    region: int | None = None
    group: str = ""
    q: str = ""
    template: int | None = None
    size: str = ""
    expiry: str = ""
    confirmation: str = ""
    edition: str = ""

    def asked(self) -> list[tuple[str, str | int]]:
        return [(name, value) for name, value in zip(CRITERIA, self, strict=True) if value]

    def where(self, measure: str, value: Any) -> Criteria:
        """The same, and that a measure has a value."""
        values: dict[str, Any] = {measure: value}
        return self._replace(**values)

    def query(self, on: datetime.date | None = None) -> str:
        """The criteria as an address's query, with the day when it is not today."""
        asked = [f"{name}={quoted(str(value))}" for name, value in self.asked()]
        return "&".join([*asked, f"on={on}"] if on else asked)


CRITERIA = Criteria._fields
SHORT, MEETS = "short-", "meets-"
JUDGED = frozenset({Level.MET.value, Level.PARTLY.value, Level.NOT_MET.value})
SIGNED = Criteria(status=Status.SIGNED.value)


def filter_rows(rows: Iterable[Row], criteria: Criteria) -> list[Row]:
    """The only way rows are chosen: every number is the length of such a list."""
    chosen = list(rows)
    for name, value in criteria.asked():
        if name == "q":
            chosen = search(chosen, fold(criteria.q))
        elif name == "rule":
            chosen = by_rule(chosen, criteria.rule)
        else:
            index = PLACES[name]
            chosen = [row for row in chosen if row[index] == value]
    return chosen


def search(rows: list[Row], wanted: str) -> list[Row]:
    """Part of a name, or a whole code."""
    return [row for row in rows if wanted in row.search or wanted == row.code]


def by_rule(rows: list[Row], asked: str) -> list[Row]:
    """Those whose agreement in force is short of a rule, or meets it fully."""
    if asked.startswith(SHORT):
        rule = asked.removeprefix(SHORT)
        return [row for row in rows if rule in row.short_of]
    rule = asked.removeprefix(MEETS)
    return [row for row in rows if row.level in JUDGED and rule not in row.short_of]


def part_of_country(rows: list[Row], criteria: Criteria) -> str:
    """The asked part in words, as in "Läget i …". The rows are those that meet the criteria."""
    words = []
    if criteria.region:
        words.append(f"AF-region {rows[0].region_name}")
    if criteria.county:
        words.append(rows[0].county_name)
    if criteria.group:
        words.append(f"kommungrupp {rows[0].group} {rows[0].group_name}")
    if criteria.size:
        words.append(f"kommuner med {Size(criteria.size).label[0].lower()}{Size(criteria.size).label[1:]}")
    return ", ".join(words) or "landet"


def population(rows: Iterable[Row]) -> int:
    return sum(row.population for row in rows)


class Number(NamedTuple):
    """A number with its list: `size` municipalities meet `criteria`."""

    key: str
    label: str
    size: int
    of: int
    criteria: Criteria

    @property
    def percent(self) -> int:
        return percent(self.size, self.of)


def percent(count: int, of: int) -> int:
    """Whole percent, never 0 or 100 unless it is none or all."""
    if count in (0, of):
        return 100 if count else 0
    return min(99, max(1, round(100 * count / of)))


def status_numbers(rows: list[Row], base: Criteria) -> list[Number]:
    of = len(rows)
    return [count(rows, base._replace(status=key), key, label, of) for key, label in STATUS_LABELS.items()]


def binding_numbers(rows: list[Row], base: Criteria) -> list[Number]:
    """What the agreements in force rest on. "Inte bedömd" is shown only when there is something to say."""
    return judged_numbers(rows, base, "binding")


def level_numbers(rows: list[Row], base: Criteria) -> list[Number]:
    """How the agreements in force stand to the lowest level."""
    return judged_numbers(rows, base, "level")


LABELS = {
    "status": STATUS_LABELS,
    "binding": BINDING_LABELS,
    "level": LEVEL_LABELS,
    "expiry": EXPIRY_LABELS,
    "confirmation": CONFIRMATION_LABELS,
    "edition": EDITION_LABELS,
}
"""What can be measured, and the words of its values."""


def judged_numbers(rows: list[Row], base: Criteria, measure: str) -> list[Number]:
    signed = filter_rows(rows, SIGNED)
    numbers = [
        count(signed, judged_as(base, measure, key), key, label, len(signed))
        for key, label in LABELS[measure].items()
        if key != NOTHING_TO_JUDGE
    ]
    return [number for number in numbers if number.size or number.key != UNJUDGED]


def judged_as(base: Criteria, measure: str, key: str) -> Criteria:
    return base.where(measure, key)


def map_numbers(rows: list[Row], base: Criteria, measure: str) -> list[Number]:
    """Every value that the rows have of a measure: the legend of the map."""
    if measure == "status":
        return status_numbers(rows, base)
    asked = [(judged_as(base, measure, key), key, label) for key, label in LABELS[measure].items()]
    numbers = [count(rows, criteria, key, label, len(rows)) for criteria, key, label in asked]
    return [number for number in numbers if number.size]


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
    levels: list[Number]

    def cells(self, measures: Iterable[str]) -> list[Number]:
        """The columns of the breakdown: the statuses, and what is said of the agreements in force."""
        judged = {"binding": self.bindings, "level": self.levels}
        told = (number for measure in measures for number in judged[measure] if number.key != UNJUDGED)
        return [*self.statuses, *told]


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
        "region",
        "AF-region",
        "Per AF-region",
        lambda row: row.region_name,
        lambda row: sorts_as(row.region_name),
    ),
    Dimension(
        "group",
        "Kommungrupp",
        "Per kommungrupp",
        lambda row: f"{row.group} {row.group_name}",
        lambda row: row.group,
    ),
    Dimension(
        "size",
        "Folkmängd",
        "Efter folkmängd",
        lambda row: str(Size(row.size).label),
        lambda row: f"{row.size:0>9}",
    ),
    Dimension("county", "Län", "Per län", lambda row: row.county_name, lambda row: row.county),
)


def breakdown(rows: list[Row], dimension: Dimension, base: Criteria) -> list[Line]:
    ordered = sorted(rows, key=dimension.place)
    return [line(dimension, base, list(part)) for _, part in groupby(ordered, key=dimension.place)]


def line(dimension: Dimension, base: Criteria, rows: list[Row]) -> Line:
    label = dimension.name(rows[0])
    criteria = base._replace(**{dimension.key: getattr(rows[0], dimension.key)})
    return Line(
        label=label,
        criteria=criteria,
        whole=count(rows, criteria, "all", label, len(rows)),
        statuses=status_numbers(rows, criteria),
        bindings=binding_numbers(rows, criteria),
        levels=level_numbers(rows, criteria),
    )


@dataclass(frozen=True)
class Summary:
    """The country, or the part of it that was asked for, on a day."""

    whole: Number
    statuses: list[Number]
    bindings: list[Number]
    levels: list[Number]
    breakdowns: list[tuple[Dimension, list[Line]]]

    @property
    def signed(self) -> Number:
        return self.statuses[0]


def summarise(rows: list[Row], base: Criteria) -> Summary:
    """All numbers of the rows that meet the base criteria."""
    rows = filter_rows(rows, base)
    return Summary(
        whole=count(rows, base, "all", "Kommuner", len(rows)),
        statuses=status_numbers(rows, base),
        bindings=binding_numbers(rows, base),
        levels=level_numbers(rows, base),
        breakdowns=[(dimension, breakdown(rows, dimension, base)) for dimension in DIMENSIONS],
    )
