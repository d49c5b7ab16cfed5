"""Invented notice: two agreements that end, and a joint one that a municipality leaves."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg.types.range import Range

from agreements.ending import bound_until, notice_ends
from agreements.models import Notice, Signature
from agreements.states import Move, State
from contacts.models import Event
from municipalities.models import Organisation
from nationwide.demo.history import event
from nationwide.demo.rows import Built
from nationwide.demo.timeline import Date, days, moment, weekday


def give_notice(built: Built, today: Date) -> None:
    """The notice of the unit's plan, on the version that is in force, as the product's own action writes it."""
    plan = built.unit.notice
    if plan is None or built.plan.state != State.IN_FORCE:
        return
    version, parties = built.version, built.parties
    leaving = parties[built.unit.codes.index(plan.code)]
    giver = parties[-1] if plan.by_af else leaving
    actor = built.signatories[parties.index(giver)]
    received = weekday(today - days(plan.days_ago))
    last_day = notice_ends(received, version.notice_months, version.period_end)
    if last_day is None:
        return
    built.notices.append(
        Notice(
            version=version,
            leaving=leaving,
            giver=giver,
            user=actor.user,
            name=actor.user.name,
            function=giver.signing_function,
            decision=Signature.Decision.BOARD,
            decision_reference=f"{giver.case_number}, § 12",
            decision_date=received - days(6),
            reason=plan.reason,
            received_on=received,
            last_day=last_day,
            given_at=moment(received, 10),
        )
    )
    kommuner = [place for place, party in enumerate(parties) if party.side == Organisation.Side.MUNICIPALITY]
    bound = bound_until(kommuner, [len(parties) - 1], version.period_end, {parties.index(leaving): last_day})
    for place, party in enumerate(parties):
        party.in_force = Range(party.in_force.lower, bound.until[place])
    version.notice_until = bound.notice_until


def of_notices(built: Built) -> Iterator[Event]:
    """What history says of it."""
    for notice in built.notices:
        after = {
            "state": State.IN_FORCE,
            "version": built.version.number,
            "party": notice.giver.name,
            "leaving": [notice.leaving.name],
            "last_day": str(notice.last_day),
            "reason": notice.reason,
            "decision": notice.decision_reference,
        }
        actor = built.signatories[built.parties.index(notice.giver)]
        before = {"state": State.IN_FORCE}
        yield event(
            f"agreement.{Move.GIVE_NOTICE}", built.version.subject, notice.given_at, actor, before=before, after=after
        )
