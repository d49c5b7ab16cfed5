"""Signing; with the last signature the agreement is in force. Ending it when its days are over."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.types.range import Range

from agreements.actions.calling import call_next, call_off, signed_in
from agreements.actions.locking import demand_move, lock
from agreements.actions.opening import opened_at
from agreements.actions.printing import order_copies
from agreements.actions.signing_news import News, tell
from agreements.assurance import why_not_proven, without_numbers
from agreements.commissions import Giver, givers_for
from agreements.content import clean_line
from agreements.document import text_hash
from agreements.ending import how_ended
from agreements.gather import Whole
from agreements.models import Party, Signature, Version
from agreements.models.signature import IDENTITY_NUMBER
from agreements.rules import days_in_force
from agreements.states import Move, State
from agreements.states import after as state_after
from agreements.turns import why_wait
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import record
from contacts.models import User
from contacts.proof import Proof
from municipalities.models import Organisation


class Unproven(Refused):
    """Who signs has not shown who it is lately, or not surely enough."""


@dataclass(frozen=True)
class Decision:
    """On what authority someone signs: in which function, and by which decision."""

    function: str
    kind: str
    reference: str
    date: datetime.date


@dataclass(frozen=True)
class Commission:
    """That one signs on somebody else's behalf: whose (see agreements.commissions), and by which decision."""

    giver: str
    decision: str


@transaction.atomic
def sign(
    *,
    by: User,
    version_id: int,
    party_id: int,
    decision: Decision,
    seen_hash: str,
    proof: Proof | None,
    now: datetime.datetime,
    commission: Commission | None = None,
) -> Version:
    """Sign for a party. seen_hash: the hash of the text the signatory was shown; proof: of who the signatory is.

    Raises NotAllowed for a party the user does not sign for; Unproven without a proof that is good enough; Refused for
    a wrong state or turn, a text that is not the one shown or was never opened, a party that has signed, or days that
    collide with another agreement in force.
    """
    whole = Whole(lock(version_id))
    party = own_party(whole, party_id, by)
    signed = signed_in(whole.version)
    if party.pk in signed:
        raise Refused(has_signed(party))
    demand_move(by, Move.SIGN, whole)
    if why := why_wait(party, whole.parties, signed):
        raise Refused(why)
    _refuse_unsignable(whole.version, decision, seen_hash, timezone.localdate(now))
    signature = _signed(whole.version, party, by, decision, _proven(proof, now), now)
    giver = _commissioned_by(signature, by, commission, now) if commission else None
    signature.save()
    _note(whole, signature, by, giver, now)
    call_off(whole.version, [party], now)
    if not complete_if_all_signed(whole):
        call_next(whole, now)
    return whole.version


def _proven(proof: Proof | None, now: datetime.datetime) -> Proof:
    """The proof, when it is as fresh and as sure as the settings demand."""
    why = why_not_proven(proof, demanded=settings.SIGNING_LEVEL, minutes=settings.SIGNING_PROOF_MINUTES, now=now)
    if proof is None or why:
        raise Unproven(why)
    return proof


def _commissioned_by(signature: Signature, by: User, commission: Commission, now: datetime.datetime) -> Giver:
    """Note on the signature on whose behalf it is; who that was."""
    givers = givers_for(signature.party, by=by, on=timezone.localdate(now))
    giver = next((giver for giver in givers if giver.key == commission.giver), None)
    if giver is None:
        raise Refused("Den du undertecknar på uppdrag av har inte längre rätt att underteckna för parten.")
    signature.behalf_name, signature.behalf_function = giver.name, giver.function
    signature.behalf_decision = clean_line(commission.decision)
    return giver


def _signed(
    version: Version, party: Party, by: User, decision: Decision, proof: Proof, now: datetime.datetime
) -> Signature:
    opened = opened_at(by=by, version=version, now=now)
    if opened is None:
        raise Refused("Öppna texten och läs den innan du undertecknar.")
    return Signature(
        version=version,
        party=party,
        user=by,
        name=by.name,
        function=clean_line(decision.function),
        decision=decision.kind,
        decision_reference=clean_line(decision.reference),
        decision_date=decision.date,
        text_hash=version.text_hash,
        opened_at=opened,
        proof_method=proof.method,
        proof_level=proof.level,
        proof_at=proof.at,
        evidence=without_numbers(proof.evidence, IDENTITY_NUMBER),
        signed_at=now,
    )


def _note(whole: Whole, signature: Signature, by: User, giver: Giver | None, now: datetime.datetime) -> None:
    """The new state and its history row; both who signed and whose commission it was are told."""
    version, before = whole.version, whole.version.state
    version.state = state_after(before, Move.SIGN)
    version.state_since = now
    version.save(update_fields=["state", "state_since"])
    behalf = {"behalf": signature.behalf_name, "commission": signature.behalf_decision} if giver else {}
    event = record(
        "agreement.sign",
        by=by,
        subject=version.subject,
        before={"state": before},
        after={
            "state": version.state,
            "party": signature.party.name,
            "function": signature.function,
            "hash": version.text_hash,
            "method": signature.proof_method,
            "level": signature.proof_level,
            **behalf,
        },
        pending=True,
    )
    if giver:
        both = dict.fromkeys(filter(None, (by.email, giver.mailbox)))
        tell(whole, event, _commissioned(signature), both.items(), now)


def _commissioned(signature: Signature) -> News:
    text = (
        f"{signature.name} har undertecknat för {signature.party.name} på uppdrag av {signature.behalf_name}. "
        f"Beslut om uppdraget: {signature.behalf_decision}."
    )
    follows = (
        "Stämmer det inte? Hör av dig till den som undertecknade. Underskriften kan tas tillbaka tills alla parter har "
        "undertecknat."
    )
    return News("Underskrift på uppdrag", text, "", follows)


