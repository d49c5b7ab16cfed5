"""Numbers in what people write about goals ("minst 40 per år", "75 av 100"), and how far it is to the target. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Final

MOST: Final = Decimal(1_000_000_000)
DECIMALS: Final = 2

_NUMBER: Final = r"(?:\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d+)(?:[.,]\d+)?"
_THOUSANDS: Final = re.compile(r"[ \u00a0\u202f]|\.(?=\d{3}(?:\D|$))")
_FOUND: Final = re.compile(rf"(?<![\w.,])(?P<sign>[-\u2212])?(?P<number>{_NUMBER})(?![.,]?\d)")
_OF: Final = re.compile(rf"\s*av\s+(?P<of>{_NUMBER})(?![\d.,]*\d)\b")
_UNIT: Final = re.compile(r"\s*(?P<unit>%|procentenheter|procent|kr(?:onor)?\b|mnkr\b|tkr\b)")
_TYPED: Final = re.compile(
    rf"[-\u2212]?{_NUMBER}(?:{_OF.pattern}|{_UNIT.pattern.replace('?P<unit>', '?:')})?", re.IGNORECASE
)
_MONTHS: Final = "jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec"
_DAY: Final = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}\s+(?:{_MONTHS})\w*(?:\s+\d{{4}})?", re.IGNORECASE)
_BEFORE_YEAR: Final = re.compile(r"\b(?:år|under|senast|från|till|sedan|inom|i|vid|december|halvåret)\s*$")
_FROM: Final = re.compile(rf"\bfrån\s+{_NUMBER}[^\d.;]*?\btill\s+(?=[^.;]*\d)", re.IGNORECASE)
_RANGE: Final = re.compile(r"\s*(?:[-–—\u2212]|till)\s*\d")
_PERCENT: Final = frozenset({"%", "procent", "procentenheter"})
_AT_MOST: Final = re.compile(
    r"\b(?:högst|max|maximalt|som mest|under|färre än|mindre än|lägre än|ned till|ner till|minska\w*)\b"
)
_AT_LEAST: Final = re.compile(r"\b(?:minst|över|fler än|mer än|högre än|upp till|öka\w*)\b")


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Measure:
    """A number as it is meant. unit: "%", "kr", "av 100" or nothing; bound: what the words around it demand."""

    value: Decimal
    unit: str = ""
    bound: Direction | None = None

    @property
    def words(self) -> str:
        return with_unit(self.value, self.unit)


def parse(text: str) -> Measure | None:
    """The first number that is neither a year nor a day; None when there is none, or when it is a span.

    "Från 20 till 40" speaks of 40.
    """
    plain = _FROM.sub("", _DAY.sub(" ", text))
    for found in _FOUND.finditer(plain):
        number = found["number"]
        before, after = plain[: found.start()].lower(), plain[found.end() :]
        if is_year(number, before, after):
            continue
        if _RANGE.match(after):
            return None
        value = to_decimal(number)
        if value >= MOST:
            return None
        return Measure(-value if found["sign"] else value, unit_of(after), bound_of(before))
    return None


def is_year(number: str, before: str, after: str) -> bool:
    """Whether four digits are a year: alone, or after a word that years come after; never with a unit."""
    if not re.fullmatch(r"(?:19|20|21)\d\d", number) or _UNIT.match(after) or _OF.match(after):
        return False
    return bool(_BEFORE_YEAR.search(before)) or not (before.strip() or after.strip())


def to_decimal(number: str) -> Decimal:
    return Decimal(_THOUSANDS.sub("", number).replace(",", "."))


def unit_of(after: str) -> str:
    of = _OF.match(after)
    if of:
        return f"av {of['of']}"
    unit = _UNIT.match(after.lower())
    if unit is None:
        return ""
    return "%" if unit["unit"] in _PERCENT else unit["unit"].replace("kronor", "kr")


def bound_of(before: str) -> Direction | None:
    """What the nearest word before the number demands."""
    last = {direction: ends(pattern, before) for direction, pattern in BOUNDS.items()}
    nearest = max(last, key=lambda direction: last[direction])
    return nearest if last[nearest] >= 0 else None


BOUNDS: Final = {Direction.UP: _AT_LEAST, Direction.DOWN: _AT_MOST}


def ends(pattern: re.Pattern[str], text: str) -> int:
    return max((found.end() for found in pattern.finditer(text)), default=-1)


def parse_value(text: str, unit: str = "") -> Decimal:
    """A measured value as somebody types it. Raises ValueError with what is wrong, in Swedish."""
    typed = text.strip()
    found = (parse(typed) if _TYPED.fullmatch(typed) else None) or year_as_number(typed)
    if found is None:
        raise ValueError("Skriv värdet som ett tal, till exempel 62 eller 62,5.")
    if unit and found.unit and found.unit != unit:
        raise ValueError(f"Målet är satt i ”{unit}”. Skriv värdet på samma sätt.")
    if -found.value.as_tuple().exponent > DECIMALS:  # type: ignore[operator]  # a finite number
        raise ValueError(f"Högst {DECIMALS} decimaler får plats.")
    return found.value


def year_as_number(text: str) -> Measure | None:
    """Where a value is asked for, 2026 is a number."""
    return Measure(Decimal(text)) if re.fullmatch(r"\d{4}", text) else None


def plain_number(value: Decimal) -> str:
    """As Swedes write it: 1 200, 62,5; no decimals that say nothing."""
    whole = f"{value:,.{DECIMALS}f}".rstrip("0").rstrip(".")
    return whole.replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")


def with_unit(value: Decimal, unit: str) -> str:
    return f"{plain_number(value)}\u00a0{unit}" if unit else plain_number(value)


@dataclass(frozen=True)
class Way:
    """The way a goal has to go. Without a target there is nothing to reach; without a baseline it starts at nothing."""

    baseline: Decimal | None
    target: Decimal | None
    direction: Direction
    unit: str = ""

    def is_reached(self, value: Decimal) -> bool:
        if self.target is None:
            return False
        return value >= self.target if self.direction is Direction.UP else value <= self.target

    def share(self, value: Decimal) -> int | None:
        """How much of the way has been gone, in percent from 0 to 100; None when it can't be said."""
        if self.target is None:
            return None
        if self.is_reached(value):
            return 100
        start = self.baseline
        if start is None:
            if self.direction is Direction.DOWN or self.target <= 0:
                return None
            start = Decimal(0)
        if start == self.target:
            return 0
        return max(0, min(99, int(100 * (value - start) / (self.target - start))))


