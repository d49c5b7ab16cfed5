"""States of an agreement version and the moves between them: data, asked by rules, actions, templates and tests.

A state is stored. A standing is what people call it: within a state it follows from dates and other rows (notice given,
a new version in work, how it ended), see docs/decisions. docs/life_cycle.md is drawn from the tables here.

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


class Ending(models.TextChoices):
    """How a version came to its end; kept with it."""

    EXPIRED = "expired", "Löpte ut"
    TERMINATED = "terminated", "Upphörde efter uppsägning"
    REPLACED = "replaced", "Ersatt av en ny version"


class Standing(models.TextChoices):
    """How a version stands, as it is called: the stored state, told apart where one state holds several."""

    DRAFT = "draft", "Utkast"
    PROPOSED = "proposed", "Föreslagen"
    ACCEPTED = "accepted", "Godtagen"
    SIGNING = "signing", "Undertecknas"
    IN_FORCE = "in_force", "Gällande"
    AMENDING = "amending", "Gällande, ny version skrivs"
    NOTICE_GIVEN = "notice_given", "Uppsagd"
    EXPIRED = "expired", "Löpte ut"
    TERMINATED = "terminated", "Upphörde efter uppsägning"
    REPLACED = "replaced", "Ersatt"
    DISCARDED = "discarded", "Kasserad"


class Move(models.TextChoices):
    PROPOSE = "propose", "Föreslå"
    SEND_BACK = "send_back", "Skicka tillbaka"
    ACCEPT = "accept", "Godta"
    REOPEN = "reopen", "Öppna igen"
    SIGN = "sign", "Underteckna"
    DECLINE = "decline", "Avböj"
    WITHDRAW = "withdraw", "Ta tillbaka underskriften"
    UNSIGNED = "unsigned", "Ingen underskrift är kvar"
    COMPLETE = "complete", "Träder i kraft"
    END = "end", "Avsluta"
    DISCARD = "discard", "Kassera"
    RESTORE = "restore", "Ta tillbaka ur papperskorgen"
    PURGE = "purge", "Gallra"
    GIVE_NOTICE = "give_notice", "Säg upp"
    ASK_BACK = "ask_back", "Be att få ta tillbaka uppsägningen"
    TAKE_BACK = "take_back", "Samtyck till att uppsägningen tas tillbaka"
    LEAVE = "leave", "Lämna"


class Who(models.TextChoices):
    """Which party may make the move."""

    ANY_PARTY = "any_party", "Endera parten"
    OTHER_PARTY = "other_party", "Den part som inte föreslog"
    OWN_NOTICE = "own_notice", "Den part som har sagt upp"
    OTHER_SIDE = "other_side", "Parterna på den andra sidan"
    SYSTEM = "system", "Systemet"


@dataclass(frozen=True)
class Transition:
    move: Move
    sources: frozenset[State]
    target: State
    who: Who
    permission: Permission | None
    needs_reason: bool = False
    between: tuple[tuple[Standing, Standing], ...] = ()
    """The standings it leads between, where a state holds several."""


WITHIN: Final[dict[Standing, State]] = {
    Standing.DRAFT: State.DRAFT,
    Standing.PROPOSED: State.PROPOSED,
    Standing.ACCEPTED: State.ACCEPTED,
    Standing.SIGNING: State.SIGNING,
    Standing.IN_FORCE: State.IN_FORCE,
    Standing.AMENDING: State.IN_FORCE,
    Standing.NOTICE_GIVEN: State.IN_FORCE,
    Standing.EXPIRED: State.ENDED,
    Standing.TERMINATED: State.ENDED,
    Standing.REPLACED: State.ENDED,
    Standing.DISCARDED: State.DISCARDED,
}
"""The state that each standing is stored as."""

BY_ANOTHER_VERSION: Final = (
    (Standing.IN_FORCE, Standing.AMENDING, "en ny version påbörjas"),
    (Standing.AMENDING, Standing.IN_FORCE, "den nya kasseras eller undertecknas av alla"),
)
"""What changes a version's standing without any move of its own."""


def standing_of(state: str, *, ended_as: str = "", under_notice: bool = False, amending: bool = False) -> Standing:
    """amending: a new version is in work. Notice given is told first, since it has a date."""
    if state == State.ENDED:
        return Standing(ended_as)
    if state == State.IN_FORCE and under_notice:
        return Standing.NOTICE_GIVEN
    if state == State.IN_FORCE and amending:
        return Standing.AMENDING
    return Standing(state)


