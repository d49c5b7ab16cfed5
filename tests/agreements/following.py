"""Helpers of the tests about following up: an agreement in force, and the rows of its text."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from agreements.actions import meetings, progressing
from agreements.models import ActionProgress, FollowUp, MeasuredValue, Version
from contacts.models import User
from tests.cast import Cast
from tests.factories import TODAY

SOON = TODAY + datetime.timedelta(days=20)


def row_of(version: Version, section: str) -> str:
    """The id of the only row of the section."""
    [rows] = version.sections.get(key=section).content.values()
    return str(rows[0]["id"])


def goal_row(version: Version) -> str:
    return row_of(version, "goals")


def activity_row(version: Version) -> str:
    return row_of(version, "annex_action_plan")


def plan(cast: Cast, version: Version, *, by: User | None = None, **facts: Any) -> FollowUp:
    meeting = meetings.Meeting(**{"kind": "yearly", "planned_on": SOON, **facts})
    return meetings.plan_meeting(by=by or cast.coordinator, version_id=version.pk, meeting=meeting, today=TODAY)


def measure(
    cast: Cast, version: Version, value: int | str, on: datetime.date = TODAY, *, by: User | None = None, **how: Any
) -> MeasuredValue:
    facts = {name: how.pop(name) for name in ("source", "note") if name in how}
    return progressing.measure_goal(
        by=by or cast.coordinator,
        version_id=version.pk,
        row_id=how.pop("row_id", None) or goal_row(version),
        measured=progressing.Measured(on, Decimal(value), **facts),
        **{"today": TODAY, **how},
    )


def progress(cast: Cast, version: Version, status: str, *, by: User | None = None, **facts: Any) -> ActionProgress:
    standing = progressing.Standing(**{"status": status, "since": TODAY, **facts})
    return progressing.note_progress(
        by=by or cast.coordinator,
        version_id=version.pk,
        row_id=activity_row(version),
        standing=standing,
        today=max(TODAY, standing.since),
    )