def way(baseline: str, target: str) -> Way:
    """What the two texts of a goal say. A baseline in another unit than the target's says nothing of the way."""
    aim, start = parse(target), parse(baseline)
    if aim is None:
        return Way(start.value if start else None, None, Direction.UP, start.unit if start else "")
    if start is not None and start.unit != aim.unit:
        start = None
    return Way(start.value if start else None, aim.value, direction_of(start, aim), aim.unit)


def direction_of(start: Measure | None, aim: Measure) -> Direction:
    """Towards the target from where it was; where that is not known, as the words before the number say."""
    if start is not None and start.value != aim.value:
        return Direction.UP if aim.value > start.value else Direction.DOWN
    return aim.bound or Direction.UP


def round_steps(low: Decimal, high: Decimal, most: int = 4) -> Iterator[Decimal]:
    """Round numbers from just below the lowest to just above the highest, few enough to stand beside a small chart."""
    span = max(high - low, Decimal(1))
    step = next(size for size in step_sizes() if span / size <= most)
    first = (low / step).to_integral_value(rounding=ROUND_FLOOR) * step
    last = max((high / step).to_integral_value(rounding=ROUND_CEILING) * step, first + step)
    while first <= last:
        yield first
        first += step


def step_sizes() -> Iterator[Decimal]:
    size = Decimal("0.5")
    while True:
        for times in (1, 2, 4, 5, 10):
            yield size * times
        size *= 10
