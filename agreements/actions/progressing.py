"""Writing how it goes: measured values of the goals (section 4) and the status of the action plan (annex B3).

Neither is part of what was signed, so no new signatures are needed.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction

from agreements.actions.followed import entered_for, identity_complaints, lock_followed, refuse
from agreements.content import clean_line
from agreements.dates import spelled
from agreements.gather import Whole
from agreements.goals import ACTIONS, GOALS, rows_of
from agreements.measures import MOST
from agreements.models import ActionProgress, MeasuredValue
from contacts.errors import Refused
from contacts.history import record
from contacts.models import User

FIRST_YEAR: Final = 2000
MOST_VALUES: Final = 400
"""Values of one goal: a value a week for seven years."""
Status = ActionProgress.Status


class NoSuchRow(Exception):
    """The text has no such goal or activity."""


@dataclass(frozen=True)
class Measured:
    """A value as it is written down."""

    measured_on: datetime.date
    value: Decimal
    source: str = ""
    note: str = ""


def measured_complaints(measured: Measured, today: datetime.date) -> dict[str, str]:
    """What is wrong: field → Swedish message."""
    found: dict[str, str] = {}
    if measured.measured_on > today:
        found["measured_on"] = "Dagen har inte varit än."
    elif measured.measured_on.year < FIRST_YEAR:
        found["measured_on"] = f"Skriv ett år från {FIRST_YEAR}."
    if abs(measured.value) >= MOST:
        found["value"] = "Talet är för stort."
    return found | identity_complaints({"source": measured.source, "note": measured.note})


@transaction.atomic
def measure_goal(
    *, by: User, version_id: int, row_id: str, measured: Measured, today: datetime.date, value_id: int | None = None
) -> MeasuredValue:
    """Write down what a goal was measured to, or correct a value (value_id).

    Raises NotAllowed, Refused, NoSuchRow; MeasuredValue.DoesNotExist.
    """
    whole = lock_followed(version_id, by=by, today=today)
    goal = _row(whole, GOALS, row_id)
    refuse(measured_complaints(measured, today))
    row = _lock_value(whole, row_id, value_id) if value_id else _new_value(whole, row_id)
    before = _told(row, goal) if value_id else {}
    row.measured_on, row.value = measured.measured_on, measured.value
    row.source, row.note = clean_line(measured.source)[:200], clean_line(measured.note)[:500]
    row.entered_for = entered_for(by, whole, today)
    after = _told(row, goal)
    if before == after:
        return row
    _write(row)
    event = "agreement.goal_value_changed" if before else "agreement.goal_measured"
    record(event, by=by, subject=whole.version.subject, before=before, after=after | {"id": row.pk})
    return row


@transaction.atomic
def remove_value(*, by: User, version_id: int, row_id: str, value_id: int, today: datetime.date) -> None:
    """Take away a value that was written by mistake. The history keeps it."""
    whole = lock_followed(version_id, by=by, today=today)
    row = _lock_value(whole, row_id, value_id)
    before = _told(row, _row(whole, GOALS, row_id))
    row.delete()
    record("agreement.goal_value_removed", by=by, subject=whole.version.subject, before=before)


def _row(whole: Whole, place: tuple[str, str], row_id: str) -> Mapping[str, Any]:
    content = {key: section.content for key, section in whole.sections.items()}
    row = next((row for row in rows_of(content, place) if row["id"] == row_id), None)
    if row is None:
        raise NoSuchRow(row_id)
    return row


def _new_value(whole: Whole, row_id: str) -> MeasuredValue:
    agreement = whole.version.agreement
    if MeasuredValue.objects.filter(agreement=agreement, row_id=row_id).count() >= MOST_VALUES:
        raise Refused(f"Målet har redan {MOST_VALUES} värden.")
    return MeasuredValue(agreement=agreement, row_id=row_id)


def _lock_value(whole: Whole, row_id: str, value_id: int) -> MeasuredValue:
    rows = MeasuredValue.objects.select_for_update(of=("self",))
    return rows.get(pk=value_id, agreement=whole.version.agreement_id, row_id=row_id)


def _write(row: MeasuredValue) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "a_goal_has_one_value_a_day" not in str(error):
            raise
        raise Refused("Målet har redan ett värde den dagen. Rätta det i stället.") from error


def _told(row: MeasuredValue, goal: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "goal": goal.get("what", ""),
        "target": goal.get("target", ""),
        "row": row.row_id,
        "on": str(row.measured_on),
        "value": f"{row.value:.2f}",
        "source": row.source,
        "note": row.note,
        "for": row.entered_for,
    }


@dataclass(frozen=True)
class Standing:
    """How an activity stands."""

    status: str
    since: datetime.date
    new_due: datetime.date | None = None
    note: str = ""


def standing_complaints(standing: Standing, today: datetime.date) -> dict[str, str]:
    """What is wrong: field → Swedish message."""
    found: dict[str, str] = {}
    if standing.since > today:
        found["since"] = "Dagen har inte varit än."
    elif standing.since.year < FIRST_YEAR:
        found["since"] = f"Skriv ett år från {FIRST_YEAR}."
    if standing.status == Status.POSTPONED and standing.new_due is None:
        found["new_due"] = "Skriv till vilken dag aktiviteten är uppskjuten."
    elif standing.new_due and standing.new_due <= standing.since:
        found["new_due"] = "Den nya dagen ska vara senare."
    return found | identity_complaints({"note": standing.note})


@transaction.atomic
def note_progress(
    *, by: User, version_id: int, row_id: str, standing: Standing, today: datetime.date
) -> ActionProgress:
    """Note how an activity of the action plan stands. Raises NotAllowed, Refused, NoSuchRow."""
    whole = lock_followed(version_id, by=by, today=today)
    activity = _row(whole, ACTIONS, row_id)
    refuse(standing_complaints(standing, today))
    agreement = whole.version.agreement
    last = ActionProgress.objects.filter(agreement=agreement, row_id=row_id).first()
    new_due = standing.new_due if standing.status == Status.POSTPONED else None
    facts = {"status": standing.status, "since": standing.since, "new_due": new_due}
    facts["note"] = clean_line(standing.note)[:500]
    if last is not None and all(getattr(last, name) == value for name, value in facts.items()):
        return last
    if last is not None and standing.since < last.since:
        raise Refused(f"Den senaste statusen gäller sedan {spelled(last.since)}. Skriv den dagen eller en senare.")
    doer = entered_for(by, whole, today)
    row = ActionProgress.objects.create(agreement=agreement, row_id=row_id, entered_for=doer, **facts)
    before = {"status": last.status} if last else {}
    after = {"activity": activity.get("activity", ""), "row": row_id, "for": doer, "note": row.note}
    after |= {"status": row.status, "since": str(row.since), "new_due": str(new_due) if new_due else ""}
    record("agreement.action_progressed", by=by, subject=whole.version.subject, before=before, after=after)
    return row
