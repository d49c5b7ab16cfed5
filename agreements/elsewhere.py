"""Whose word it takes before a file that was signed outside the portal counts. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """A party of the agreement, as far as this concerns it."""

    pk: int
    side: str


def still_needed(parties: Iterable[Bound], claimed: Collection[int], vouched: Collection[int]) -> list[Bound]:
    """The parties that may vouch next for the file to count; none when it does.

    Every party that the file says has signed stands for that itself, and somebody on each side stands for the file:
    no party alone puts an agreement in force, and none is bound by what others say of its signature.
    """
    known = list(parties)
    missing = [party for party in known if party.pk in claimed and party.pk not in vouched]
    if missing:
        return missing
    sides = {party.side for party in known if party.pk in vouched}
    return [party for party in known if party.side not in sides]


def own_side(parties: Iterable[Bound], held: Collection[int]) -> list[Bound]:
    """The parties one stands for: those one acts for, on one side alone."""
    mine = [party for party in parties if party.pk in held]
    return [party for party in mine if party.side == mine[0].side]
