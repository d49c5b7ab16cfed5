"""In which order the parties sign: set by a coordinator once the text is accepted, before anybody has signed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction

from agreements.actions.calling import call_next, call_off
from agreements.actions.locking import demand, lock
from agreements.gather import Whole
from agreements.models import Party, Version
from agreements.states import IS, State
from agreements.turns import next_to_sign, order_words
from contacts.access import Permission
from contacts.errors import Refused
from contacts.history import record
from contacts.models import User


def why_not_order(state: str) -> str:
    """Why no order can be set now, in words; empty when it can."""
    return "" if state == State.ACCEPTED else f"{IS[State(state)]} och ordningen kan inte ändras."


@transaction.atomic
def order_signatures(*, by: User, version_id: int, turns: Mapping[int, int], now: datetime.datetime) -> Version:
    """Let the parties sign by these numbers, the lowest first and equal ones at the same time. turns: party → number.

    Raises NotAllowed; Refused when the text is not accepted, or somebody has signed.
    """
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    if why := why_not_order(whole.version.state):
        raise Refused(why)
    before = order_words(whole.parties)
    places = sorted({turns.get(party.pk, 0) for party in whole.parties})
    for party in whole.parties:
        party.turn = places.index(turns.get(party.pk, 0))
    _call_anew(whole, now)
    Party.objects.bulk_update(whole.parties, ["turn", "called_at"])
    call_next(whole, now)
    after = {"order": order_words(whole.parties), "version": whole.version.number}
    record("agreement.order_signatures", by=by, subject=whole.version.subject, before={"order": before}, after=after)
    return whole.version


def _call_anew(whole: Whole, now: datetime.datetime) -> None:
    """Whose turn it no longer is has not been called, and the links that were sent lead nowhere."""
    first = {party.pk for party in next_to_sign(whole.parties, ())}
    later = [party for party in whole.parties if party.pk not in first]
    for party in later:
        party.called_at = None
    call_off(whole.version, later, now)
