"""In which order the parties sign: all at once, or by numbers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from agreements.listing import names_of


class Placed(Protocol):
    """A party, as the order knows it."""

    pk: int
    name: str
    turn: int


P = TypeVar("P", bound=Placed)


def turn_now(parties: Iterable[Placed], signed: Iterable[int]) -> int | None:
    """The number whose turn it is; None when all have signed."""
    have = set(signed)
    return min((party.turn for party in parties if party.pk not in have), default=None)


def next_to_sign(parties: Sequence[P], signed: Iterable[int]) -> list[P]:
    """Those whose turn it is and who have not signed."""
    have = set(signed)
    now = turn_now(parties, have)
    return [party for party in parties if party.turn == now and party.pk not in have]


def why_wait(party: Placed, parties: Sequence[Placed], signed: Iterable[int]) -> str:
    """Why it is not this party's turn, in words; empty when it is."""
    first = next_to_sign(parties, signed)
    if not first or party.turn <= first[0].turn:
        return ""
    return f"Parterna undertecknar i tur och ordning. {names_of(p.name for p in first)} undertecknar före {party.name}."


def order_words(parties: Sequence[Placed]) -> str:
    """The order that has been set: "Östersunds kommun, därefter Arbetsförmedlingen"; empty when there is none."""
    numbers = sorted({party.turn for party in parties})
    if len(numbers) < 2:
        return ""
    return ", därefter ".join(names_of(p.name for p in parties if p.turn == number) for number in numbers)
