"""What of following up waits on a desk: meetings to come, and goals and activities that nobody has told of.

Two queries, however many agreements there are; each stops at as many lines as a desk shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

from django.db import connection
from django.urls import reverse

from agreements.dates import spelled
from agreements.deadlines import months_before
from agreements.goals import ACTIONS, GOALS, MONTHS_WITHOUT_VALUE, OVER
from agreements.models import FollowUp

DAYS_AHEAD: Final = datetime.timedelta(days=30)


class MeetingAhead(NamedTuple):
    """A planned meeting of an agreement in force."""

    version: int
    title: str
    pk: int
    kind: str
    day: datetime.date
    starts_at: datetime.time | None
    place: str

    @property
    def name(self) -> str:
        return f"{FollowUp.Kind(self.kind).label} {spelled(self.day)}"

    @property
    def address(self) -> str:
        return reverse("meeting", args=(self.version, self.pk))

    def text(self, today: datetime.date) -> str:
        if self.day < today:
            return "Dagen har passerat. Anteckna att mötet hölls, eller flytta det."
        hour = f"kl. {self.starts_at:%H:%M}" if self.starts_at else ""
        return ", ".join(filter(None, (hour, self.place)))


def meetings_ahead(organisations: Collection[int], today: datetime.date, most: int) -> list[MeetingAhead]:
    """Those within a month, and those whose day has passed without a note; the earliest first."""
    versions = "agreement__versions"
    rows = FollowUp.objects.planned().filter(
        planned_on__lte=today + DAYS_AHEAD,
        **{
            f"{versions}__parties__organisation__in": organisations,
            f"{versions}__parties__in_force__contains": today,
        },
    )
    columns = (f"{versions}__pk", f"{versions}__title", "pk", "kind", "planned_on", "starts_at", "place")
    found = rows.order_by("planned_on", "pk").values_list(*columns).distinct()[:most]
    return [MeetingAhead._make(row) for row in found]


class Untold(NamedTuple):
    """How many goals of an agreement lack a value since a year, and how many activities are late."""

    version: int
    title: str
    goals: int
    activities: int

    @property
    def address(self) -> str:
        return reverse("following", args=(self.version,))

    @property
    def text(self) -> str:
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.goals:
            yield f"{self.goals} mål har inget värde sedan ett år."
        if self.activities == 1:
            yield "1 aktivitet i handlingsplanen är försenad."
        elif self.activities:
            yield f"{self.activities} aktiviteter i handlingsplanen är försenade."


UNTOLD: Final = """
SELECT version.id, version.title, goals.lacking, activities.late
FROM agreements_version AS version
JOIN LATERAL (
    SELECT min(lower(party.in_force)) AS since
    FROM agreements_party AS party
    WHERE party.version_id = version.id AND party.in_force @> %(today)s::date
        AND EXISTS (
            SELECT 1 FROM agreements_party AS own
            WHERE own.version_id = version.id AND own.organisation_id = ANY(%(organisations)s)
                AND own.in_force @> %(today)s::date)
) AS bound ON bound.since IS NOT NULL
CROSS JOIN LATERAL (
    SELECT count(*) AS lacking
    FROM agreements_section AS section,
        jsonb_array_elements(CASE WHEN jsonb_typeof(section.content -> %(goals)s) = 'array'
            THEN section.content -> %(goals)s ELSE '[]' END) AS goal,
        LATERAL (SELECT max(measured.measured_on) AS latest FROM agreements_measuredvalue AS measured
            WHERE measured.agreement_id = version.agreement_id AND measured.row_id = goal ->> 'id') AS measured
    WHERE section.version_id = version.id AND section.key = %(goals_section)s
        AND coalesce(measured.latest, bound.since) < %(year_ago)s
) AS goals
CROSS JOIN LATERAL (
    SELECT count(*) AS late
    FROM agreements_section AS section,
        jsonb_array_elements(CASE WHEN jsonb_typeof(section.content -> %(actions)s) = 'array'
            THEN section.content -> %(actions)s ELSE '[]' END) AS activity
    LEFT JOIN LATERAL (SELECT status FROM agreements_actionprogress AS noted
        WHERE noted.agreement_id = version.agreement_id AND noted.row_id = activity ->> 'id'
        ORDER BY since DESC, id DESC LIMIT 1) AS latest ON true
    LEFT JOIN LATERAL (SELECT new_due FROM agreements_actionprogress AS noted
        WHERE noted.agreement_id = version.agreement_id AND noted.row_id = activity ->> 'id' AND new_due IS NOT NULL
        ORDER BY since DESC, id DESC LIMIT 1) AS moved ON true
    WHERE section.version_id = version.id AND section.key = %(actions_section)s
        AND coalesce(latest.status, activity ->> 'status', '') <> ALL(%(over)s)
        AND coalesce(moved.new_due::text, nullif(activity ->> 'due', '')) < %(today)s::text
) AS activities
WHERE version.state = 'in_force' AND (goals.lacking > 0 OR activities.late > 0)
ORDER BY version.id
LIMIT %(most)s
"""
"""The rules are those of agreements.goals, asked of many agreements at once."""


def untold(organisations: Collection[int], today: datetime.date, most: int) -> list[Untold]:
    """The agreements in force whose goals or activities have been left without word, the oldest first."""
    asked: dict[str, Any] = {
        "organisations": list(organisations),
        "today": today,
        "year_ago": months_before(today, MONTHS_WITHOUT_VALUE),
        "goals_section": GOALS[0],
        "goals": GOALS[1],
        "actions_section": ACTIONS[0],
        "actions": ACTIONS[1],
        "over": [str(status) for status in OVER],
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(UNTOLD, asked)
        return [Untold._make(row) for row in cursor.fetchall()]
