"""The rule sets as their pages show them: when each applies, and what their history says. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from agreements.models import RuleSet


@dataclass(frozen=True)
class Applies:
    """A rule set and the days it judges. until: the first day of the next; None when there is none."""

    rule_set: RuleSet
    until: datetime.date | None
    when: str
    """draft, coming, now or past."""


def timeline(rule_sets: Iterable[RuleSet], today: datetime.date) -> list[Applies]:
    """The draft first, then the published ones, the latest first."""
    rule_sets = list(rule_sets)
    drafts = [Applies(row, None, "draft") for row in rule_sets if row.published_at is None]
    published = sorted(((row.valid_from, row) for row in rule_sets if row.valid_from and row.published_at), key=_day)
    ends = [*(day for day, _ in published[1:]), None]
    return (
        drafts
        + [Applies(row, end, when(day, end, today)) for (day, row), end in zip(published, ends, strict=True)][::-1]
    )


def _day(pair: tuple[datetime.date, RuleSet]) -> datetime.date:
    return pair[0]


def when(first: datetime.date, end: datetime.date | None, today: datetime.date) -> str:
    if first > today:
        return "coming"
    return "past" if end is not None and end <= today else "now"
