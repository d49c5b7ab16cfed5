"""A goal's values drawn as a small curve, with lines for the target and where it began. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from agreements.dates import spelled
from agreements.goals import Goal
from agreements.measures import plain_number, round_steps, with_unit

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 24
LEAST_DAYS: Final = 90
"""A curve of a few days is drawn over a quarter, so that it does not look like more than it is."""
LONGEST: Final = 24
"""Values drawn; older ones stand in the table."""


class Mark(NamedTuple):
    """A place along one side of the picture, and what is written there."""

    at: str
    text: str


class Dot(NamedTuple):
    x: str
    y: str


class Chart(NamedTuple):
    """All that the template draws. target and baseline: the height of their lines, if they have any."""

    title: str
    description: str
    path: str
    dots: list[Dot]
    across: list[Mark]
    days: list[Mark]
    target: Mark | None
    baseline: Mark | None


def draw(goal: Goal) -> Chart | None:
    """The curve; None without a value."""
    values = goal.values[-LONGEST:]
    if not values:
        return None
    lines = [height for height in (goal.way.target, goal.way.baseline) if height is not None]
    heights = [value.value for value in values] + lines
    steps = list(round_steps(min(heights), max(heights)))
    first, last = span([value.on for value in values])
    places = [Dot(x_of(value.on, first, last), y_of(value.value, steps[0], steps[-1])) for value in values]
    return Chart(
        title=f"{goal.what}: uppmätta värden",
        description=told(goal),
        path=" ".join(f"{dot.x},{dot.y}" for dot in places),
        dots=places,
        across=[Mark(y_of(step, steps[0], steps[-1]), plain_number(step)) for step in steps],
        days=list(day_marks(first, last)),
        target=line_of(goal.way.target, "Mål", goal.way.unit, steps),
        baseline=line_of(goal.way.baseline, "Utgångsläge", goal.way.unit, steps),
    )


def line_of(height: Decimal | None, word: str, unit: str, steps: Sequence[Decimal]) -> Mark | None:
    return None if height is None else Mark(y_of(height, steps[0], steps[-1]), f"{word} {with_unit(height, unit)}")


def span(days: Sequence[datetime.date]) -> tuple[datetime.date, datetime.date]:
    """The first and the last day drawn."""
    first, last = days[0], days[-1]
    lack = LEAST_DAYS - (last - first).days
    return (first - datetime.timedelta(days=lack), last) if lack > 0 else (first, last)


def x_of(day: datetime.date, first: datetime.date, last: datetime.date) -> str:
    return f"{LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / (last - first).days:.1f}"


def y_of(value: Decimal, low: Decimal, high: Decimal) -> str:
    return f"{float(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)):.1f}"


def day_marks(first: datetime.date, last: datetime.date) -> Iterator[Mark]:
    for day in (first, last):
        yield Mark(x_of(day, first, last), day.isoformat())


def told(goal: Goal) -> str:
    """What the curve shows, in words."""
    first, latest = goal.values[0], goal.values[-1]
    words = f"{first.words} den {spelled(first.on)}."
    if latest is not first:
        way = f"Från {first.words} den {spelled(first.on)} till {latest.words} den {spelled(latest.on)}"
        words = f"{way}, {len(goal.values)} värden."
    if goal.way.target is None:
        return words
    reached = "Målet är nått." if goal.is_reached else "Målet är inte nått."
    return f"{words} Målvärde {goal.target}. {reached} Samma siffror står i tabellen."
