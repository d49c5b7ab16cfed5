"""Who gets which letter, and when: a weekly letter per function mailbox with all that waits. Pure.

The responsible function is written to in the first week a flag is open, its deputy as well after two weeks, the other
party's function and SKR's list after four. A letter is known by its recipient and its ISO week, so that a late or
repeated run sends nothing twice, and a week without a run is not made up for by a burst.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
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


@dataclass(frozen=True)
class Waiting:
    """An open flag that somebody should mend. mailboxes: step → addresses that can still be written to."""

    flag: int
    version: int
    rule: str
    open_since: datetime.date
    mailboxes: tuple[tuple[Step, str], ...]


@dataclass(frozen=True)
class Letter:
    """One letter to one mailbox in one week. step is the mildest reason the mailbox is written to."""

    recipient: str
    week: str
    step: Step
    flags: tuple[int, ...]


def week_of(day: datetime.date) -> str:
    """The ISO week, for example 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def letters_due(
    waiting: Iterable[Waiting], *, sent: Collection[tuple[str, str]], unreachable: Collection[str], today: datetime.date
) -> list[Letter]:
    """The letters of this week that have not been sent, by recipient.

    sent: (recipient, week) of letters already written; unreachable: addresses that have bounced and are left in peace.
    """
    week = week_of(today)
    wanted: defaultdict[str, dict[int, Step]] = defaultdict(dict)
    for item in waiting:
        for recipient, step in _recipients(item, today):
            if recipient not in unreachable and (recipient, week) not in sent:
                wanted[recipient].setdefault(item.flag, step)
    return [_letter(recipient, week, flags) for recipient, flags in sorted(wanted.items())]


def _letter(recipient: str, week: str, flags: dict[int, Step]) -> Letter:
    order = list(Step)
    return Letter(recipient, week, min(flags.values(), key=order.index), tuple(sorted(flags)))


def _recipients(item: Waiting, today: datetime.date) -> Iterator[tuple[str, Step]]:
    """Each address once, for the first step that reaches it."""
    days = (today - item.open_since).days
    seen = set()
    for step, mailbox in item.mailboxes:
        address = mailbox.strip().lower()
        if address and days >= DAYS_UNTIL[step] and address not in seen:
            seen.add(address)
            yield address, step
