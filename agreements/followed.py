"""How an agreement is followed up, as its pages show it: meetings, goals, the action plan, and what is due next.

Three queries, however much has been written. For readers without names all that people typed is covered.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from agreements.deadlines import months_before
from agreements.flags import MONTHS_FOLLOWED_UP
from agreements.gather import Whole
from agreements.goals import ACTIONS, GOALS, Activity, Goal, activities_of, day_of, goals_of, rows_of
from agreements.models import ActionProgress, FollowUp, MeasuredValue
from agreements.states import State
from contacts.rules import without_names

SOON: Final = datetime.timedelta(days=60)
"""How long before its day something is told of as coming."""
PLANNED_IN_TEXT: Final = ("follow_up", "meetings")
FORUMS: Final = ("organisation", "forums")


@dataclass(frozen=True)
class MeetingLine:
    """A meeting as it is shown."""

    pk: int
    kind: str
    day: datetime.date
    held_on: datetime.date | None
    planned_on: datetime.date | None
    starts_at: datetime.time | None
    ends_at: datetime.time | None
    place: str
    link: str
    forum: str
    level: str
    responsible: str
    agenda: str
    took_part: tuple[str, ...]
    summary: str
    decisions: str
    cancelled_reason: str
    is_planned: bool
    is_cancelled: bool
    has_passed: bool
    revision: int

    @property
    def hours(self) -> str:
        if self.starts_at is None:
            return ""
        return f"{self.starts_at:%H:%M}" + (f"–{self.ends_at:%H:%M}" if self.ends_at else "")


def meeting_line(row: FollowUp, today: datetime.date, *, names: bool) -> MeetingLine:
    shown = str if names else without_names
    return MeetingLine(
        pk=row.pk,
        kind=row.get_kind_display() if row.planned_on else "Uppföljning",
        day=row.day,
        held_on=row.held_on,
        planned_on=row.planned_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=shown(row.place),
        link=row.link if names or shown(row.link) == row.link else "",
        forum=shown(row.forum),
        level=row.get_level_display() if row.level else "",
        responsible=shown(row.responsible),
        agenda=shown(row.agenda),
        took_part=tuple(shown(function) for function in row.took_part),
        summary=shown(row.summary),
        decisions=shown(row.decisions),
        cancelled_reason=shown(row.cancelled_reason),
        is_planned=row.is_planned,
        is_cancelled=row.cancelled_at is not None,
        has_passed=row.is_planned and row.day < today,
        revision=row.revision,
    )


@dataclass(frozen=True)
class Due:
    """Something that is to be done, and when. route and argument: where; a meeting's number or a row's id."""

    day: datetime.date
    what: str
    text: str
    route: str
    argument: int | str | None
    is_late: bool


@dataclass(frozen=True)
class Suggestion:
    """A follow-up that the text speaks of and nobody has planned."""

    row_id: str
    day: datetime.date
    focus: str
    responsible: str


@dataclass(frozen=True)
class Followed:
    """Everything on the page about following up."""

    meetings: tuple[MeetingLine, ...]
    goals: tuple[Goal, ...]
    activities: tuple[Activity, ...]
    suggestions: tuple[Suggestion, ...]
    since: datetime.date | None
    today: datetime.date
    is_going_on: bool

    @cached_property
    def planned(self) -> list[MeetingLine]:
        return sorted((line for line in self.meetings if line.is_planned), key=lambda line: (line.day, line.pk))

    @cached_property
    def held(self) -> list[MeetingLine]:
        return [line for line in self.meetings if line.held_on]

    @cached_property
    def cancelled(self) -> list[MeetingLine]:
        return [line for line in self.meetings if line.is_cancelled]

    @cached_property
    def next_meeting(self) -> MeetingLine | None:
        return next((line for line in self.planned if not line.has_passed), None)

    @property
    def late_activities(self) -> int:
        return sum(activity.is_overdue for activity in self.activities)

    @property
    def over_activities(self) -> int:
        return sum(activity.is_over for activity in self.activities)

    @property
    def reached_goals(self) -> int:
        return sum(goal.is_reached for goal in self.goals)

    @property
    def goals_without_value(self) -> int:
        return sum(goal.lacks_value for goal in self.goals)

    @cached_property
    def due(self) -> list[Due]:
        """What is late, then what is coming, each with its day."""
        if not self.is_going_on:
            return []
        return sorted((*self._due_meetings(), *self._due_goals(), *self._due_activities()), key=lambda due: due.day)

    def _due_meetings(self) -> Iterator[Due]:
        for line in self.planned:
            if line.has_passed:
                text = "Dagen har passerat. Anteckna att mötet hölls, eller flytta det."
                yield Due(line.day, line.kind, text, "meeting", line.pk, is_late=True)
            elif line is self.next_meeting:
                text = ", ".join(filter(None, (line.hours, line.place or ("digitalt" if line.link else ""))))
                yield Due(line.day, line.kind, text, "meeting", line.pk, is_late=False)
        if self.next_meeting is None and (last := self._followed_up_until()):
            text = "Inget möte är planerat. Överenskommelsen följs upp minst en gång om året."
            yield Due(last, "Nästa uppföljning hålls senast", text, "meeting_plan", None, is_late=last < self.today)

    def _followed_up_until(self) -> datetime.date | None:
        """The last day on which the next follow-up is in time (rule N11)."""
        since = max((line.held_on for line in self.held if line.held_on), default=None) or self.since
        return months_before(since, -MONTHS_FOLLOWED_UP) if since else None

    def _due_goals(self) -> Iterator[Due]:
        for goal in self.goals:
            if goal.due and not goal.is_reached and goal.due <= self.today + SOON:
                text = "Målet skulle ha varit nått." if goal.is_overdue else "Målet ska vara nått."
                yield Due(goal.due, goal.what, text, "goal", goal.row_id, is_late=goal.is_overdue)
            elif goal.lacks_value:
                day = goal.latest.on if goal.latest else self.since
                text = "Målet har inget värde sedan ett år." if goal.latest else "Målet har inget värde än."
                yield Due(day or self.today, goal.what, text, "goal", goal.row_id, is_late=True)

    def _due_activities(self) -> Iterator[Due]:
        for activity in self.activities:
            if activity.due and not activity.is_over and activity.due <= self.today + SOON:
                text = "Aktiviteten är försenad." if activity.is_overdue else "Aktiviteten ska vara klar."
                yield Due(activity.due, activity.what, text, "activity", activity.row_id, is_late=activity.is_overdue)


def read_followed(whole: Whole, today: datetime.date, *, names: bool) -> Followed:
    """Three queries, and the version's sections. Of a version that has ended, what was written in its days."""
    version = whole.version
    shown = str if names else without_names
    content = {key: section.content for key, section in whole.sections.items()}
    until = version.state_since.date() if version.state == State.ENDED else None
    agreement = version.agreement_id
    meetings = [
        meeting_line(row, today, names=names)
        for row in FollowUp.objects.filter(agreement=agreement)
        if until is None or row.day <= until
    ]
    values = (v for v in MeasuredValue.objects.filter(agreement=agreement) if until is None or v.measured_on <= until)
    progress = (p for p in ActionProgress.objects.filter(agreement=agreement) if until is None or p.since <= until)
    since = since_of(whole)
    return Followed(
        meetings=tuple(meetings),
        goals=tuple(goals_of(rows_of(content, GOALS), values, today, since=since, shown=shown)),
        activities=tuple(activities_of(rows_of(content, ACTIONS), progress, today, shown=shown)),
        suggestions=tuple(suggestions_of(content, meetings, today, names=names)),
        since=since,
        today=today,
        is_going_on=version.state == State.IN_FORCE,
    )


