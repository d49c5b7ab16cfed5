"""Proposing, sending back, accepting, re-opening and discarding."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements.actions.attaching import refuse_unfit
from agreements.actions.calling import call_next, call_off_all
from agreements.actions.locking import acts_for, demand_move, lock
from agreements.content import clean_line
from agreements.document import locked_hash_of, text_hash
from agreements.gather import Whole
from agreements.models import Signature, SignedFile, Version
from agreements.states import TRANSITIONS, Move, State
from agreements.states import after as state_after
from contacts.errors import Refused
from contacts.history import record
from contacts.models import Event, User


@transaction.atomic
def propose(*, by: User, version_id: int) -> Version:
    """Hand the draft to the other party. Raises Refused while something is left to fill in."""
    whole = Whole(lock(version_id))
    sides = demand_move(by, Move.PROPOSE, whole)
    if whole.left:
        raise Refused(f"{len(whole.left)} saker återstår innan överenskommelsen kan föreslås.")
    refuse_unfit(whole)
    if open_points := whole.version.upgrade_points.open().count():
        raise Refused(f"Ta först ställning till det som är nytt i mallen ({open_points} kvar).")
    whole.version.proposed_by_side = sorted(sides)[0]
    return move_on(whole, Move.PROPOSE, by=by)[0]


@transaction.atomic
def send_back(*, by: User, version_id: int, reason: str) -> Version:
    """Give a proposed agreement back to be rewritten, with a reason."""
    return _with_reason(Move.SEND_BACK, by=by, version_id=version_id, reason=reason)


@transaction.atomic
def reopen(*, by: User, version_id: int, reason: str) -> Version:
    """Make a proposed or accepted agreement a draft again; signatures given so far are withdrawn."""
    return _with_reason(Move.REOPEN, by=by, version_id=version_id, reason=reason)


@transaction.atomic
def discard(*, by: User, version_id: int, reason: str) -> Version:
    """Throw a draft away, with a reason; its rows stay."""
    return _with_reason(Move.DISCARD, by=by, version_id=version_id, reason=reason)


@transaction.atomic
def accept(*, by: User, version_id: int) -> Version:
    """Agree to a proposed text. The text is frozen here, so that every signatory signs the same bytes."""
    whole = Whole(lock(version_id))
    demand_move(by, Move.ACCEPT, whole)
    if whole.left:
        raise Refused(f"{len(whole.left)} saker återstår innan överenskommelsen kan godtas.")
    refuse_unfit(whole)
    whole.version.frozen = whole.document
    whole.version.text_hash = text_hash(whole.document)
    whole.version.locked_hash = locked_hash_of(whole.document)
    version, _ = move_on(whole, Move.ACCEPT, by=by, text_hash=whole.version.text_hash)
    call_next(whole, version.state_since)
    return version


def _with_reason(move: Move, *, by: User, version_id: int, reason: str) -> Version:
    whole = Whole(lock(version_id))
    demand_move(by, move, whole)
    reason = clean_line(reason)
    if TRANSITIONS[move].needs_reason and len(reason) < 3:
        raise Refused("Skriv ett skäl, så att den andra parten förstår varför.")
    facts: dict[str, Any] = {"reason": reason[:1000], "for": acts_for(by, whole)}
    withdrawn = thaw(whole.version, timezone.now(), closed_by=by.name)
    return move_on(whole, move, by=by, **facts, **({"withdrawn": withdrawn} if withdrawn else {}))[0]


def thaw(version: Version, now: datetime.datetime, *, closed_by: str) -> list[dict[str, str]]:
    """Make the text changeable again; the signatures taken away are returned for history."""
    signatures = list(version.signatures.all())
    facts = [facts_of(signature) for signature in signatures]
    version.signatures.all().delete()
    call_off_all(version, now)
    version.signed_files.standing().update(closed_at=now, closed_as=SignedFile.Closed.REOPENED, closed_by=closed_by)
    version.frozen, version.text_hash, version.locked_hash, version.proposed_by_side = None, "", "", ""
    return facts


def facts_of(signature: Signature) -> dict[str, str]:
    """What history keeps of a signature that is void."""
    behalf = {"behalf": signature.behalf_name} if signature.behalf_name else {}
    signed_at = signature.signed_at.isoformat()
    return {"name": signature.name, "function": signature.function, "signed_at": signed_at, **behalf}


MOVED = ("state", "state_since", "proposed_by_side", "frozen", "text_hash", "locked_hash", "discarded_at")


def move_on(whole: Whole, move: Move, *, by: User | None, **facts: Any) -> tuple[Version, Event]:
    """Write the new state and its history row; both are returned."""
    version = whole.version
    before = version.state
    version.state = state_after(version.state, move)
    version.state_since = timezone.now()
    if version.state == State.DISCARDED:
        version.discarded_at = version.state_since
    version.save(update_fields=MOVED)
    event = record(
        f"agreement.{move}",
        by=by,
        subject=version.subject,
        before={"state": before},
        after={"state": version.state, "version": version.number, **facts},
        pending=True,
    )
    return version, event