WORKING: Final = frozenset({State.DRAFT, State.PROPOSED, State.ACCEPTED, State.SIGNING})
"""A version that is being written or negotiated."""

FROZEN: Final = frozenset({State.ACCEPTED, State.SIGNING, State.IN_FORCE, State.ENDED})
"""A version whose text is fixed and has a hash."""

SIGNED: Final = frozenset({State.IN_FORCE, State.ENDED})
"""Signed by all parties: the text never changes again."""

AMENDABLE: Final = SIGNED
"""A version on which a new one can be built."""

BIN_DAYS: Final = 30
"""How long a discarded draft can be taken back; after that its content is purged."""

_EDIT, _SIGN = Permission.EDIT_AGREEMENTS, Permission.SIGN_AGREEMENTS
_IN_FORCE = frozenset({State.IN_FORCE})
_BOUND = (Standing.IN_FORCE, Standing.AMENDING)
_ALL = (*_BOUND, Standing.NOTICE_GIVEN)
_AS_BEFORE = tuple((standing, standing) for standing in _ALL)
"""What concerns one of several municipalities leaves the standing of the whole as it was."""

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
            _SIGN,
        ),
        Transition(
            Move.DECLINE,
            frozenset({State.ACCEPTED, State.SIGNING}),
            State.DRAFT,
            Who.ANY_PARTY,
            _SIGN,
            needs_reason=True,
        ),
        Transition(Move.WITHDRAW, frozenset({State.SIGNING}), State.SIGNING, Who.ANY_PARTY, _SIGN, needs_reason=True),
        Transition(Move.UNSIGNED, frozenset({State.SIGNING}), State.ACCEPTED, Who.SYSTEM, None),
        Transition(Move.COMPLETE, frozenset({State.SIGNING}), State.IN_FORCE, Who.SYSTEM, None),
        Transition(
            Move.END,
            _IN_FORCE,
            State.ENDED,
            Who.SYSTEM,
            None,
            between=(
                *((standing, Standing.EXPIRED) for standing in _BOUND),
                (Standing.NOTICE_GIVEN, Standing.TERMINATED),
                *((standing, Standing.REPLACED) for standing in _ALL),
            ),
        ),
        Transition(Move.DISCARD, frozenset({State.DRAFT}), State.DISCARDED, Who.ANY_PARTY, _EDIT, needs_reason=True),
        Transition(Move.RESTORE, frozenset({State.DISCARDED}), State.DRAFT, Who.ANY_PARTY, _EDIT),
        Transition(Move.PURGE, frozenset({State.DISCARDED}), State.DISCARDED, Who.SYSTEM, None),
        Transition(
            Move.GIVE_NOTICE,
            _IN_FORCE,
            State.IN_FORCE,
            Who.ANY_PARTY,
            _SIGN,
            needs_reason=True,
            between=(*((standing, Standing.NOTICE_GIVEN) for standing in _BOUND), *_AS_BEFORE[:2]),
        ),
        Transition(
            Move.ASK_BACK,
            _IN_FORCE,
            State.IN_FORCE,
            Who.OWN_NOTICE,
            _SIGN,
            needs_reason=True,
            between=_AS_BEFORE,
        ),
        Transition(
            Move.TAKE_BACK,
            _IN_FORCE,
            State.IN_FORCE,
            Who.OTHER_SIDE,
            _SIGN,
            between=(*((Standing.NOTICE_GIVEN, standing) for standing in _BOUND), *_AS_BEFORE[:2]),
        ),
        Transition(
            Move.LEAVE,
            _IN_FORCE,
            State.IN_FORCE,
            Who.SYSTEM,
            None,
            between=_AS_BEFORE,
        ),
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
    Move.DECLINE: "kan inte avböjas",
    Move.WITHDRAW: "har ingen underskrift att ta tillbaka",
    Move.UNSIGNED: "kan inte bli utan underskrifter",
    Move.COMPLETE: "kan inte träda i kraft",
    Move.END: "kan inte avslutas",
    Move.DISCARD: "kan inte kasseras",
    Move.RESTORE: "kan inte tas tillbaka ur papperskorgen",
    Move.PURGE: "kan inte gallras",
    Move.GIVE_NOTICE: "kan inte sägas upp",
    Move.ASK_BACK: "har ingen uppsägning att ta tillbaka",
    Move.TAKE_BACK: "har ingen uppsägning att samtycka om",
    Move.LEAVE: "kan inte lämnas",
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
    State.DISCARDED: "Utkastet ligger i papperskorgen och kan inte ändras. Ta tillbaka det om ni vill skriva vidare.",
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
