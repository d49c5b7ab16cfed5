"""Notice: giving it, asking to take it back, consenting to that; and what the calendar makes of it."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from psycopg.types.range import Range

from agreements.actions.locking import lock
from agreements.actions.signing import Decision, own_party
from agreements.content import clean_line
from agreements.ending import bound_until, notice_ends, why_not_leave
from agreements.gather import Whole
from agreements.models import Notice, Party, Version
from agreements.states import Move, State, refusal
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import record
from contacts.models import User
from municipalities.models import Organisation

MUNICIPALITY = Organisation.Side.MUNICIPALITY
SHORTEST_REASON, LONGEST_REASON = 3, 1000


@dataclass(frozen=True)
class Wish:
    """For which municipalities AF gives notice (a municipality leaves itself), why, and the last day where the
    agreement has no period of notice.
    """

    reason: str
    leaving: Collection[int] = ()
    last_day: datetime.date | None = None


@transaction.atomic
def give_notice(
    *, by: User, version_id: int, party_id: int, wish: Wish, decision: Decision, now: datetime.datetime
) -> Version:
    """Give notice for a party; it counts as received now, since the other party is told at once.

    Raises NotAllowed for a party the user does not sign for, and Refused when the version is not in force, when a
    municipality has left or been given notice already, or when something is missing.
    """
    whole = Whole(lock(version_id))
    giver, today = own_party(whole, party_id, by), timezone.localdate(now)
    if whole.version.state != State.IN_FORCE:
        raise Refused(refusal(Move.GIVE_NOTICE, whole.version.state))
    reason = _reason(wish.reason)
    if decision.date > today:
        raise Refused("Beslutsdatum kan inte ligga i framtiden.")
    leaving = _leaving(whole, giver, wish.leaving)
    _refuse_unready(whole, leaving, today)
    last_day = _last_day(whole.version, today, wish.last_day)
    Notice.objects.bulk_create(
        Notice(
            version=whole.version,
            leaving=party,
            giver=giver,
            user=by,
            name=by.name,
            function=clean_line(decision.function),
            decision=decision.kind,
            decision_reference=clean_line(decision.reference),
            decision_date=decision.date,
            reason=reason,
            received_on=today,
            last_day=last_day,
            given_at=now,
        )
        for party in leaving
    )
    rebind(whole)
    names = [party.name for party in leaving]
    facts = {"party": giver.name, "leaving": names, "last_day": str(last_day), "reason": reason}
    _record(whole.version, Move.GIVE_NOTICE, by, **facts, decision=clean_line(decision.reference))
    return whole.version


def _reason(text: str) -> str:
    reason = clean_line(text)
    if len(reason) < SHORTEST_REASON:
        raise Refused("Skriv ett skäl, så att den andra parten förstår varför.")
    return reason[:LONGEST_REASON]


def _leaving(whole: Whole, giver: Party, chosen: Collection[int]) -> list[Party]:
    """A municipality leaves by itself; AF says for which municipalities it gives notice (section 19)."""
    if giver.side == MUNICIPALITY:
        return [giver]
    leaving = [party for party in whole.parties if party.side == MUNICIPALITY and party.pk in chosen]
    if not leaving or len(leaving) != len(set(chosen)):
        raise Refused("Ange för vilken kommun överenskommelsen sägs upp.")
    return leaving


def _refuse_unready(whole: Whole, leaving: Collection[Party], today: datetime.date) -> None:
    successor = successor_of(whole.version)
    for party in leaving:
        days = party.in_force
        begins, ends = (days.lower, days.upper) if days else (None, None)
        if why := why_not_leave(begins=begins, ends=ends, today=today, successor=successor):
            raise Refused(why)
    told = Notice.objects.standing().filter(leaving__in=leaving).select_related("leaving").first()
    if told is not None:
        raise Refused(f"Överenskommelsen är redan uppsagd för {told.leaving.name}.")


def _last_day(version: Version, today: datetime.date, chosen: datetime.date | None) -> datetime.date:
    last = notice_ends(today, version.notice_months, version.period_end, chosen)
    if last is None:
        raise Refused("Överenskommelsen har ingen uppsägningstid. Ange vilken dag den ska upphöra.")
    if last < today:
        raise Refused("Sista dagen kan inte vara en dag som har varit.")
    return last


def successor_of(version: Version) -> int | None:
    """The number of the signed version that takes over, if there is one."""
    later = Version.objects.filter(
        agreement=version.agreement_id, number__gt=version.number, signed_at__isnull=False
    ).order_by("number")
    number: int | None = later.values_list("number", flat=True).first()
    return number


def rebind(whole: Whole) -> None:
    """Let every party's days in force follow from the period and the notices that stand."""
    version = whole.version
    leaving = dict(Notice.objects.standing().filter(version=version).values_list("leaving", "last_day"))
    kommuner = [party.pk for party in whole.parties if party.side == MUNICIPALITY]
    others = [party.pk for party in whole.parties if party.side != MUNICIPALITY]
    bound = bound_until(kommuner, others, version.period_end, leaving)
    for party in whole.parties:
        until = bound.until[party.pk]
        if party.in_force is not None and party.in_force.upper != until:
            party.in_force = Range(party.in_force.lower, until)
            party.save(update_fields=["in_force"])
    version.notice_until = bound.notice_until
    version.save(update_fields=["notice_until"])


