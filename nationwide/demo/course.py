"""The course of the country: who signs when, what is renewed, what runs out. Pure; the same seed and day give the same.

261 municipalities have signed on 15 March 2023 and 288 by the end of that year; which ones is invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeVar

from agreements.states import State
from nationwide.demo import timeline
from nationwide.demo.people import chance
from nationwide.demo.timeline import Date, Fate, Moment, VersionPlan

T = TypeVar("T")

MUNICIPALITIES = 290
FIRST_WAVE_SIZE = 261
BOUNCED_DAYS_AGO = 20

OSTERSUND, ARE = "2380", "2321"
STAGED = {
    "2303": (Fate.AMENDING, State.DRAFT),
    "2305": (Fate.RESTARTED, State.PROPOSED),
    "2309": (Fate.RESTARTED, State.SIGNING),
    "2313": (Fate.RESTARTED, State.DRAFT),
}
"""Östersund's neighbours Ragunda, Bräcke, Krokom and Strömsund: the region's logins find something to do."""
JOINT = (("2417", "2482"), ("1982", "1962", "1904"), ("0684", "0685"))
"""Norsjö and Skellefteå; Fagersta, Norberg and Skinnskatteberg; Sävsjö and Vetlanda."""


BINNED = "2326"
"""Berg: an amendment was begun and thrown away."""


@dataclass(frozen=True)
class NoticePlan:
    """Notice that has been given for a municipality whose agreement is in force until further notice."""

    code: str
    days_ago: int
    reason: str
    by_af: bool = False


NOTICES = (
    NoticePlan("2361", 40, "Nämnden samordnar arbetsmarknadsinsatserna i ett nytt kommunalförbund."),
    NoticePlan("2401", 75, "Kommunens samverkan flyttas till en gemensam överenskommelse i länet.", by_af=True),
    NoticePlan("1962", 25, "Kommunen vill ha en egen överenskommelse."),
)
"""Härjedalen and Nordmaling alone; Norberg leaves the others, who go on."""


class Flaw(StrEnum):
    """What ties an agreement to persons. The check finds out by itself; this says what is written."""

    NONE = "none"
    MENDED = "mended"
    PERSONAL_MAILBOX = "personal_mailbox"
    MOBILE_ONLY = "mobile_only"
    NAME_IN_FUNCTION = "name_in_function"
    NAME_IN_TEXT = "name_in_text"
    PERSON_INSTEAD = "person_instead"
    ADDRESS_IN_TEXT = "address_in_text"
    BOUNCED = "bounced"
    NO_CHANNEL = "no_channel"
    DEAD = "dead"


FATES = {
    Fate.EXPIRED: 12,
    Fate.RESTARTED: 13,
    Fate.AMENDING: 8,
    Fate.AMENDED: 38,
    Fate.RENEWED: 36,
    Fate.RENEWED_AHEAD: 3,
    Fate.EXPIRING: 14,
    Fate.DATED: 60,
}
"""Of the agreements with one municipality; the rest are OPEN."""

FLAWS = {
    Flaw.PERSONAL_MAILBOX: 26,
    Flaw.MOBILE_ONLY: 12,
    Flaw.NAME_IN_FUNCTION: 12,
    Flaw.NAME_IN_TEXT: 24,
    Flaw.PERSON_INSTEAD: 16,
    Flaw.ADDRESS_IN_TEXT: 22,
    Flaw.BOUNCED: 8,
    Flaw.NO_CHANNEL: 4,
    Flaw.DEAD: 2,
    Flaw.MENDED: 40,
}
"""Of all agreements; the rest are NONE."""


@dataclass(frozen=True)
class Unit:
    """One or several municipalities that go together, all their versions in order, and what is wrong with them."""

    codes: tuple[str, ...]
    fate: Fate
    flaw: Flaw
    versions: tuple[VersionPlan, ...]
    notice: NoticePlan | None = None
    changed: Moment | None = None
    """When the flawed contact point was mended, or its mailbox stopped answering."""

    @property
    def seed(self) -> str:
        return "+".join(self.codes)


def plan(codes: Sequence[str], *, seed: int, today: Date) -> list[Unit]:
    """Every municipality's story, in the order of the codes given."""
    rng = chance("course", seed)
    alone = {ARE, BINNED, *(notice.code for notice in NOTICES)} - set(sum(JOINT, ()))
    pinned = {*alone, *STAGED, *sum(JOINT, ())}
    free = [code for code in codes if code not in {OSTERSUND, *pinned}]
    rng.shuffle(free)
    never = free.pop()
    early = {*pinned, *free[: FIRST_WAVE_SIZE - len(pinned)]}
    fates: dict[tuple[str, ...], Fate] = {
        **dict(zip(JOINT, (Fate.AMENDED, Fate.OPEN, Fate.DATED), strict=True)),
        **{(code,): Fate.OPEN for code in sorted(alone)},
        **{(code,): fate for code, (fate, _state) in STAGED.items()},
        **dict(zip(((code,) for code in free), deal(FATES, Fate.OPEN, len(free), rng), strict=True)),
    }
    flaws = dict(zip(fates, deal(FLAWS, Flaw.NONE, len(fates), rng), strict=True))
    fates |= {(OSTERSUND,): Fate.NONE, (never,): Fate.FIRST_IN_WORK}
    place = {code: index for index, code in enumerate(codes)}
    return [
        unit(group, fates[group], flaws.get(group, Flaw.NONE), early=group[0] in early, seed=seed, today=today)
        for group in sorted(fates, key=lambda group: place[group[0]])
    ]


def deal(counts: Mapping[T, int], rest: T, size: int, rng: Random) -> list[T]:
    """Each as many times as counted, the rest for the others, in an order of chance."""
    dealt = [kind for kind, times in counts.items() for _ in range(times)]
    dealt += [rest] * (size - len(dealt))
    rng.shuffle(dealt)
    return dealt


def unit(group: tuple[str, ...], fate: Fate, flaw: Flaw, *, early: bool, seed: int, today: Date) -> Unit:
    rng = chance("course", seed, group[0])
    state = STAGED[group[0]][1] if group[0] in STAGED else rng.choice(timeline.WORK_STATES)
    working = timeline.Working(state, len(group) + 1, today)
    versions = tuple(timeline.versions(fate, rng, early=early, working=working))
    if group == (BINNED,):
        begun, thrown = today - timeline.days(30), today - timeline.days(4)
        versions += (timeline.in_bin(begun, thrown, today + timeline.days(60)),)
    notice = next((notice for notice in NOTICES if notice.code in group), None)
    return Unit(group, fate, flaw, versions, notice, change_of(flaw, rng, versions, today))


def change_of(flaw: Flaw, rng: Random, versions: Sequence[VersionPlan], today: Date) -> Moment | None:
    if flaw in (Flaw.BOUNCED, Flaw.DEAD):
        return timeline.moment(today - timeline.days(BOUNCED_DAYS_AGO), 6)
    if flaw is not Flaw.MENDED:
        return None
    signed = versions[0].steps.signed[-1].date()
    return timeline.moment(timeline.between(rng, signed + timeline.days(60), today - timeline.days(5)), 14)
