"""What has changed in the country between two days: who came, who left, who stands otherwise. Pure, over the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from nationwide.rules import Row

ABSENT: Final = "Fanns inte"
"""A municipality that did not exist on one of the days."""


class Change(NamedTuple):
    """A municipality that has changed, and how it stood on both days."""

    row: Row
    """As it stands on the later day; as it stood on the earlier one when it is gone."""
    before: str
    after: str
    version_before: int | None
    version_after: int | None


class Pair(NamedTuple):
    """A municipality on both days; it may have existed on one of them only."""

    row: Row
    before: Row | None
    after: Row | None


class Move(NamedTuple):
    """How many went from one standing to another."""

    before: str
    after: str
    size: int


class Group(NamedTuple):
    """A kind of change, and everybody it holds of, in Swedish order."""

    key: str
    heading: str
    changes: list[Change]

    @property
    def moves(self) -> list[Move]:
        counted = Counter((change.before, change.after) for change in self.changes)
        return [Move(*pair, count) for pair, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]


class Kind(NamedTuple):
    key: str
    heading: str
    holds: Callable[[Row | None, Row | None], bool]
    said: Callable[[Row], str]


def came(before: Row | None, after: Row | None) -> bool:
    return is_signed(after) and not is_signed(before)


def left(before: Row | None, after: Row | None) -> bool:
    return is_signed(before) and not is_signed(after)


def moved(before: Row | None, after: Row | None) -> bool:
    """Without an agreement in force on either day, but not standing where it stood."""
    if before is None or after is None or before.is_signed or after.is_signed:
        return False
    return before.status != after.status


def differs(measure: str) -> Callable[[Row | None, Row | None], bool]:
    """An agreement in force on both days, of which something else holds."""

    def holds(before: Row | None, after: Row | None) -> bool:
        if before is None or after is None or not before.is_signed or not after.is_signed:
            return False
        return bool(getattr(before, measure) != getattr(after, measure))

    return holds


def is_signed(row: Row | None) -> bool:
    return row is not None and row.is_signed


KINDS: Final = (
    Kind("kom", "Har fått en gällande överenskommelse", came, lambda row: row.status_label),
    Kind("gick", "Har inte längre någon gällande", left, lambda row: row.status_label),
    Kind("status", "Annan status, utan gällande överenskommelse", moved, lambda row: row.status_label),
    Kind("bindning", "Vilar på annat", differs("binding"), lambda row: row.binding_label),
    Kind("niva", "Annan lägsta nivå", differs("level"), lambda row: row.level_label),
    Kind("mall", "Annan mall", differs("template"), lambda row: f"Mall {row.template}"),
    Kind(
        "bekraftade", "Andra besked om kontaktuppgifterna", differs("confirmation"), lambda row: row.confirmation_label
    ),
    Kind("ny", "Ny kommun", lambda before, after: before is None, lambda row: row.status_label),
    Kind("upphord", "Kommun som har upphört", lambda before, after: after is None, lambda row: row.status_label),
)


def changes_between(earlier: Iterable[Row], later: Iterable[Row]) -> list[Group]:
    """Every kind of change that somebody has made; each municipality at most once in a kind."""
    before, after = by_organisation(earlier), by_organisation(later)
    everybody = {**after, **{key: row for key, row in before.items() if key not in after}}
    pairs = [Pair(row, before.get(key), after.get(key)) for key, row in everybody.items()]
    groups = [Group(kind.key, kind.heading, [*of_kind(kind, pairs)]) for kind in KINDS]
    return [group for group in groups if group.changes]


def by_organisation(rows: Iterable[Row]) -> dict[int, Row]:
    return {row.organisation: row for row in rows}


def of_kind(kind: Kind, pairs: Iterable[Pair]) -> Iterable[Change]:
    return (change(kind, pair) for pair in pairs if kind.holds(pair.before, pair.after))


def change(kind: Kind, pair: Pair) -> Change:
    _, before, after = pair
    return Change(pair.row, said(kind, before), said(kind, after), version(before), version(after))


def said(kind: Kind, row: Row | None) -> str:
    return ABSENT if row is None else kind.said(row)


def version(row: Row | None) -> int | None:
    return row.version if row else None


class ChangeLine(NamedTuple):
    heading: str
    change: Change


COLUMNS: Final[Mapping[str, Callable[[ChangeLine], Any]]] = {
    "Kommunkod": lambda line: line.change.row.code,
    "Kommun": lambda line: line.change.row.name,
    "Län": lambda line: line.change.row.county_name,
    "Arbetsförmedlingens region": lambda line: line.change.row.region_name,
    "Kommungrupp": lambda line: line.change.row.group_name,
    "Folkmängd": lambda line: line.change.row.population,
    "Förändring": lambda line: line.heading,
    "Före": lambda line: line.change.before,
    "Efter": lambda line: line.change.after,
}


def as_lines(groups: Iterable[Group]) -> list[ChangeLine]:
    return [ChangeLine(group.heading, change) for group in groups for change in group.changes]
