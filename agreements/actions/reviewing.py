"""The other party's review: each section accepted, or marked with what needs changing."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.db import transaction

from agreements.actions.locking import demand_move, lock
from agreements.content import clean_line
from agreements.gather import Whole
from agreements.models import Party, SectionReview
from agreements.review import Reviewed, Said, reviewed, section_hashes
from agreements.states import Move
from contacts.access import Permission, reach_of
from contacts.errors import Refused
from contacts.history import function_of, record
from contacts.models import User
from contacts.personbound import find_identity_numbers
from municipalities.models import Organisation

SHORTEST_REASON, LONGEST_REASON = 3, 1000
READ_AGAIN: Final = "Avsnittet har ändrats sedan du öppnade sidan. Läs det igen och bedöm det sedan."


@transaction.atomic
def review_section(
    *, by: User, version_id: int, key: str, verdict: str, seen_hash: str, now: datetime.datetime, reason: str = ""
) -> list[SectionReview]:
    """Say of a section that it is accepted, or what needs changing, for every party the user reviews for.

    Raises NotAllowed for the role, Refused for the state, the reason or a text that is no longer the one that was seen.
    """
    whole = Whole(lock(version_id))
    demand_move(by, Move.ACCEPT, whole)
    reason = clean_line(reason) if verdict == SectionReview.Verdict.CHANGE else ""
    for complaint in review_complaints(verdict, reason).values():
        raise Refused(complaint)
    if section_hashes(whole.document).get(key) != seen_hash:
        raise Refused(READ_AGAIN)
    return [_review(whole, party, key, verdict, reason, seen_hash, by, now) for party in reviewers(whole, by)]


def review_complaints(verdict: str, reason: str) -> dict[str, str]:
    """What is wrong with a verdict: field → Swedish message."""
    if verdict not in SectionReview.Verdict:
        return {"verdict": "Välj om avsnittet godtas eller behöver ändras."}
    if verdict == SectionReview.Verdict.ACCEPTED:
        return {}
    if len(reason) < SHORTEST_REASON:
        return {"reason": "Skriv vad som behöver ändras, så att den andra parten förstår."}
    if len(reason) > LONGEST_REASON:
        return {"reason": f"Skälet får vara högst {LONGEST_REASON} tecken."}
    return {"reason": "Skälet får inte innehålla personnummer."} if find_identity_numbers(reason) else {}


def reviewers(whole: Whole, by: User) -> list[Party]:
    """The parties on the side that reviews which the user acts for; none when nothing is under review."""
    held = reach_of(by).organisations(Permission.EDIT_AGREEMENTS)
    side = reviewing_side(whole.version.proposed_by_side)
    return [party for party in whole.parties if party.side == side and party.organisation_id in held]


def reviewing_side(proposed_by: str) -> str:
    """The side that did not propose; empty when nothing is proposed."""
    sides = (Organisation.Side.MUNICIPALITY.value, Organisation.Side.AF.value)
    return next((side for side in sides if side != proposed_by), "") if proposed_by else ""


def standing_review(whole: Whole, hashes: dict[str, str] | None = None) -> dict[str, Reviewed]:
    """How each section stands in the review that goes on, or in the latest one while the text is a draft again.

    One query, and the text when its hashes are not given.
    """
    hashes = section_hashes(whole.document) if hashes is None else hashes
    names = {party.organisation_id: party.name for party in whole.parties}
    columns = ("section_key", "organisation_id", "side", "verdict", "reason", "text_hash")
    rows = SectionReview.objects.filter(version=whole.version).order_by("reviewed_at", "pk").values_list(*columns)
    said = [Said._make([*row, names.get(row[1], "")]) for row in rows]
    return reviewed(hashes, said, reviewing_side(whole.version.proposed_by_side) or _latest_side(said))


def _latest_side(said: list[Said]) -> str:
    return said[-1].side if said else ""


def _review(
    whole: Whole, party: Party, key: str, verdict: str, reason: str, text_hash: str, by: User, now: datetime.datetime
) -> SectionReview:
    """One party's verdict; said again it changes nothing."""
    named: dict[str, Any] = {"version": whole.version, "section_key": key, "organisation_id": party.organisation_id}
    old = SectionReview.objects.filter(**named).first()
    if old and (old.verdict, old.reason, old.text_hash) == (verdict, reason, text_hash):
        return old
    before = {"verdict": old.verdict, "reason": old.reason} if old else {}
    facts: dict[str, Any] = {"verdict": verdict, "reason": reason, "text_hash": text_hash, "side": party.side}
    who = {"user": by, "name": by.name, "function": function_of(by), "reviewed_at": now}
    row, _ = SectionReview.objects.update_or_create(**named, defaults=facts | who)
    record(
        "agreement.section_reviewed",
        by=by,
        subject=whole.version.subject,
        before=before,
        after={
            "version": whole.version.number,
            "section": key,
            "verdict": verdict,
            "reason": reason,
            "text_hash": text_hash,
            "for": [party.name],
        },
    )
    return row
