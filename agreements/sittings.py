"""History as sittings: what one person saved in one place without getting up, told as one. Pure.

Each autosave leaves a row of its own, since history is only added to. A reader wants to know what somebody did in a
place from sitting down to getting up: rows that follow one another there within half an hour, up to and with the save
by the button that ended them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from agreements.past import CONTACTS, PARTIES, PERIOD

PAUSE: Final = datetime.timedelta(minutes=30)


class Happening(NamedTuple):
    """What is asked of an event to fold it."""

    pk: int
    type: str
    actor: int | None
    at: datetime.datetime
    section: str
    autosaved: bool


@dataclass(frozen=True)
class Sitting:
    """Events told as one, the oldest first."""

    events: tuple[int, ...]

    @property
    def last(self) -> int:
        return self.events[-1]


def sittings(happened: Iterable[Happening]) -> list[Sitting]:
    """The events, oldest first, as sittings, newest first; most are one event."""
    open_ones: dict[tuple[str, str], list[Happening]] = {}
    found: list[list[Happening]] = []
    for event in happened:
        place = (event.type, event.section)
        going_on = open_ones.get(place)
        if going_on and _goes_on(going_on[-1], event):
            going_on.append(event)
        else:
            open_ones[place] = [event]
            found.append(open_ones[place])
    told = (Sitting(tuple(event.pk for event in events)) for events in found)
    return sorted(told, key=lambda sitting: -sitting.last)


def _goes_on(before: Happening, event: Happening) -> bool:
    """Facts of the parties, the period and the contact points do not say how they were saved: they are few words."""
    folds = before.autosaved or before.type in (PARTIES, PERIOD, CONTACTS)
    return folds and event.actor == before.actor and event.at - before.at <= PAUSE
