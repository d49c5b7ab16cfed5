"""What the calendar says of a version: running out, run out, not followed up, on an old template. Pure."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from agreements.dates import spelled
from agreements.findings import SERIOUS, WARNING, Found

NOTICE_BEFORE_END: Final = (3, 6, 12)
"""Months before the last day at which the parties are told, and told again."""


@dataclass(frozen=True)
class Calendar:
    """The days of a version. start and end are its first and last day, both included; without end: until further
    notice.
    """

    on: datetime.date
    start: datetime.date | None
    end: datetime.date | None
    followed_up: datetime.date | None
    follow_up_months: int
    has_successor: bool
    template: int
    current_template: int
    under_notice: bool = False


@dataclass(frozen=True)
class Leaving:
    """A municipality that leaves a joint agreement, when the others stay; has_other: it has something else in work."""

    organisation: int
    name: str
    last_day: datetime.date
    has_other: bool


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month, or the last one of a shorter month, so many months earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_overdue(since: datetime.date | None, on: datetime.date, months: int) -> bool:
    """Whether more months than these have passed since the day."""
    return since is not None and since < months_before(on, months)


def in_force_findings(days: Calendar) -> Iterator[Found]:
    """What is due in a version that is in force."""
    yield from _running_out(days)
    since = days.followed_up or days.start
    if since is not None and is_overdue(since, days.on, days.follow_up_months):
        long_ago = f"mer än {days.follow_up_months} månader (sedan {spelled(since)})"
        yield Found(
            rule="follow_up_overdue",
            subject="follow_up",
            section="follow_up",
            severity=WARNING,
            reason=f"Ingen uppföljning är antecknad på {long_ago}.",
            mend="Följ upp överenskommelsen tillsammans och anteckna vilken dag det gjordes.",
        )


def months_left(end: datetime.date, on: datetime.date) -> int | None:
    """Which of the months before the last day it is within; None when the end is further away, or has passed."""
    if on > end:
        return None
    return next((months for months in NOTICE_BEFORE_END if on >= months_before(end, months)), None)


def severity_of(months: int) -> str:
    return SERIOUS if months == NOTICE_BEFORE_END[0] else WARNING


def _running_out(days: Calendar) -> Iterator[Found]:
    """What has been given notice is told of at once, however far away its last day is."""
    if days.end is None or days.has_successor or days.on > days.end:
        return
    months = months_left(days.end, days.on) or (NOTICE_BEFORE_END[-1] if days.under_notice else None)
    if months is not None:
        soon = f"går ut {spelled(days.end)}, om mindre än {months} månader"
        told = f"är uppsagd och upphör {spelled(days.end)}" if days.under_notice else soon
        yield Found(
            rule="expiring",
            subject=f"period:{months}",
            section="validity",
            severity=severity_of(months),
            reason=f"Överenskommelsen {told}, och ingen ny är påbörjad.",
            mend="Börja skriva en ny överenskommelse i god tid, så att samverkan inte står utan.",
        )


def leaving_findings(leaving: Iterable[Leaving], on: datetime.date) -> Iterator[Found]:
    """Municipalities that leave a joint agreement, and have nothing else begun."""
    for one in leaving:
        if not one.has_other and on <= one.last_day:
            yield Found(
                rule="expiring",
                subject=f"leaving:{one.organisation}",
                section="validity",
                severity=severity_of(months_left(one.last_day, on) or NOTICE_BEFORE_END[-1]),
                reason=f"{one.name} lämnar överenskommelsen {spelled(one.last_day)}, och ingen ny är påbörjad.",
                mend=f"Börja skriva en ny överenskommelse med {one.name} om samverkan ska fortsätta.",
            )


def template_findings(days: Calendar) -> Iterator[Found]:
    """Whether a newer national template applies."""
    if days.template < days.current_template:
        yield Found(
            rule="template_behind",
            subject="template",
            section="cover",
            severity=WARNING,
            reason=f"Överenskommelsen bygger på mall {days.template}. Mall {days.current_template} gäller nu.",
            mend="Gå igenom skillnaderna och gå över till den nya mallen när överenskommelsen förnyas.",
        )


def lapsed_findings(days: Calendar) -> Iterator[Found]:
    """A version that has ended and left a municipality without anything in force or in work."""
    verb = "upphörde efter uppsägning" if days.under_notice else "gick ut"
    when = f"{verb} {spelled(days.end)}" if days.end and days.end < days.on else "har upphört"
    yield Found(
        rule="expired",
        subject="period",
        section="validity",
        severity=SERIOUS,
        reason=f"Överenskommelsen {when} och ingen ny är påbörjad.",
        mend="Börja skriva en ny överenskommelse.",
    )