def since_of(whole: Whole) -> datetime.date | None:
    """The first day on which the version binds somebody."""
    days = [party.in_force.lower for party in whole.parties if party.in_force and party.in_force.lower]
    return min(days, default=None)


def suggestions_of(
    content: Mapping[str, Mapping[str, Any]], meetings: Sequence[MeetingLine], today: datetime.date, *, names: bool
) -> Iterator[Suggestion]:
    """The days that section 17 names, from today on, on which no meeting stands."""
    taken = {line.planned_on for line in meetings} | {line.held_on for line in meetings}
    shown = str if names else without_names
    for row in rows_of(content, PLANNED_IN_TEXT):
        day = day_of(row.get("date"))
        if day is not None and day >= today and day not in taken:
            words = (shown(str(row.get(key) or "")) for key in ("focus", "responsible"))
            yield Suggestion(str(row["id"]), day, *words)


def forums_of(whole: Whole) -> list[tuple[str, str]]:
    """The forums of section 6: name and level."""
    content = {key: section.content for key, section in whole.sections.items()}
    rows = rows_of(content, FORUMS)
    return [(str(row["forum"]), str(row.get("level") or "")) for row in rows if row.get("forum")]


def functions_of(whole: Whole) -> list[str]:
    """The functions that the agreement rests on, each with its party."""
    return list(dict.fromkeys(f"{row.contact_point.name}, {row.party.name}" for row in whole.contacts))


def find_goal(goals: Iterable[Goal], row_id: str) -> Goal | None:
    return next((goal for goal in goals if goal.row_id == row_id), None)
