"""What can be done with an agreement now, and by whom: from the state table, sides and signatures. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import reverse

from agreements.dates import spelled
from agreements.ending import why_not_renew
from agreements.listing import names_of
from agreements.models import Party, Version
from agreements.review import Progress
from agreements.rules import Left, may_move
from agreements.states import BIN_DAYS, SIGNED, Ending, Move, State, moves_from
from agreements.turns import next_to_sign, order_words
from contacts.access import Permission, Reach

MOVE_ROUTES = {
    Move.PROPOSE: "propose",
    Move.SEND_BACK: "send_back",
    Move.ACCEPT: "accept",
    Move.REOPEN: "reopen",
    Move.DISCARD: "discard",
    Move.RESTORE: "restore",
}
BUTTONS = {
    Move.PROPOSE: ("Föreslå för {others}", "primary"),
    Move.SEND_BACK: ("Skicka tillbaka", "secondary"),
    Move.ACCEPT: ("Godta texten", "primary"),
    Move.REOPEN: ("Öppna igen för ändring", "secondary"),
    Move.DISCARD: ("Kassera utkastet", "tertiary"),
    Move.RESTORE: ("Ta tillbaka utkastet", "primary"),
}
SIBLING = {
    State.DRAFT: "är ett utkast under arbete",
    State.PROPOSED: "är föreslagen",
    State.ACCEPTED: "är godtagen och väntar på underskrifter",
    State.SIGNING: "undertecknas",
    State.IN_FORCE: "är undertecknad av alla",
    State.ENDED: "har upphört att gälla",
    State.DISCARDED: "är kasserad",
}
PURGED = "Utkastet kasserades och har gallrats. Bara historiken finns kvar."
BINNED = f"Utkastet ligger i papperskorgen. Det kan tas tillbaka i {BIN_DAYS} dagar från det att det kasserades."
ENDED = {
    Ending.EXPIRED: "Överenskommelsen har upphört att gälla: tiden har gått ut.",
    Ending.TERMINATED: "Överenskommelsen har upphört att gälla efter uppsägning.",
    Ending.REPLACED: "Överenskommelsen har upphört att gälla. En ny version har ersatt den.",
}
AMEND = {State.IN_FORCE: "Börja på en ny version", State.ENDED: "Börja på en ny överenskommelse"}
BRIGHTEST_FIRST = [Move.ACCEPT, Move.PROPOSE, Move.SEND_BACK, Move.REOPEN, Move.DISCARD, Move.RESTORE]


@dataclass(frozen=True)
class Button:
    label: str
    address: str
    variant: str


@dataclass(frozen=True)
class Sibling:
    """Another version of the same agreement that has not been discarded."""

    pk: int
    number: int
    state: str

    @property
    def words(self) -> str:
        """How the way to it is named: "Version 2 är under arbete"."""
        return f"Version {self.number} {SIBLING[State(self.state)]}"


@dataclass(frozen=True)
class Situation:
    """Where the agreement stands, in words, and the buttons of this user."""

    text: str
    buttons: list[Button]


def sides(reach: Reach, permission: Permission, parties: Collection[Party]) -> set[str]:
    held = reach.organisations(permission)
    return {party.side for party in parties if party.organisation_id in held}


def situation(
    version: Version,
    parties: Sequence[Party],
    reach: Reach,
    signed: Collection[int],
    left: Sequence[Left],
    amendable: bool,
    review: Progress | None = None,
    own: Collection[int] = (),
) -> Situation:
    """signed: ids of the parties that have signed; left: what is left before proposing; amendable: see states.

    review: how far the other party has come, while it reviews. own: ids of the parties this user has signed for.
    """
    editing = sides(reach, Permission.EDIT_AGREEMENTS, parties)
    buttons = _sign_buttons(version, parties, signed, own, reach) + _move_buttons(version, parties, editing, len(left))
    if left and editing:
        address = reverse("section_edit", args=(version.pk, left[0].section))
        buttons.insert(0, Button("Fortsätt skriva", f"{address}#{left[0].anchor}", "primary"))
    if editing and amendable and may_renew(version):
        buttons.append(Button("Förnya", reverse("renew", args=(version.pk,)), "secondary"))
    if editing and amendable:
        buttons.append(Button(AMEND[State(version.state)], reverse("new_version", args=(version.pk,)), "secondary"))
    text = _text(version, parties, editing, signed, len(left))
    if review is not None:
        text = f"{text} {review.words}."
        buttons = _review_buttons(version, buttons, review) if editing - {version.proposed_by_side} else buttons
    return Situation(text, buttons)


def with_signed_file(situation: Situation, version: Version, *, writes: bool, waiting: int | None) -> Situation:
    """The same, with the way to hand in a file signed outside the portal, or to the one that waits."""
    if version.state not in (State.ACCEPTED, State.SIGNING):
        return situation
    if waiting is not None:
        button = Button("Se den undertecknade filen", reverse("signed_file", args=(version.pk, waiting)), "primary")
        text = f"{situation.text} En fil som är undertecknad utanför portalen väntar på bekräftelse."
        return Situation(text, [button, *situation.buttons])
    if not writes:
        return situation
    button = Button("Undertecknad någon annanstans", reverse("hand_in", args=(version.pk,)), "secondary")
    return Situation(situation.text, [*situation.buttons, button])


def _review_buttons(version: Version, buttons: list[Button], review: Progress) -> list[Button]:
    """Section by section first; to accept the text is the bright one when every section is accepted."""
    address = reverse("review", args=(version.pk,))
    if review.is_complete:
        return [*buttons, Button("Visa granskningen", address, "tertiary")]
    quiet = [Button(b.label, b.address, "secondary") if b.variant == "primary" else b for b in buttons]
    return [Button("Granska avsnitt för avsnitt", address, "primary"), *quiet]


def may_renew(version: Version) -> bool:
    """Whether renewal is offered: of what has a last day and has not been given notice. The action asks again."""
    if version.state not in SIGNED:
        return False
    return not why_not_renew(version.period_end, under_notice=version.notice_until is not None)


def _sign_buttons(
    version: Version, parties: Sequence[Party], signed: Collection[int], own: Collection[int], reach: Reach
) -> list[Button]:
    """Signing when it is one's turn, declining at any time, taking back one's own; the order for coordinators."""
    if version.state not in (State.ACCEPTED, State.SIGNING):
        return []
    held = reach.organisations(Permission.SIGN_AGREEMENTS)
    ours = [party for party in parties if party.organisation_id in held]
    turn = {party.pk for party in next_to_sign(parties, signed)}
    lines = [(party, "sign", f"Läs och underteckna för {party.name}", "primary") for party in ours if party.pk in turn]
    lines += [(p, "decline", f"Avböj{_for(p, ours)}", "tertiary") for p in ours if p.pk not in signed]
    lines += [(p, "withdraw", f"Ta tillbaka underskriften{_for(p, ours)}", "tertiary") for p in ours if p.pk in own]
    buttons = [Button(label, reverse(route, args=(version.pk, p.pk)), look) for p, route, label, look in lines]
    if version.state == State.ACCEPTED and reach.may(Permission.EDIT_AGREEMENTS, [p.organisation_id for p in parties]):
        buttons.append(Button("Bestäm ordning", reverse("signing_order", args=(version.pk,)), "secondary"))
    return buttons


def _for(party: Party, ours: Collection[Party]) -> str:
    """For which party, to those who sign for several."""
    return f" för {party.name}" if len(ours) > 1 else ""


def _move_buttons(version: Version, parties: Sequence[Party], editing: set[str], left: int) -> list[Button]:
    possible = {t.move for t in moves_from(version.state) if t.permission == Permission.EDIT_AGREEMENTS}
    buttons: list[Button] = []
    shown: set[Move] = set()
    for move in BRIGHTEST_FIRST:
        if move not in possible or not may_move(move, version.state, editing, version.proposed_by_side):
            continue
        if (move == Move.PROPOSE and left) or (move == Move.RESTORE and version.purged_at is not None):
            continue
        if move == Move.REOPEN and Move.SEND_BACK in shown:
            continue  # the same thing, in the reviewer's words
        shown.add(move)
        label, variant = BUTTONS[move]
        label = label.format(others=names(others(parties, editing)))
        buttons.append(Button(label, reverse(MOVE_ROUTES[move], args=(version.pk,)), variant))
    return buttons


def others(parties: Sequence[Party], own: Collection[str]) -> list[Party]:
    """The parties on the other side than one's own; all of them for those who stand on neither."""
    return [party for party in parties if party.side not in own] or list(parties)


