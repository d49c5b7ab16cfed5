"""States of an agreement version and the moves between them: data, asked by rules, actions, templates and tests.

To begin on a new version is no move: the version in force stays as it is, and the move that ends it is END, made by the
system when the new one has been signed by all and its first day has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models

from contacts.roles import Permission


class State(models.TextChoices):
    DRAFT = "draft", "Utkast"
    PROPOSED = "proposed", "Föreslagen"
    ACCEPTED = "accepted", "Godtagen"
    SIGNING = "signing", "Undertecknas"
    IN_FORCE = "in_force", "Gällande"
    ENDED = "ended", "Avslutad"
    DISCARDED = "discarded", "Kasserad"


class Move(models.TextChoices):
    PROPOSE = "propose", "Föreslå"
    SEND_BACK = "send_back", "Skicka tillbaka"
    ACCEPT = "accept", "Godta"
    REOPEN = "reopen", "Öppna igen"
    SIGN = "sign", "Underteckna"
    COMPLETE = "complete", "Träder i kraft"
    END = "end", "Avsluta"
    DISCARD = "discard", "Kassera"


class Who(models.TextChoices):
    """Which party may make the move."""

    ANY_PARTY = "any_party", "Endera parten"
    OTHER_PARTY = "other_party", "Den part som inte föreslog"
    SYSTEM = "system", "Systemet"


@dataclass(frozen=True)
class Transition:
    move: Move
    sources: frozenset[State]
    target: State
    who: Who
    permission: Permission | None
    needs_reason: bool = False


WORKING: Final = frozenset({State.DRAFT, State.PROPOSED, State.ACCEPTED, State.SIGNING})
"""A version that is being written or negotiated."""

FROZEN: Final = frozenset({State.ACCEPTED, State.SIGNING, State.IN_FORCE, State.ENDED})
"""A version whose text is fixed and has a hash."""

AMENDABLE: Final = frozenset({State.IN_FORCE, State.ENDED})
"""A version on which a new one can be built."""

_EDIT = Permission.EDIT_AGREEMENTS

TRANSITIONS: Final[dict[Move, Transition]] = {
    row.move: row
    for row in (
        Transition(Move.PROPOSE, frozenset({State.DRAFT}), State.PROPOSED, Who.ANY_PARTY, _EDIT),
        Transition(Move.SEND_BACK, frozenset({State.PROPOSED}), State.DRAFT, Who.OTHER_PARTY, _EDIT, needs_reason=True),
        Transition(Move.ACCEPT, frozenset({State.PROPOSED}), State.ACCEPTED, Who.OTHER_PARTY, _EDIT),
        Transition(
            Move.REOPEN,
            frozenset({State.PROPOSED, State.ACCEPTED, State.SIGNING}),
            State.DRAFT,
            Who.ANY_PARTY,
            _EDIT,
            needs_reason=True,
        ),
        Transition(
            Move.SIGN,
            frozenset({State.ACCEPTED, State.SIGNING}),
            State.SIGNING,
            Who.ANY_PARTY,
            Permission.SIGN_AGREEMENTS,
        ),
        Transition(Move.COMPLETE, frozenset({State.SIGNING}), State.IN_FORCE, Who.SYSTEM, None),
        Transition(Move.END, frozenset({State.IN_FORCE}), State.ENDED, Who.SYSTEM, None),
        Transition(Move.DISCARD, frozenset({State.DRAFT}), State.DISCARDED, Who.ANY_PARTY, _EDIT, needs_reason=True),
    )
}


IS: Final[dict[State, str]] = {
    State.DRAFT: "Överenskommelsen är ett utkast",
    State.PROPOSED: "Överenskommelsen är föreslagen",
    State.ACCEPTED: "Överenskommelsen är godtagen",
    State.SIGNING: "Överenskommelsen håller på att undertecknas",
    State.IN_FORCE: "Överenskommelsen är undertecknad av alla",
    State.ENDED: "Överenskommelsen har upphört att gälla",
    State.DISCARDED: "Utkastet är kasserat",
}
"""How a state is said in a sentence that goes on with what cannot be done."""

CANNOT: Final[dict[Move, str]] = {
    Move.PROPOSE: "kan inte föreslås",
    Move.SEND_BACK: "kan inte skickas tillbaka",
    Move.ACCEPT: "kan inte godtas",
    Move.REOPEN: "kan inte öppnas igen",
    Move.SIGN: "kan inte undertecknas",
    Move.COMPLETE: "kan inte träda i kraft",
    Move.END: "kan inte avslutas",
    Move.DISCARD: "kan inte kasseras",
}
OWN_PROPOSAL: Final = (
    "Ni har själva föreslagit texten. Det är den andra parten som godtar den eller skickar tillbaka den."
)

FIXED: Final[dict[State, str]] = {
    State.PROPOSED: "Överenskommelsen är föreslagen och kan inte ändras. Öppna den igen om något behöver rättas.",
    State.ACCEPTED: "Texten är godtagen och kan inte ändras. Öppna den igen om något behöver rättas.",
    State.SIGNING: "Texten håller på att undertecknas och kan inte ändras. Öppna den igen om något behöver rättas.",
    State.IN_FORCE: "Den undertecknade texten ändras inte. Behöver något ändras börjar ni på en ny version.",
    State.ENDED: "Överenskommelsen har upphört att gälla och ändras inte. Börja på en ny i stället.",
    State.DISCARDED: "Utkastet är kasserat och kan inte ändras.",
}
"""Why a text cannot be written in, and what can be done instead."""


def refusal(move: Move, state: str) -> str:
    """Why the move cannot be made: because of the state or, where the table allows it, of who asks."""
    state = State(state)
    if state in TRANSITIONS[move].sources and TRANSITIONS[move].who == Who.OTHER_PARTY:
        return OWN_PROPOSAL
    return f"{IS[state]} och {CANNOT[move]}."


class WrongMove(Exception):
    """The move is not allowed from the state the agreement is in."""

    def __init__(self, move: Move, state: State) -> None:
        super().__init__(refusal(move, state))
        self.move, self.state = move, state


def after(state: str, move: Move) -> State:
    """The state after the move; raises WrongMove when the table does not allow it."""
    transition = TRANSITIONS[move]
    if state not in transition.sources:
        raise WrongMove(move, State(state))
    return transition.target


def moves_from(state: str) -> list[Transition]:
    """The moves that people can make from a state, in the table's order."""
    return [t for t in TRANSITIONS.values() if state in t.sources and t.who != Who.SYSTEM]
