"""The life of one agreement as dates: what has happened, version by version. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from agreements.ending import how_ended
from agreements.rules import days_in_force
from agreements.states import State

Date = datetime.date
Moment = datetime.datetime

SWEDEN = ZoneInfo("Europe/Stockholm")
EARLIEST_TODAY = Date(2024, 9, 1)
"""The story needs some time after 2023 to run out and be renewed in."""
TEMPLATE_DAY = Date(2022, 12, 1)
FIRST_WAVE = (Date(2022, 12, 14), Date(2023, 3, 14))
SECOND_WAVE = (Date(2023, 3, 20), Date(2023, 12, 15))
FIRST_WAVE_BINDS = Date(2023, 3, 15)
SECOND_WAVE_BINDS = Date(2023, 12, 29)
FIRST_END = Date(2024, 1, 31)
NOTICE = (3, 6, 6, 12)


class Fate(StrEnum):
    """What has become of the first agreement by today."""

    OPEN = "open"
    DATED = "dated"
    EXPIRING = "expiring"
    AMENDED = "amended"
    RENEWED = "renewed"
    RENEWED_AHEAD = "renewed_ahead"
    AMENDING = "amending"
    EXPIRED = "expired"
    RESTARTED = "restarted"
    FIRST_IN_WORK = "first_in_work"
    NONE = "none"


WORK_STATES = (State.DRAFT, State.PROPOSED, State.DRAFT, State.ACCEPTED, State.SIGNING)


@dataclass(frozen=True)
class Steps:
    """When a version was begun, handed over, agreed to and signed; what has not happened is missing."""

    created: Moment
    proposed: Moment | None = None
    accepted: Moment | None = None
    signed: tuple[Moment, ...] = ()

    @property
    def last(self) -> Moment:
        """When it came where it stands."""
        return max(step for step in (self.created, self.proposed, self.accepted, *self.signed) if step)


@dataclass(frozen=True)
class VersionPlan:
    state: State
    steps: Steps
    start: Date
    end: Date | None
    revision: Date | None
    new_agreement: bool = True
    bound: tuple[Date, Date | None] | None = None
    """Half-open range of days in force."""
    ended: Moment | None = None
    ended_as: str = ""
    discarded: Moment | None = None


@dataclass(frozen=True)
class Working:
    """How far a version that is not in force yet has come, and how many are to sign."""

    state: State
    signatures: int
    today: Date


def versions(fate: Fate, rng: Random, *, early: bool, working: Working) -> Iterator[VersionPlan]:
    """The versions of an agreement with this fate, oldest first."""
    today, signatures = working.today, working.signatures
    if fate is Fate.NONE:
        return
    if fate is Fate.FIRST_IN_WORK:
        yield in_work(rng, working, since=today - days(60))
        return
    signed, start = first_days(rng, early=early)
    first = Binding(signed, start, first_end(fate, rng, today), today)
    follower = following(fate, rng, working, first)
    cut = follower.bound[0] if follower and follower.bound else None
    yield first.plan(rng, signatures, cut=cut)
    if follower:
        yield follower


def first_days(rng: Random, *, early: bool) -> tuple[Date, Date]:
    """The day of the last signature, and the first day it is to bind."""
    signed = weekday(between(rng, *(FIRST_WAVE if early else SECOND_WAVE)))
    latest = FIRST_WAVE_BINDS if early else SECOND_WAVE_BINDS
    return signed, min(signed + days(rng.choice((0, 0, 1, 4, 10, 17))), latest)


def first_end(fate: Fate, rng: Random, today: Date) -> Date | None:
    """The last day of the first version, None when it has no end."""
    if fate in (Fate.EXPIRED, Fate.RESTARTED):
        return between(rng, FIRST_END, today - days(70))
    if fate is Fate.RENEWED:
        return end_of_month(between(rng, FIRST_END, today - days(150)))
    if fate is Fate.RENEWED_AHEAD:
        return today + days(rng.randint(8, 40))
    if fate is Fate.EXPIRING:
        return today + days(rng.randint(15, 175))
    if fate is Fate.DATED:
        return Date(today.year + rng.choice((1, 1, 2)), 12, 31)
    return None


def following(fate: Fate, rng: Random, working: Working, first: Binding) -> VersionPlan | None:
    """The version after the first, when there is one."""
    end, today, signatures = first.end, working.today, working.signatures
    if fate is Fate.AMENDED:
        signed = weekday(between(rng, first.start + days(240), today - days(25)))
        start = signed + days(rng.choice((0, 1, 7)))
        return Binding(signed, start, None, today, began=signed - days(90), new=False).plan(rng, signatures)
    if fate is Fate.RENEWED and end is not None:
        late = rng.choice((0, 0, 0, 12, 45))
        signed = weekday(end + days(late - rng.randint(2, 10)))
        start = max(end + days(1), signed)
        return Binding(signed, start, years_on(start, 3, today), today, began=signed - days(80), new=False).plan(
            rng, signatures
        )
    if fate is Fate.RENEWED_AHEAD and end is not None:
        signed = weekday(today - days(rng.randint(4, 20)))
        return Binding(signed, end + days(1), None, today, began=signed - days(70), new=False).plan(rng, signatures)
    if fate is Fate.AMENDING:
        return in_work(rng, working, since=today - days(60), new=False)
    if fate is Fate.RESTARTED and end is not None:
        return in_work(rng, working, since=max(end, today - days(60)))
    return None


@dataclass(frozen=True)
class Binding:
    """A version that has been signed: when, from which day to which, and how it stands today."""

    signed: Date
    start: Date
    end: Date | None
    today: Date
    began: Date = TEMPLATE_DAY
    new: bool = True

    def plan(self, rng: Random, signatures: int, *, cut: Date | None = None) -> VersionPlan:
        """cut: the first day of the version that replaces this one."""
        lower, upper = days_in_force(self.start, self.end, self.signed)
        if cut is not None and (upper is None or upper > cut):
            upper = cut
        over = upper is not None and upper <= self.today
        ended_as = how_ended(replaced=upper == cut, notice_until=None) if over else ""
        return VersionPlan(
            state=State.ENDED if over else State.IN_FORCE,
            steps=steps(rng, self._begun(rng), self.signed, signatures),
            start=self.start,
            end=self.end,
            revision=revision(rng, self.start, self.end, self.today),
            new_agreement=self.new,
            bound=(lower, upper),
            ended=moment(upper, 3) if over and upper else None,
            ended_as=ended_as,
        )

    def _begun(self, rng: Random) -> Date:
        return max(TEMPLATE_DAY, self.began, self.signed - days(rng.randint(25, 75)))


def in_work(rng: Random, working: Working, *, since: Date, new: bool = True) -> VersionPlan:
    """A version being written, negotiated or signed."""
    yesterday = working.today - days(1)
    begun = between(rng, since, yesterday - days(8))
    done = steps(rng, begun, between(rng, begun + days(7), yesterday), working.signatures)
    reached = {
        State.DRAFT: Steps(done.created),
        State.PROPOSED: Steps(done.created, done.proposed),
        State.ACCEPTED: Steps(done.created, done.proposed, done.accepted),
        State.SIGNING: Steps(done.created, done.proposed, done.accepted, done.signed[:1]),
    }[working.state]
    start = end_of_month(working.today + days(30)) + days(1)
    end = years_on(start, 3, working.today)
    return VersionPlan(working.state, reached, start, end, start + days(700), new_agreement=new)


def in_bin(begun: Date, discarded: Date, start: Date) -> VersionPlan:
    """A draft that was begun and thrown away."""
    return VersionPlan(
        state=State.DISCARDED,
        steps=Steps(moment(weekday(begun), 9)),
        start=start,
        end=Date(start.year + 2, 12, 31),
        revision=None,
        new_agreement=False,
        discarded=moment(discarded, 15),
    )


def steps(rng: Random, begun: Date, signed: Date, signatures: int) -> Steps:
    """The moments from the first line to the last signature, each later than the one before."""
    span = (signed - begun).days
    proposed, accepted = (
        begun + days(span * rng.randint(40, 60) // 100),
        begun + days(span * rng.randint(65, 80) // 100),
    )
    left = (signed - accepted).days
    signing = [accepted + days(left * number // signatures) for number in range(1, signatures)] + [signed]
    return Steps(
        created=moment(weekday(begun), 8, rng),
        proposed=moment(weekday(proposed), 9, rng),
        accepted=moment(weekday(accepted), 10, rng),
        signed=tuple(moment(weekday(day), 11 + number, rng) for number, day in enumerate(signing)),
    )


def revision(rng: Random, start: Date, end: Date | None, today: Date) -> Date:
    """When it is to be seen over: half a year before its end, else some day to come."""
    if end is not None:
        return max(start, end - days(180))
    return max(start + days(365), today) + days(rng.randint(30, 400))


def moment(day: Date, hour: int, rng: Random | None = None) -> Moment:
    return Moment.combine(day, datetime.time(hour, rng.randrange(60) if rng else 0), tzinfo=SWEDEN)


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


def between(rng: Random, first: Date, last: Date) -> Date:
    """Some day from the first to the last, both included."""
    return first + days(rng.randint(0, max(0, (last - first).days)))


def weekday(day: Date) -> Date:
    """The day itself, or the Friday before a weekend."""
    return day - days(max(0, day.weekday() - 4))


def end_of_month(day: Date) -> Date:
    return (day.replace(day=28) + days(4)).replace(day=1) - days(1)


def years_on(start: Date, years: int, today: Date) -> Date:
    """The last day of a period of whole years, yet never over already."""
    end = Date(start.year + years, 12, 31)
    return end if end > today else Date(today.year + 1, 12, 31)
