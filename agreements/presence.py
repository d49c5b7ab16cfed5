"""Who has a section open just now. It lives in the cache and nowhere else: when that is away, nobody is seen."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache

from agreements.gather import Whole
from contacts.access import Permission, reach_of
from contacts.models import User

GONE_AFTER: Final = 40
"""Seconds without a sign of life; a page gives one every fifteen."""


@dataclass(frozen=True)
class Writer:
    """Somebody else in the section: the name, and the parties they write for."""

    name: str
    parties: str

    def words(self, *, names: bool) -> str:
        if names:
            return f"{self.name} ({self.parties}) skriver också i det här avsnittet."
        return f"Någon hos {self.parties} skriver också i det här avsnittet."


def seen(whole: Whole, key: str, user: User, *, now: float | None = None) -> list[Writer]:
    """Leave a sign of life, and say who else has left one lately, by name."""
    moment = time.time() if now is None else now
    place = f"writes:{whole.version.pk}:{key}"
    there = alive(cache.get(place) or {}, moment)
    others = [Writer(name, parties) for pk, (name, parties, _at) in there.items() if pk != user.pk]
    cache.set(place, there | {user.pk: (user.name, parties_of(whole, user), moment)}, GONE_AFTER)
    return sorted(others, key=lambda writer: writer.name)


def left(whole: Whole, key: str, user: User) -> None:
    """The page was closed."""
    place = f"writes:{whole.version.pk}:{key}"
    there = cache.get(place) or {}
    if there.pop(user.pk, None):
        cache.set(place, there, GONE_AFTER)


def alive(there: Mapping[int, Any], now: float) -> dict[int, Any]:
    return {pk: sign for pk, sign in there.items() if now - sign[2] < GONE_AFTER}


def parties_of(whole: Whole, user: User) -> str:
    held = reach_of(user).organisations(Permission.EDIT_AGREEMENTS)
    return " och ".join(party.name for party in whole.parties if party.organisation_id in held)
