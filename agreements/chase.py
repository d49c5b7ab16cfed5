"""Who gets which letter, and when: a weekly letter per function mailbox with all that waits. Pure.

The responsible function is written to in the first week a flag is open, its deputy as well after two weeks, the other
party's function and SKR's list after four. Where the first can't be reached the next one is written to at once: a gap
is told of when it opens, not when somebody falls into it. A letter is known by its recipient and its ISO week, so that
a late or repeated run sends nothing twice, and a week without a run is not made up for by a burst.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """Why a mailbox is written to."""

    RESPONSIBLE = "responsible"
    DEPUTY = "deputy"
    OTHER_PARTY = "other_party"
    SKR = "skr"


DAYS_UNTIL: Final[dict[Step, int]] = {
    Step.RESPONSIBLE: 0,
    Step.DEPUTY: 14,
    Step.OTHER_PARTY: 28,
    Step.SKR: 28,
}
"""Days a flag has been open before the step begins."""


OWN: Final = frozenset({Step.RESPONSIBLE, Step.DEPUTY})
"""Steps that lead to the organisation that can mend the flag."""


@dataclass(frozen=True)
class Waiting:
    """An open flag that somebody should mend. mailboxes: step → addresses that can be written to, "" for none."""

    flag: int
    open_since: datetime.date
    mailboxes: tuple[tuple[Step, str], ...]


@dataclass(frozen=True)
class Letter:
    """One letter to one mailbox in one week. flags: flag → why this mailbox is told of it."""

    recipient: str
    week: str
    flags: Mapping[int, Step]


def week_of(day: datetime.date) -> str:
    """The ISO week, for example 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def letters_due(waiting: Iterable[Waiting], *, sent: Collection[tuple[str, str]], today: datetime.date) -> list[Letter]:
    """The letters of this week that have not been written, by recipient. sent: (recipient, week) of those that have."""
    week = week_of(today)
    wanted: defaultdict[str, dict[int, Step]] = defaultdict(dict)
    for item in waiting:
        for recipient, step in _recipients(item, today):
            if (recipient, week) not in sent:
                wanted[recipient].setdefault(item.flag, step)
    return [Letter(recipient, week, flags) for recipient, flags in sorted(wanted.items())]


def _recipients(item: Waiting, today: datetime.date) -> Iterator[tuple[str, Step]]:
    """Each address once, for the first step that reaches it."""
    days = (today - item.open_since).days
    reached = [(step, mailbox.strip().lower()) for step, mailbox in item.mailboxes if mailbox.strip()]
    begins = _begins({step for step, _ in reached})
    seen = set()
    for step, address in reached:
        if days >= begins[step] and address not in seen:
            seen.add(address)
            yield address, step


def _begins(reached: Collection[Step]) -> Mapping[Step, int]:
    """The day on which each step begins, when only these steps lead to anybody."""
    if Step.RESPONSIBLE in reached:
        return DAYS_UNTIL
    if Step.DEPUTY in reached:
        return DAYS_UNTIL | {Step.DEPUTY: 0}
    return dict.fromkeys(Step, 0)
