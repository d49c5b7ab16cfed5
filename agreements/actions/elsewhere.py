"""Files that were signed outside the portal: handed in by one party, vouched for by the other, and then counted.

The signatures in such a file become rows of the same kind as those given here, and the last one puts the agreement in
force by the very same path (signing.complete_if_all_signed).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from agreements.actions.attaching import Received, RefusedFile, received, stored
from agreements.actions.calling import call_next, call_off
from agreements.actions.locking import demand, lock
from agreements.actions.signing import Decision, complete_if_all_signed, has_signed
from agreements.content import clean_line
from agreements.elsewhere import Bound, own_side, still_needed
from agreements.gather import Whole
from agreements.inspecting import sandbox
from agreements.models import (
    AttachedFile,
    ClaimedSignature,
    Party,
    PrintedCopy,
    Seal,
    Signature,
    SignedFile,
    Version,
    Voucher,
)
from agreements.signed_inspection import SignedPdf, look_into
from agreements.signed_marks import SHORT, Mark, judge_marks
from agreements.states import TRANSITIONS, Move, refusal
from agreements.states import after as state_after
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import record
from contacts.models import User
from contacts.personbound import find_identity_numbers

REFUSED: Final = {
    Mark.OTHER_AGREEMENT: "Filen hör till en annan överenskommelse. Kontrollera att du valde rätt fil.",
    Mark.OTHER_TEXT: (
        "Filen är av en annan version av texten än den som är fastställd. "
        "Underskrifterna gäller en annan lydelse och kan inte användas här."
    ),
}
OUR_OWN: Final = "Det är portalens egen utskrift, utan underskrifter. Välj den fil som är undertecknad."
USED: Final = "Filen är redan inlämnad för en annan överenskommelse."
ONE_WAITS: Final = "En undertecknad fil väntar redan på att bekräftas."
NOBODY: Final = "Fyll i minst en part som har undertecknat i filen."
IS_CHECKED: Final = "Filen kontrolleras fortfarande. Försök igen om en stund."
IS_STOPPED: Final = "Filen är stoppad: {}"
NOT_YOURS: Final = "Det är en annan part som ska bekräfta filen."
IS_DONE: Final = "Filen väntar inte längre på att bekräftas."
NO_REASON: Final = "Skriv ett skäl, så att den andra parten förstår varför."


@dataclass(frozen=True)
class Claim:
    """Who signed for a party, as it stands in the file."""

    party_id: int
    name: str
    decision: Decision
    signed_on: datetime.date


# ------------------------------------------------------------------------------------------------ handing in


def hand_in(
    *, by: User, version_id: int, upload: File[bytes], kind: str, claims: Collection[Claim], now: datetime.datetime
) -> SignedFile:
    """Take in a signed file and what was read in it. Raises NotAllowed; RefusedFile, Refused with what is wrong."""
    with received(upload, sandbox.judge_signed) as what:
        found = look_into(what.file)
        with transaction.atomic():
            whole = _lock_unsigned(version_id, by)
            _refuse_unfit(whole, claims, now)
            mark = _mark_of(whole, what, found)
            row = SignedFile.objects.create(
                version=whole.version,
                file=stored(what),
                name=what.name,
                kind=SignedFile.Kind(kind),
                text_hash=whole.version.text_hash,
                is_marked=mark is Mark.OWN,
                found=found.kept(),
                found_at=now,
                handed_in_at=now,
                handed_in_by=by,
            )
            ClaimedSignature.objects.bulk_create(_claimed(row, claim) for claim in claims)
            own = _stand_for(row, whole, by, now)
            after = facts_of(row) | {
                "version": whole.version.number,
                "for": [party.name for party in own],
                "signed_for": [party.name for party in whole.parties if party.pk in {c.party_id for c in claims}],
            }
            record("elsewhere.handed_in", by=by, subject=whole.version.subject, after=after, pending=True)
            return row


def _lock_unsigned(version_id: int, by: User) -> Whole:
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    if whole.version.state not in TRANSITIONS[Move.SIGN].sources:
        raise Refused(refusal(Move.SIGN, whole.version.state))
    return whole


def _refuse_unfit(whole: Whole, claims: Collection[Claim], now: datetime.datetime) -> None:
    if SignedFile.objects.waiting().filter(version=whole.version).exists():
        raise Refused(ONE_WAITS)
    if not claims:
        raise Refused(NOBODY)
    parties = {party.pk: party for party in whole.parties}
    today = timezone.localdate(now)
    for claim in claims:
        if claim.party_id not in parties:
            raise NotAllowed
        if Signature.objects.filter(party=claim.party_id).exists():
            raise Refused(has_signed(parties[claim.party_id]))
        if max(claim.signed_on, claim.decision.date) > today:
            raise Refused("Datum för underskrift och beslut kan inte ligga i framtiden.")
        if find_identity_numbers(f"{claim.name} {claim.decision.function} {claim.decision.reference}"):
            raise Refused("Skriv inte något personnummer.")
    if whole.version.period_end and whole.version.period_end < today:
        raise Refused("Överenskommelsens slutdatum har passerat. Öppna den igen och ändra perioden.")


def _claimed(row: SignedFile, claim: Claim) -> ClaimedSignature:
    return ClaimedSignature(
        signed_file=row,
        party_id=claim.party_id,
        name=clean_line(claim.name),
        function=clean_line(claim.decision.function),
        decision=claim.decision.kind,
        decision_reference=clean_line(claim.decision.reference),
        decision_date=claim.decision.date,
        signed_on=claim.signed_on,
    )


def _mark_of(whole: Whole, what: Received, found: SignedPdf) -> Mark:
    """What the file says it is of. Raises RefusedFile when that is something else than the fixed text."""
    version = whole.version
    if PrintedCopy.objects.filter(sha256=what.sha256).exists() or Seal.objects.filter(sha256=what.sha256).exists():
        raise RefusedFile(OUR_OWN)
    if SignedFile.objects.standing().filter(file__sha256=what.sha256).exclude(version=version).exists():
        raise RefusedFile(USED)
    mark = judge_marks(
        found.hashes,
        version.text_hash,
        elsewhere=_texts_of_others(found.hashes, version),
        agreements=set(PrintedCopy.objects.filter(code__in=found.codes).values_list("version__agreement", flat=True)),
        agreement=version.agreement_id,
    )
    if mark in REFUSED:
        raise RefusedFile(REFUSED[mark])
    return mark


def _texts_of_others(hashes: Collection[str], version: Version) -> list[str]:
    """Those of the hashes that begin another agreement's text: one that is fixed, or a draft that was printed."""
    fixed = Version.objects.exclude(agreement=version.agreement_id)
    printed = PrintedCopy.objects.exclude(version__agreement=version.agreement_id)
    strange = [begun for begun in hashes if begun != version.text_hash[:SHORT]]
    return [
        begun
        for begun in strange
        if any(rows.filter(text_hash__startswith=begun).exists() for rows in (fixed, printed))
    ]


