"""States of an agreement version and the moves between them: data, asked by rules, actions, templates and tests."""

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


class WrongMove(Exception):
    """The move is not allowed from the state the agreement is in."""

    def __init__(self, move: Move, state: State) -> None:
        super().__init__(f"Överenskommelsen är {state.label.lower()} och då går det inte att {move.label.lower()} den.")
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
