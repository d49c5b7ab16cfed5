"""An agreement's goals and action plan as they stand on a day: rows of its text with what has become of them. Pure."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from agreements.deadlines import months_before
from agreements.measures import Way, way, with_unit
from agreements.models import ActionProgress, MeasuredValue

GOALS: Final = ("goals", "goals")
ACTIONS: Final = ("annex_action_plan", "actions")
"""The key of the section and of the field that holds the rows."""
MONTHS_WITHOUT_VALUE: Final = 12

Rows = Sequence[Mapping[str, Any]]
Shown = Callable[[str], str]
"""How what people typed is shown to this reader: as it is, or with names covered."""
Status = ActionProgress.Status

FROM_TEXT: Final = {"planned": Status.NOT_STARTED, "ongoing": Status.ONGOING, "done": Status.DONE}
"""The status an activity has in the text until another is noted."""
OVER: Final = frozenset({Status.DONE, Status.STOPPED})


def rows_of(content: Mapping[str, Mapping[str, Any]], place: tuple[str, str]) -> Rows:
    """content: section key → its local content."""
    section, key = place
    rows = content.get(section, {}).get(key)
    return [row for row in rows if isinstance(row, Mapping) and row.get("id")] if isinstance(rows, list) else []


def day_of(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Value:
    """A measured value as it is shown, with how far it is to the target."""

    pk: int
    on: datetime.date
    value: Decimal
    words: str
    share: int | None
    source: str
    note: str
    entered_for: str


@dataclass(frozen=True)
class Goal:
    """A goal with its values, oldest first."""

    row_id: str
    what: str
    baseline: str
    target: str
    due: datetime.date | None
    responsible: str
    measured_by: str
    way: Way
    values: tuple[Value, ...]
    today: datetime.date
    in_force_since: datetime.date | None = None

    @property
    def latest(self) -> Value | None:
        return self.values[-1] if self.values else None

    @property
    def is_reached(self) -> bool:
        return self.latest is not None and self.way.is_reached(self.latest.value)

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed without its having been reached."""
        return self.due is not None and self.due < self.today and not self.is_reached

    @property
    def lacks_value(self) -> bool:
        """Whether a year has gone by without a value."""
        since = self.latest.on if self.latest else self.in_force_since
        return since is not None and since < months_before(self.today, MONTHS_WITHOUT_VALUE)

    @property
    def state(self) -> str:
        """In one word, for a tag: reached, overdue, on_its_way, unmeasured."""
        if self.is_reached:
            return "reached"
        if self.is_overdue:
            return "overdue"
        return "on_its_way" if self.values else "unmeasured"


def goals_of(
    rows: Rows,
    values: Iterable[MeasuredValue],
    today: datetime.date,
    *,
    since: datetime.date | None = None,
    shown: Shown = str,
) -> list[Goal]:
    """Each goal of the text, in its order; since: the day from which the agreement has been in force."""
    by_row: defaultdict[str, list[MeasuredValue]] = defaultdict(list)
    for value in values:
        by_row[value.row_id].append(value)
    return [goal_of(row, by_row[str(row["id"])], today, since, shown) for row in rows]


def goal_of(
    row: Mapping[str, Any],
    values: Iterable[MeasuredValue],
    today: datetime.date,
    since: datetime.date | None,
    shown: Shown,
) -> Goal:
    texts = {key: str(row.get(key) or "") for key in ("what", "baseline", "target", "responsible", "measured_by")}
    course = way(texts["baseline"], texts["target"])
    ordered = sorted(values, key=lambda value: (value.measured_on, value.pk or 0))
    return Goal(
        row_id=str(row["id"]),
        **{key: shown(text) for key, text in texts.items()},
        due=day_of(row.get("due")),
        way=course,
        values=tuple(value_of(value, course, shown) for value in ordered),
        today=today,
        in_force_since=since,
    )


def value_of(row: MeasuredValue, course: Way, shown: Shown) -> Value:
    return Value(
        pk=row.pk,
        on=row.measured_on,
        value=row.value,
        words=with_unit(row.value, course.unit),
        share=course.share(row.value),
        source=shown(row.source),
        note=shown(row.note),
        entered_for=row.entered_for,
    )


@dataclass(frozen=True)
class Step:
    """A status that was noted: the history of an activity."""

    status: Status
    since: datetime.date
    new_due: datetime.date | None
    note: str
    entered_for: str

    @property
    def label(self) -> str:
        return str(self.status.label)


@dataclass(frozen=True)
class Activity:
    """A row of the action plan and how it stands."""

    row_id: str
    what: str
    responsible: str
    agreed_due: datetime.date | None
    status: Status
    today: datetime.date
    steps: tuple[Step, ...] = field(default=())
    """What has been noted, the latest first."""

    @property
    def label(self) -> str:
        return str(self.status.label)

    @property
    def note(self) -> str:
        return self.steps[0].note if self.steps else ""

    @property
    def due(self) -> datetime.date | None:
        """The day that was agreed on, or a later one that was noted."""
        moved = next((step.new_due for step in self.steps if step.new_due), None)
        return moved or self.agreed_due

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def is_overdue(self) -> bool:
        return not self.is_over and self.due is not None and self.due < self.today


def activities_of(
    rows: Rows, progress: Iterable[ActionProgress], today: datetime.date, *, shown: Shown = str
) -> list[Activity]:
    by_row: defaultdict[str, list[ActionProgress]] = defaultdict(list)
    for noted in progress:
        by_row[noted.row_id].append(noted)
    return [activity_of(row, by_row[str(row["id"])], today, shown) for row in rows]


def activity_of(
    row: Mapping[str, Any], progress: Iterable[ActionProgress], today: datetime.date, shown: Shown
) -> Activity:
    latest_first = sorted(progress, key=lambda noted: (noted.since, noted.pk or 0), reverse=True)
    steps = tuple(
        Step(Status(noted.status), noted.since, noted.new_due, shown(noted.note), noted.entered_for)
        for noted in latest_first
    )
    return Activity(
        row_id=str(row["id"]),
        what=shown(str(row.get("activity") or "")),
        responsible=shown(str(row.get("responsible") or "")),
        agreed_due=day_of(row.get("due")),
        status=steps[0].status if steps else FROM_TEXT.get(str(row.get("status") or ""), Status.NOT_STARTED),
        today=today,
        steps=steps,
    )
