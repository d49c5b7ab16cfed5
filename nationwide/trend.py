"""The lowest level over time: every quarter since 2022 with one query, and the curve that is drawn of it.

Each day is judged by the rule set of that day: the periods say so by themselves, and nothing is judged anew.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from nationwide.counting import SIGNED, Criteria, Number
from nationwide.coverage import end_of
from nationwide.rules import EARLIEST, LEVEL_LABELS, UNJUDGED, Level

LEVELS: Final = (Level.MET.value, Level.PARTLY.value, Level.NOT_MET.value, UNJUDGED)
COUNT: Final = """
SELECT asked.day, coalesce(nullif(judged.level, ''), 'unjudged'), count(*)
FROM unnest(%(days)s::date[], %(ends)s::timestamptz[]) AS asked(day, day_end)
JOIN agreements_party AS party ON party.in_force @> asked.day
JOIN municipalities_municipality AS place ON place.organisation_id = party.organisation_id
    AND (place.valid_from IS NULL OR place.valid_from <= asked.day)
    AND (place.valid_to IS NULL OR place.valid_to > asked.day)
JOIN municipalities_county AS county ON county.code = place.county_id
LEFT JOIN agreements_verdictperiod AS judged ON judged.version_id = party.version_id
    AND judged.since < asked.day_end AND (judged.until IS NULL OR judged.until >= asked.day_end)
WHERE (%(county)s = '' OR place.county_id = %(county)s)
    AND (%(group)s = '' OR place.group_id = %(group)s)
    AND (%(region)s::bigint IS NULL OR county.af_region_id = %(region)s::bigint)
GROUP BY 1, 2
"""
"""Of the municipalities that were bound on the day; a municipality is bound by one agreement at a time."""


class Point(NamedTuple):
    """A day, and how many municipalities' agreements stood at each level."""

    day: datetime.date
    numbers: list[Number]

    @property
    def signed(self) -> int:
        return sum(number.size for number in self.numbers)


def quarters(last: datetime.date) -> list[datetime.date]:
    """The last day of every quarter from the first that can be shown, and the day itself."""
    firsts = (datetime.date(year, month, 1) for year in range(EARLIEST.year, last.year + 2) for month in (1, 4, 7, 10))
    ends = (first - datetime.timedelta(days=1) for first in firsts)
    return sorted({*(end for end in ends if EARLIEST <= end <= last), last})


def read_trend(last: datetime.date, criteria: Criteria) -> list[Point]:
    """One point for each quarter, oldest first. One query, however many days."""
    days = quarters(last)
    asked: dict[str, Any] = {
        "days": days,
        "ends": [end_of(day) for day in days],
        "county": criteria.county,
        "group": criteria.group,
        "region": criteria.region,
    }
    found: defaultdict[datetime.date, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, asked)
        for day, level, count in cursor.fetchall():
            found[day][level] = count
    return [Point(day, list(numbers_of(found[day], criteria))) for day in days]


def numbers_of(found: Mapping[str, int], criteria: Criteria) -> Iterator[Number]:
    """Each number with the criteria of its list, so that the list is as long as the number says."""
    of = sum(found.values())
    for level in LEVELS:
        asked = criteria._replace(status=SIGNED.status, level=level)
        yield Number(level, LEVEL_LABELS[level], found.get(level, 0), of, asked)


# ------------------------------------------------------------------------------------------------------ the curve

WIDTH, HEIGHT = 400, 200
LEFT, RIGHT, TOP, BOTTOM = 28, 8, 10, 22
STEPS: Final = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


class Line(NamedTuple):
    """One level as a curve: its points in the picture, and where it ends."""

    level: str
    label: str
    path: str
    marks: list[tuple[str, str]]


class Rule(NamedTuple):
    """A line across or a word below, with its place."""

    at: str
    text: str


class Picture(NamedTuple):
    lines: list[Line]
    across: list[Rule]
    years: list[Rule]


def draw_trend(points: Sequence[Point]) -> Picture:
    """The curves of what is judged, in a frame whose height is a round number."""
    top = round_up(max((number.size for point in points for number in point.numbers), default=0))
    places = [x_of(index, len(points)) for index in range(len(points))]
    lines = [line_of(place, points, places, top) for place in range(3)]
    across = [Rule(f"{y_of(value, top):.1f}", str(value)) for value in (0, top // 2, top)]
    return Picture(lines, across, list(years_of(points, places)))


def line_of(place: int, points: Sequence[Point], places: Sequence[float], top: int) -> Line:
    sizes = [point.numbers[place].size for point in points]
    marks = [(f"{x:.1f}", f"{y_of(size, top):.1f}") for x, size in zip(places, sizes, strict=True)]
    number = points[-1].numbers[place]
    return Line(number.key, number.label, " ".join(f"{x},{y}" for x, y in marks), marks)


def years_of(points: Sequence[Point], places: Sequence[float]) -> Iterator[Rule]:
    """Each year under its first point."""
    seen: set[int] = set()
    for point, x in zip(points, places, strict=True):
        if point.day.year not in seen:
            seen.add(point.day.year)
            yield Rule(f"{x:.1f}", str(point.day.year))


def round_up(value: int) -> int:
    return next((step for step in steps() if step >= value), value)


def steps() -> Iterable[int]:
    """Round numbers, close enough to one another that the curve fills its frame."""
    return sorted({step * times for step in STEPS for times in (1, 2, 3, 4, 6)})


def x_of(index: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (index / (count - 1) if count > 1 else 1)


def y_of(value: int, top: int) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / top)
