"""Renewing: a new version for a new period of the same length, proposed at once when nothing has to be changed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from agreements.actions.amending import start_amendment
from agreements.actions.locking import demand, lock
from agreements.actions.negotiating import propose
from agreements.actions.writing import Period, save_period
from agreements.ending import NewPeriod, renewed, why_not_renew
from agreements.fields import Kind
from agreements.gather import Whole
from agreements.models import Version
from agreements.rules import Left
from agreements.states import IS, SIGNED, State
from contacts.access import Permission
from contacts.errors import Refused
from contacts.history import record
from contacts.models import User


@dataclass(frozen=True)
class Renewal:
    """The new version, and what is left before it can be proposed; nothing left: it has been."""

    version: Version
    left: list[Left]


@transaction.atomic
def renew(
    *, by: User, version_id: int, today: datetime.date, period: NewPeriod | None = None, unchanged: bool = True
) -> Renewal:
    """A new version with a new period and all texts as they are. period: None is what the rule proposes.

    unchanged: propose it at once, if nothing is left to fill in. Raises what start_amendment raises, and Refused when
    there is nothing to renew.
    """
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    old = whole.version
    proposed = proposed_period(old, today)
    new = start_amendment(by=by, version_id=version_id, today=today)
    _set_period(new, period or proposed, by)
    record(
        "agreement.renewed",
        by=by,
        subject=new.subject,
        before={"version": old.number, "end": str(old.period_end)},
        after={"version": new.number, "unchanged": unchanged},
        pending=True,
    )
    left = Whole(new).left
    if unchanged and not left:
        new = propose(by=by, version_id=new.pk)
    return Renewal(new, left)


def proposed_period(old: Version, today: datetime.date) -> NewPeriod:
    """What the rule proposes. Raises Refused when the version is not one that is renewed."""
    if old.state not in SIGNED:
        raise Refused(f"{IS[State(old.state)]} och kan inte förnyas.")
    end = old.period_end
    why = why_not_renew(end, under_notice=old.notice_until is not None)
    if why or end is None:
        raise Refused(why)
    start = old.period_start or (old.signed_at.date() if old.signed_at else today)
    return renewed(start, end, old.revision_date, today=today)


def _set_period(new: Version, period: NewPeriod, by: User) -> None:
    """Through the same gate as an editor's. The section is the one whose template asks for the period."""
    key = next(ts.key for ts in Whole(new).template_sections if any(f.kind is Kind.PERIOD for f in ts.fields))
    section = new.sections.get(key=key)
    dates = Period(period.start, period.end, period.revision, new.notice_months)
    save_period(by=by, version_id=new.pk, key=key, period=dates, revision=section.revision)
    new.refresh_from_db()
