"""How the invented agreements in force go: values of their goals, statuses of their activities, meetings to come."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from random import Random
from typing import Any

from agreements.goals import ACTIONS, GOALS, rows_of
from agreements.measures import way
from agreements.models import ActionProgress, FollowUp, MeasuredValue
from agreements.states import State
from nationwide.demo.people import chance
from nationwide.demo.rows import Built
from nationwide.demo.timeline import SWEDEN, Date, days, weekday

Status = ActionProgress.Status
NOTES = {
    Status.DONE: "Rutinen är beslutad och används.",
    Status.ONGOING: "Arbetsgruppen har börjat.",
    Status.POSTPONED: "Väntar på att funktionerna är bemannade.",
    Status.STOPPED: "Ersatt av en annan insats.",
}
AGENDA = "Målen i avsnitt 4\nKontaktytor och ersättare\nHandlingsplanen\nHinder att lyfta"


def in_force(all_built: Iterable[Built], seed: int, what: str) -> Iterator[tuple[Built, Random]]:
    """The versions in force, each with chance of its own."""
    for built in all_built:
        if built.plan.state == State.IN_FORCE and built.plan.bound:
            yield built, chance(what, seed, built.unit.seed, built.version.number)


def rows_in(built: Built, place: tuple[str, str]) -> Iterable[Any]:
    return rows_of({section.key: section.content for section in built.sections}, place)


def measured_values(all_built: Iterable[Built], *, seed: int, today: Date) -> Iterator[MeasuredValue]:
    """Twice a year or so, on the way from where a goal began; one agreement in eight measures nothing."""
    for built, rng in in_force(all_built, seed, "measured"):
        if rng.random() < 0.12:
            continue
        for row in rows_in(built, GOALS):
            yield from values_of(built, row, rng, today)


def values_of(built: Built, row: Any, rng: Random, today: Date) -> Iterator[MeasuredValue]:
    course = way(str(row.get("baseline", "")), str(row.get("target", "")))
    if course.baseline is None or course.target is None or built.plan.bound is None:
        return
    gone, speed = 0.0, rng.uniform(0.05, 0.4)
    day = built.plan.bound[0] + days(rng.randint(60, 200))
    while day <= today:
        gone += speed * rng.uniform(-0.4, 1.4)
        value = course.baseline + (course.target - course.baseline) * Decimal(f"{gone:.3f}")
        yield MeasuredValue(
            agreement=built.version.agreement,
            row_id=row["id"],
            measured_on=day,
            value=max(value, Decimal(0)).quantize(Decimal(1)),
            source=str(row.get("measured_by", ""))[:200],
            entered_for=rng.choice(built.parties).name,
            recorded_at=datetime.datetime.combine(day, datetime.time(10), SWEDEN),
        )
        day += days(rng.randint(150, 240))


def action_progress(all_built: Iterable[Built], *, seed: int, today: Date) -> Iterator[ActionProgress]:
    """Most activities are done or stopped by their day; a few are put off, or forgotten."""
    for built, rng in in_force(all_built, seed, "activities"):
        for row in rows_in(built, ACTIONS):
            yield from steps_of(built, row, rng, today)


def steps_of(built: Built, row: Any, rng: Random, today: Date) -> Iterator[ActionProgress]:
    if built.plan.bound is None:
        return
    begun = built.plan.bound[0] + days(rng.randint(20, 90))
    last = rng.choices((Status.DONE, Status.STOPPED, Status.POSTPONED, Status.ONGOING), (80, 6, 8, 6))[0]
    over = begun + days(rng.randint(60, 200))
    for status, day in {Status.ONGOING: begun, last: over}.items():
        if day <= today:
            yield ActionProgress(
                agreement=built.version.agreement,
                row_id=row["id"],
                status=status,
                since=day,
                new_due=max(today, day) + days(rng.randint(30, 250)) if status is Status.POSTPONED else None,
                note=NOTES[status],
                entered_for=rng.choice(built.parties).name,
                recorded_at=datetime.datetime.combine(day, datetime.time(10), SWEDEN),
            )


def meetings_to_come(all_built: Iterable[Built], *, seed: int, today: Date) -> Iterator[FollowUp]:
    """Six agreements in ten have their next meeting planned; some meetings are cancelled."""
    for built, rng in in_force(all_built, seed, "meetings"):
        if rng.random() < 0.6:
            day = weekday(today + days(rng.randint(8, 220)))
            yield planned(built, rng, day)
            if rng.random() < 0.1:
                yield cancelled(built, rng, day - days(7), today)


def planned(built: Built, rng: Random, day: Date) -> FollowUp:
    hour = rng.choice((9, 10, 13, 14))
    digital = rng.random() < 0.4
    return FollowUp(
        agreement=built.version.agreement,
        kind=rng.choice((FollowUp.Kind.YEARLY, FollowUp.Kind.GOALS)),
        planned_on=day,
        starts_at=datetime.time(hour),
        ends_at=datetime.time(hour + 2),
        place="" if digital else rng.choice(("Kommunhuset", "Arbetsförmedlingens kontor", "Medborgarkontoret")),
        link=f"https://moten.example/{built.version.agreement_id}" if digital else "",
        responsible="Avtalssamordnare",
        agenda=AGENDA,
    )


def cancelled(built: Built, rng: Random, day: Date, today: Date) -> FollowUp:
    row = planned(built, rng, day)
    row.cancelled_reason = "Ny dag är bestämd."
    row.cancelled_at = datetime.datetime.combine(today - days(3), datetime.time(10), SWEDEN)
    row.revision = 1
    return row