def names(parties: Sequence[Party]) -> str:
    return names_of(party.name for party in parties)


def _text(version: Version, parties: Sequence[Party], editing: set[str], signed: Collection[int], left: int) -> str:
    state = State(version.state)
    if state is State.DRAFT:
        return _draft_text(parties, editing, left)
    if state is State.PROPOSED:
        proposer = [party for party in parties if party.side == version.proposed_by_side]
        reviewer = [party for party in parties if party.side != version.proposed_by_side]
        if editing - {version.proposed_by_side}:
            return f"{names(proposer)} har föreslagit texten. Läs den och godta den, eller skicka tillbaka den."
        return f"Väntar på att {names(reviewer)} granskar."
    if state in (State.ACCEPTED, State.SIGNING):
        return f"Texten är fastställd. {waits_for(parties, signed)}"
    return _later_text(version, state)


def waits_for(parties: Sequence[Party], signed: Collection[int]) -> str:
    """Whose signature is waited for, and in which order when one has been set."""
    order = order_words(parties)
    text = f"Väntar på underskrift från {names(next_to_sign(parties, signed))}."
    return f"{text} Parterna undertecknar i ordningen {order}." if order else text


def _draft_text(parties: Sequence[Party], editing: set[str], left: int) -> str:
    if not editing:
        return "Parterna skriver. Texten kan fortfarande ändras."
    if left:
        things = "En sak" if left == 1 else f"{left} saker"
        return f"{things} återstår innan överenskommelsen kan föreslås för {names(others(parties, editing))}."
    return f"Allt som krävs är ifyllt. Läs igenom och föreslå den för {names(others(parties, editing))}."


def _later_text(version: Version, state: State) -> str:
    if state is State.DISCARDED:
        return PURGED if version.purged_at is not None else BINNED
    if state is State.ENDED:
        return ENDED[Ending(version.ended_as)]
    if version.notice_until is not None:
        return f"Överenskommelsen är uppsagd. Den gäller till och med {spelled(version.notice_until)}."
    return "Undertecknad av alla parter. Texten kan inte längre ändras."
