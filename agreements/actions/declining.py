"""Not signing: a party declines, or takes its signature back while the agreement is not in force."""

from __future__ import annotations

import datetime

from django.db import transaction

from agreements.actions.calling import call_next, signed_in
from agreements.actions.locking import demand_move, lock
from agreements.actions.negotiating import facts_of, move_on, thaw
from agreements.actions.signing import own_party
from agreements.actions.signing_news import News, tell_everyone
from agreements.content import clean_line
from agreements.gather import Whole
from agreements.models import Party, Signature, Version
from agreements.states import Move, State
from agreements.states import after as state_after
from contacts.errors import NotAllowed, Refused
from contacts.history import record
from contacts.models import User

MOST_LETTERS = 1000
NO_REASON = "Skriv ett skäl, så att de andra parterna förstår varför."


@transaction.atomic
def decline(*, by: User, version_id: int, party_id: int, reason: str, now: datetime.datetime) -> Version:
    """Refuse to sign the fixed text. It is a draft again, and what others have signed is void; all are told why.

    Raises NotAllowed for a party the user does not sign for; Refused for a wrong state, or a party that has signed.
    """
    whole = Whole(lock(version_id))
    party = own_party(whole, party_id, by)
    demand_move(by, Move.DECLINE, whole)
    if party.pk in signed_in(whole.version):
        raise Refused(f"{party.name} har undertecknat. Ta först tillbaka underskriften.")
    reason = _reason(reason)
    withdrawn = thaw(whole.version, now, closed_by=by.name)
    version, event = move_on(
        whole, Move.DECLINE, by=by, reason=reason, party=party.name, **{"for": [party.name], "withdrawn": withdrawn}
    )
    tell_everyone(whole, event, _declined(party, reason, bool(withdrawn)), now)
    return version


def _declined(party: Party, reason: str, voids: bool) -> News:
    void = "De underskrifter som hade lämnats gäller inte längre. " if voids else ""
    follows = f"Överenskommelsen är ett utkast igen. {void}Samordnarna rättar texten eller talar med parten."
    return News("Underskrift avböjd", f"{party.name} har avböjt att underteckna.", reason, follows)


@transaction.atomic
def withdraw(*, by: User, version_id: int, party_id: int, reason: str, now: datetime.datetime) -> Version:
    """Take one's own signature back, before the last one puts the agreement in force; all are told why.

    Raises NotAllowed for somebody else's signature; Refused for a wrong state, or when there is none.
    """
    whole = Whole(lock(version_id))
    party = own_party(whole, party_id, by)
    demand_move(by, Move.WITHDRAW, whole)
    signature = Signature.objects.filter(party=party).first()
    if signature is None:
        raise Refused(f"{party.name} har inte undertecknat.")
    if signature.user_id != by.pk:
        raise NotAllowed
    reason = _reason(reason)
    facts = facts_of(signature)
    signature.delete()
    return _taken_back(whole, party, reason, facts, by=by, now=now)


def _taken_back(
    whole: Whole, party: Party, reason: str, facts: dict[str, str], *, by: User, now: datetime.datetime
) -> Version:
    version, before = whole.version, whole.version.state
    version.state = state_after(before, Move.WITHDRAW)
    if not version.signatures.exists():
        version.state = state_after(version.state, Move.UNSIGNED)
    version.state_since = now
    version.save(update_fields=["state", "state_since"])
    call_next(whole, now)
    event = record(
        "agreement.withdraw",
        by=by,
        subject=version.subject,
        before={"state": before},
        after={
            "state": version.state,
            "version": version.number,
            "party": party.name,
            "reason": reason,
            "withdrawn": [facts],
        },
        pending=True,
    )
    tell_everyone(whole, event, _withdrawn(party, reason, version.state), now)
    return version


def _withdrawn(party: Party, reason: str, state: str) -> News:
    others = "Övriga underskrifter gäller" if state == State.SIGNING else "Ingen part har undertecknat"
    follows = f"Texten är densamma och kan undertecknas på nytt. {others}."
    return News("Underskrift tillbakatagen", f"{party.name} har tagit tillbaka sin underskrift.", reason, follows)


def _reason(reason: str) -> str:
    reason = clean_line(reason)
    if len(reason) < 3:
        raise Refused(NO_REASON)
    return reason[:MOST_LETTERS]