# ------------------------------------------------------------------------------------------------- vouching


@transaction.atomic
def vouch(*, by: User, version_id: int, signed_file_id: int, now: datetime.datetime) -> Version:
    """Stand for a file that another party handed in. With the last voucher that it takes, its signatures count.

    Raises NotAllowed, Refused; SignedFile.DoesNotExist.
    """
    whole = _lock_unsigned(version_id, by)
    row = _waiting(whole, signed_file_id)
    if row.file.status != AttachedFile.Status.CLEAR:
        stopped = row.file.status == AttachedFile.Status.REFUSED
        raise Refused(IS_STOPPED.format(row.file.failure) if stopped else IS_CHECKED)
    if not {party.pk for party in own_parties(whole, by)} & {party.pk for party in needed(whole, row)}:
        raise Refused(NOT_YOURS)
    own = _stand_for(row, whole, by, now)
    after = facts_of(row) | {"for": [party.name for party in own]}
    record("elsewhere.vouched", by=by, subject=whole.version.subject, after=after, pending=True)
    if not needed(whole, row):
        _count(row, whole, now)
    return whole.version


def _waiting(whole: Whole, signed_file_id: int) -> SignedFile:
    row = SignedFile.objects.with_files().filter(version=whole.version).get(pk=signed_file_id)
    if row.counted_at or row.closed_at:
        raise Refused(IS_DONE)
    return row


def bound_parties(parties: Collection[Party]) -> list[Bound]:
    return [Bound(party.pk, party.side) for party in parties]