@transaction.atomic
def ask_back(*, by: User, notice_id: int, reason: str, now: datetime.datetime) -> Notice:
    """Ask to take one's own notice back before its last day; the other party has to consent."""
    notice, whole = _lock(notice_id)
    _demand_signatory(by, [notice.giver])
    _refuse_over(notice, whole, now, Move.ASK_BACK)
    if notice.asked_back_at is not None:
        raise Refused("Ni har redan bett om att få ta tillbaka uppsägningen. Den andra parten ska samtycka.")
    notice.asked_back_at, notice.asked_back_by, notice.asked_back_reason = now, by.name, _reason(reason)
    notice.save(update_fields=["asked_back_at", "asked_back_by", "asked_back_reason"])
    facts = {"party": notice.giver.name, "leaving": [notice.leaving.name], "reason": notice.asked_back_reason}
    _record(whole.version, Move.ASK_BACK, by, **facts)
    return notice


@transaction.atomic
def take_back(*, by: User, notice_id: int, now: datetime.datetime) -> Notice:
    """Consent to a notice being taken back: the agreement goes on as if it had not been given."""
    notice, whole = _lock(notice_id)
    _demand_signatory(by, [consenter(notice, whole)])
    _refuse_over(notice, whole, now, Move.TAKE_BACK)
    if notice.asked_back_at is None:
        raise Refused("Den som har sagt upp överenskommelsen har inte bett om att få ta tillbaka uppsägningen.")
    notice.withdrawn_at, notice.withdrawn_by = now, by.name
    notice.save(update_fields=["withdrawn_at", "withdrawn_by"])
    rebind(whole)
    facts = {"party": consenter(notice, whole).name, "leaving": [notice.leaving.name]}
    _record(whole.version, Move.TAKE_BACK, by, **facts)
    return notice


def consenter(notice: Notice, whole: Whole) -> Party:
    """Who has to consent: AF when a municipality has given notice, else the municipality that was given notice."""
    if notice.giver_id != notice.leaving_id:
        return notice.leaving
    return next(party for party in whole.parties if party.side != MUNICIPALITY)


def _lock(notice_id: int) -> tuple[Notice, Whole]:
    """The version is locked first, as every other action does, so that two can't wait for each other."""
    version_id = Notice.objects.values_list("version_id", flat=True).get(pk=notice_id)
    whole = Whole(lock(version_id))
    rows = Notice.objects.select_for_update(of=("self",)).select_related("leaving", "giver")
    return rows.get(pk=notice_id), whole


def _demand_signatory(user: User, parties: Collection[Party]) -> None:
    if not reach_of(user).may(Permission.SIGN_AGREEMENTS, [party.organisation_id for party in parties]):
        raise NotAllowed


def _refuse_over(notice: Notice, whole: Whole, now: datetime.datetime, move: Move) -> None:
    if whole.version.state != State.IN_FORCE or notice.withdrawn_at is not None:
        raise Refused(refusal(move, whole.version.state))
    if notice.last_day < timezone.localdate(now):
        raise Refused("Sista dagen har passerat. Uppsägningen kan inte längre tas tillbaka.")
    if (successor := successor_of(whole.version)) is not None:
        raise Refused(f"Version {successor} är undertecknad och ersätter den här. Uppsägningen kan inte tas tillbaka.")


def _record(version: Version, move: Move, by: User | None, **facts: object) -> None:
    record(
        f"agreement.{move}",
        by=by,
        subject=version.subject,
        before={"state": State.IN_FORCE},
        after={"state": version.state, "version": version.number, **facts},
        pending=True,
    )


@transaction.atomic
def carry_out(*, notice_id: int, now: datetime.datetime) -> bool:
    """Tell in the history that a municipality has left; whether it was told now. Where all leave, the end says it."""
    notice, whole = _lock(notice_id)
    if notice.carried_out_at is not None or notice.withdrawn_at is not None:
        return False
    notice.carried_out_at = now
    notice.save(update_fields=["carried_out_at"])
    if whole.version.state != State.IN_FORCE:
        return False
    _record(whole.version, Move.LEAVE, None, leaving=[notice.leaving.name], last_day=str(notice.last_day))
    return True


def carry_out_all(*, today: datetime.date, now: datetime.datetime) -> int:
    """Every notice whose last day has passed; how many municipalities have left. Again changes nothing."""
    over = list(Notice.objects.over(today).order_by("pk").values_list("pk", flat=True))
    return sum(carry_out(notice_id=pk, now=now) for pk in over)
