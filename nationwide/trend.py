"""Any measure over time: every quarter since 2022 with one query, and the curves that are drawn of it.

Each day is judged by the rule set of that day: the periods say so by themselves, and nothing is judged anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from nationwide.counting import LABELS, SIGNED, Criteria, Number
from nationwide.map import INKS
from nationwide.rules import EARLIEST, NOTHING_TO_JUDGE, UNJUDGED
from nationwide.tally import Tally, read_tallies

POPULATION: Final = "population"
TOPICS: Final = {
    "status": "Status",
    POPULATION: "Invånare som omfattas",
    "binding": "Vad de vilar på",
    "level": "Lägsta nivå",
    "expiry": "Löper ut",
    "confirmation": "Kontaktuppgifter",
    "edition": "Mall",
}
"""What can be followed over time."""


class Point(NamedTuple):
    """A day, and how many municipalities there were of each value."""

    day: datetime.date
    signed: int
    numbers: list[Number]


def quarters(last: datetime.date) -> list[datetime.date]:
    """The last day of every quarter from the first that can be shown, and the day itself."""
    firsts = (datetime.date(year, month, 1) for year in range(EARLIEST.year, last.year + 2) for month in (1, 4, 7, 10))
    ends = (first - datetime.timedelta(days=1) for first in firsts)
    return sorted({*(end for end in ends if EARLIEST <= end <= last), last})


def read_trend(last: datetime.date, criteria: Criteria, measure: str = "level") -> list[Point]:
    """One point for each quarter, oldest first. One query, however many days."""
    tallies = read_tallies(quarters(last), criteria)
    return [Point(tally.day, tally.signed, list(numbers_of(tally, criteria, measure))) for tally in tallies]


def numbers_of(tally: Tally, criteria: Criteria, measure: str) -> Iterator[Number]:
    """Each number with the criteria of its list, so that the list is as long as the number says."""
    if measure == POPULATION:
        asked = criteria._replace(status=SIGNED.status)
        yield Number(POPULATION, "Procent av invånarna", tally.population_percent, 100, asked)
        return
    sizes = tally.sizes[measure]
    for key, label in LABELS[measure].items():
        if measure == "status":
            yield Number(key, label, sizes[key], sizes.total(), criteria._replace(status=key))
        elif key != NOTHING_TO_JUDGE:
            asked = criteria._replace(status=SIGNED.status).where(measure, key)
            yield Number(key, label, sizes[key], sizes.total(), asked)


# ------------------------------------------------------------------------------------------------------ the curve

WIDTH, HEIGHT = 400, 200
LEFT, RIGHT, TOP, BOTTOM = 28, 8, 10, 22
STEPS: Final = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


class Line(NamedTuple):
    """One value as a curve: its points in the picture. An ink is a colour, a stroke and a mark."""

    ink: str
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


def draw_trend(points: Sequence[Point], measure: str = "level") -> Picture:
    """The curves of what is judged, in a frame whose height is a round number."""
    top = round_up(max((number.size for point in points for number in point.numbers), default=0))
    places = [x_of(index, len(points)) for index in range(len(points))]
    shown = [place for place, number in enumerate(points[-1].numbers) if number.key != UNJUDGED]
    lines = [line_of(place, points, places, top, measure) for place in shown]
    across = [Rule(f"{y_of(value, top):.1f}", str(value)) for value in (0, top // 2, top)]
    return Picture(lines, across, list(years_of(points, places)))


def line_of(place: int, points: Sequence[Point], places: Sequence[float], top: int, measure: str) -> Line:
    sizes = [point.numbers[place].size for point in points]
    marks = [(f"{x:.1f}", f"{y_of(size, top):.1f}") for x, size in zip(places, sizes, strict=True)]
    number = points[-1].numbers[place]
    ink = INKS.get(measure, {}).get(number.key, "good")
    return Line(ink, number.label, " ".join(f"{x},{y}" for x, y in marks), marks)


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