def own_parties(whole: Whole, by: User) -> list[Bound]:
    """The parties that the user stands for."""
    held = reach_of(by).organisations(Permission.EDIT_AGREEMENTS)
    mine = {party.pk for party in whole.parties if party.organisation_id in held}
    return own_side(bound_parties(whole.parties), mine)


def needed(whole: Whole, row: SignedFile) -> list[Bound]:
    """The parties whose word is still needed."""
    claimed = set(row.claims.values_list("party_id", flat=True))
    vouched = set(row.vouchers.values_list("party_id", flat=True))
    return still_needed(bound_parties(whole.parties), claimed, vouched)


def _stand_for(row: SignedFile, whole: Whole, by: User, now: datetime.datetime) -> list[Party]:
    """The user's parties vouch; nobody does so for both sides."""
    if Voucher.objects.filter(signed_file=row, user=by).exists():
        raise Refused(NOT_YOURS)
    own = {party.pk for party in own_parties(whole, by)} - set(row.vouchers.values_list("party_id", flat=True))
    parties = [party for party in whole.parties if party.pk in own]
    Voucher.objects.bulk_create(
        Voucher(signed_file=row, party=party, user=by, name=by.name, side=party.side, vouched_at=now)
        for party in parties
    )
    return parties


def _count(row: SignedFile, whole: Whole, now: datetime.datetime) -> None:
    """The signatures in the file are signatures of the agreement."""
    version = whole.version
    row.counted_at = now
    row.save(update_fields=["counted_at"])
    before = version.state
    claims = list(row.claims.select_related("party"))
    for claim in claims:
        if Signature.objects.filter(party=claim.party).exists():
            raise Refused(f"{has_signed(claim.party)} Ta tillbaka filen, och lämna in den igen utan den underskriften.")
        _sign(row, version, claim, now)
    version.state = state_after(version.state, Move.SIGN)
    version.state_since = now
    version.save(update_fields=["state", "state_since"])
    after = facts_of(row) | {"state": version.state}
    record("elsewhere.counted", by=None, subject=version.subject, before={"state": before}, after=after, pending=True)
    call_off(version, [claim.party for claim in claims], now)
    if not complete_if_all_signed(whole):
        call_next(whole, now)


def _sign(row: SignedFile, version: Version, claim: ClaimedSignature, now: datetime.datetime) -> None:
    """Of the moment only the day is known: noon stands for it, and is never shown."""
    noon = timezone.make_aware(datetime.datetime.combine(claim.signed_on, datetime.time(12)))
    Signature.objects.create(
        version=version,
        party=claim.party,
        signed_file=row,
        name=claim.name,
        function=claim.function,
        decision=claim.decision,
        decision_reference=claim.decision_reference,
        decision_date=claim.decision_date,
        text_hash=row.text_hash,
        method=Signature.Method(row.kind),
        signed_at=min(noon, now),
    )


# -------------------------------------------------------------------------------------------------- closing


@transaction.atomic
def close(*, by: User, version_id: int, signed_file_id: int, reason: str, now: datetime.datetime) -> SignedFile:
    """Take a waiting file back, or say no to one that another party handed in, with a reason.

    Raises NotAllowed, Refused; SignedFile.DoesNotExist.
    """
    whole = _lock_unsigned(version_id, by)
    row = _waiting(whole, signed_file_id)
    reason = clean_line(reason)
    if len(reason) < 3:
        raise Refused(NO_REASON)
    if find_identity_numbers(reason):
        raise Refused("Skälet får inte innehålla personnummer.")
    own = {party.pk for party in own_parties(whole, by)}
    vouched = set(row.vouchers.values_list("party_id", flat=True))
    row.closed_as = SignedFile.Closed.WITHDRAWN if own & vouched else SignedFile.Closed.REJECTED
    row.closed_at, row.closed_by, row.reason = now, by.name, reason[:1000]
    row.save(update_fields=["closed_as", "closed_at", "closed_by", "reason"])
    after = facts_of(row) | {"closed_as": row.closed_as, "reason": row.reason}
    record("elsewhere.closed", by=by, subject=whole.version.subject, after=after, pending=True)
    return row


def facts_of(row: SignedFile) -> dict[str, object]:
    """What history keeps of it."""
    return {"signed_file": row.pk, "name": row.name, "kind": row.kind, "sha256": row.file.sha256}
