"""What a draft rule set would mean: every agreement in force judged by it and by the set in force. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from agreements import lowest_level
from agreements.lowest_level import RULES, STATUS_LABELS, Judged, Status, Weight, level_of


class Changed(NamedTuple):
    """A version that is judged otherwise by the draft; kept as a list in JSON."""

    version: int
    before: str
    after: str
    falls_short: list[str]
    """Rules it meets today or is short of as advice alone, and would be short of, or short of as a demand."""
    mended: list[str]


@dataclass
class Impact:
    """Counted version by version: what is kept of each is at most a line."""

    now: Counter[str] = field(default_factory=Counter)
    then: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    changed: list[Changed] = field(default_factory=list)
    agreements: int = 0

    def add(self, version: int, now: list[Judged], then: list[Judged]) -> None:
        before, after = level_of(now), level_of(then)
        falls_short, mended = heavier(short(then), short(now)), heavier(short(now), short(then))
        self.agreements += 1
        self.now[before] += 1
        self.then[after] += 1
        self.rules.update(falls_short)
        if before != after or falls_short or mended:
            self.changed.append(Changed(version, before, after, falls_short, mended))

    def as_json(self, against: int | None) -> dict[str, Any]:
        """What RuleSet.impact holds. against: the number of the set in force."""
        return {
            "against": against,
            "agreements": self.agreements,
            "now": dict(self.now),
            "then": dict(self.then),
            "rules": dict(sorted(self.rules.items())),
            "changed": [list(line) for line in self.changed],
        }


def short(outcomes: Iterable[Judged]) -> dict[str, bool]:
    """The rules that are not fully met, and whether each is a demand."""
    return {outcome.rule: outcome.weight is Weight.DEMAND for outcome in lowest_level.short_of(outcomes)}


def heavier(one: dict[str, bool], other: dict[str, bool]) -> list[str]:
    """What one is short of and the other is not, or only as advice."""
    return sorted(rule for rule, demand in one.items() if rule not in other or (demand and not other[rule]))


# --------------------------------------------------------------------------------------------------- as it is shown


class Count(NamedTuple):
    """How many agreements have the status now, and would have it."""

    status: str
    label: str
    now: int
    then: int

    @property
    def difference(self) -> str:
        change = self.then - self.now
        return f"{change:+d}".replace("-", "−") if change else "0"


class NewlyShort(NamedTuple):
    """A rule, and how many agreements would newly fall short of it, or now do so as a demand."""

    rule: str
    title: str
    agreements: int


@dataclass(frozen=True)
class Weighed:
    """A counted impact, ready to show."""

    against: int | None
    agreements: int
    counts: list[Count]
    rules: list[NewlyShort]
    changed: list[Changed]

    def falling_short(self, rule: str) -> list[Changed]:
        """Those that would newly fall short of the rule; all that change when none is named."""
        return [line for line in self.changed if not rule or rule in line.falls_short]


def weighed(impact: dict[str, Any]) -> Weighed:
    now, then = impact["now"], impact["then"]
    return Weighed(
        against=impact["against"],
        agreements=impact["agreements"],
        counts=[Count(s, STATUS_LABELS[s].capitalize(), now.get(s, 0), then.get(s, 0)) for s in Status],
        rules=[NewlyShort(rule, RULES[rule].title, count) for rule, count in impact["rules"].items()],
        changed=[Changed(*line) for line in impact["changed"]],
    )