def has_signed(party: Party) -> str:
    """What is said to whoever comes second, even when the agreement is in force by then."""
    return f"{party.name} har redan undertecknat."


def own_party(whole: Whole, party_id: int, by: User) -> Party:
    """The party, when the user signs for it; raises NotAllowed."""
    held = reach_of(by).organisations(Permission.SIGN_AGREEMENTS)
    for party in whole.parties:
        if party.pk == party_id and party.organisation_id in held:
            return party
    raise NotAllowed


def _refuse_unsignable(version: Version, decision: Decision, seen_hash: str, today: datetime.date) -> None:
    if seen_hash != version.text_hash or text_hash(version.frozen or {}) != version.text_hash:
        raise Refused("Texten är inte den du såg. Läs den igen innan du undertecknar.")
    if decision.date > today:
        raise Refused("Beslutsdatum kan inte ligga i framtiden.")
    if version.period_end and version.period_end < today:
        raise Refused("Överenskommelsens slutdatum har passerat. Öppna den igen och ändra perioden.")


def complete_if_all_signed(whole: Whole) -> bool:
    """In force as of the last signature, when it is there; inside the caller's transaction."""
    moments = list(whole.version.signatures.values_list("signed_at", flat=True))
    if len(moments) < len(whole.parties):
        return False
    _complete(whole, max(moments))
    return True


def _complete(whole: Whole, last_signature: datetime.datetime) -> None:
    """The last signature is there: in force, days fixed, archive copy ordered."""
    version = whole.version
    first, last = days_in_force(version.period_start, version.period_end, timezone.localdate(last_signature))
    version.state = state_after(version.state, Move.COMPLETE)
    version.signed_at = last_signature
    version.save(update_fields=["state", "signed_at"])
    _cut_previous(version, first)
    try:
        with transaction.atomic():
            version.parties.update(in_force=Range(first, last))
    except IntegrityError as error:
        if "one_agreement_in_force_per_municipality_and_day" not in str(error):
            raise
        raise Refused(
            "Kommunen har redan en gällande överenskommelse under perioden. "
            "Öppna den här igen och ändra startdatum, eller avsluta den andra först."
        ) from error
    order_copies(version)
    record(
        "agreement.complete",
        by=None,
        subject=version.subject,
        before={"state": State.SIGNING},
        after={
            "state": version.state,
            "from": str(first),
            "until": str(last) if last else None,
            "meant": str(version.period_start) if version.period_start else None,
        },
        pending=True,
    )


def _cut_previous(version: Version, first: datetime.date) -> None:
    """An amendment replaces the version before it from its own first day; the timetable ends that version then.

    A municipality that has left the agreement, or is leaving, is no party of the amendment: it stays bound by the old
    version until its own last day, and AF with it.
    """
    going_on = set(version.parties.values_list("organisation_id", flat=True))
    bound = Party.objects.filter(version__agreement_id=version.agreement_id, in_force__isnull=False)
    before: defaultdict[int, list[Party]] = defaultdict(list)
    for party in bound.exclude(version=version).select_for_update(of=("self",)):
        before[party.version_id].append(party)
    for parties in before.values():
        kommuner = [party for party in parties if party.side == Organisation.Side.MUNICIPALITY]
        stay = [party.in_force.upper for party in kommuner if party.organisation_id not in going_on]
        over = None if None in stay else max([first, *stay])
        for party in parties:
            if party.organisation_id in going_on:
                _cut(party, first if party in kommuner else over)


def _cut(party: Party, first: datetime.date | None) -> None:
    lower, upper = party.in_force.lower, party.in_force.upper
    if first is not None and (upper is None or upper > first):
        party.in_force = Range(lower, first) if lower < first else None
        party.save(update_fields=["in_force"])


@transaction.atomic
def end(*, version_id: int, now: datetime.datetime) -> Version:
    """Close a version whose days are over, and keep how it ended. One that has ended already is left as it is."""
    version = lock(version_id)
    if version.state == State.ENDED:
        return version
    version.state = state_after(version.state, Move.END)
    version.state_since = now
    version.ended_as = how_ended(replaced=_is_replaced(version), notice_until=version.notice_until)
    version.save(update_fields=["state", "state_since", "ended_as"])
    record(
        "agreement.end",
        by=None,
        subject=version.subject,
        before={"state": State.IN_FORCE},
        after={"state": version.state, "version": version.number, "ended_as": version.ended_as},
        pending=True,
    )
    return version


def _is_replaced(version: Version) -> bool:
    """Whether a signed version took over from one of its municipalities, on the very next day."""
    later = Party.objects.filter(
        version__agreement=version.agreement_id,
        version__number__gt=version.number,
        version__signed_at__isnull=False,
        side=Organisation.Side.MUNICIPALITY,
        in_force__isnull=False,
    )
    begins = {(party.organisation_id, party.in_force.lower) for party in later}
    known = {organisation for organisation, _ in begins}
    return any(
        party.organisation_id in known
        if party.in_force is None
        else (party.organisation_id, party.in_force.upper) in begins
        for party in version.parties.filter(side=Organisation.Side.MUNICIPALITY)
    )


def end_expired(*, today: datetime.date, now: datetime.datetime) -> int:
    """End every version in force whose last day has passed; the number ended. Late and repeated runs are harmless."""
    over = Version.objects.filter(state=State.IN_FORCE).exclude(
        pk__in=Party.objects.binding_from(today).values("version_id")
    )
    return len([end(version_id=pk, now=now) for pk in over.values_list("pk", flat=True)])
