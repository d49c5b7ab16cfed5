"""Reads an organisation's contact points as one reader sees them: a constant number of queries."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from contacts.judging import Shown, level_heading, show
from contacts.models import Holder, Level
from contacts.personbound import Verdict
from municipalities.models import Organisation

DEMANDED = (Level.STRATEGIC, Level.OPERATIVE)
"""The levels that every agreement needs a function-bound contact point on, from each party."""


@dataclass(frozen=True)
class LevelGroup:
    """The contact points on one level; one that is demanded is there even when it is empty."""

    level: str
    name: str
    demanded: bool
    points: tuple[Shown, ...]

    @property
    def is_held(self) -> bool:
        """Whether somebody can be reached here whoever works there."""
        return any(point.assessment.verdict == Verdict.FUNCTION_BOUND for point in self.points)


@dataclass(frozen=True)
class Register:
    groups: tuple[LevelGroup, ...]
    ended: tuple[Shown, ...]

    @property
    def total(self) -> int:
        return sum(len(group.points) for group in self.groups)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many contact points there are in each state, the good one first."""
        found = Counter(point.assessment.verdict for group in self.groups for point in group.points)
        return [(verdict.value, found[verdict]) for verdict in Verdict if found[verdict]]

    @property
    def lacking(self) -> list[LevelGroup]:
        """The demanded levels where no contact point would survive a change of staff."""
        return [group for group in self.groups if group.demanded and not group.is_held]


def read_register(organisation: Organisation, *, names: bool, today: datetime.date) -> Register:
    points = list(organisation.contact_points.with_function().by_level())
    active = [point for point in points if point.ended_on is None]
    holders = current_holders([point.pk for point in active], today)
    shown = [show(point, holders[point.pk], names=names) for point in active]
    is_party = organisation.side != Organisation.Side.NONE
    groups = [_group(Level(level), shown, is_party=is_party) for level in Level.values]
    ended = sorted((p for p in points if p.ended_on), key=lambda p: (p.ended_on, p.pk), reverse=True)
    gone = tuple(show(point, [], names=names) for point in ended)
    return Register(tuple(g for g in groups if g.points or g.demanded), gone)


def _group(level: Level, shown: list[Shown], *, is_party: bool) -> LevelGroup:
    points = tuple(point for point in shown if point.level == level)
    return LevelGroup(level.value, level_heading(level), is_party and level in DEMANDED, points)


def current_holders(contact_point_ids: Collection[int], today: datetime.date) -> defaultdict[int, list[Holder]]:
    """Who holds each contact point today, with one query."""
    found: defaultdict[int, list[Holder]] = defaultdict(list)
    for holder in Holder.objects.current(today).filter(contact_point__in=contact_point_ids).order_by("-pk"):
        found[holder.contact_point_id].append(holder)
    return found
