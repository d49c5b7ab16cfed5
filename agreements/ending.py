"""How an agreement comes to an end, and how it goes on: notice, leaving, replacing, renewing. Pure.

Months are counted as the law counts them (1930:173, 1 §): to the day with the same number, or to the last day of a
shorter month.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from agreements.dates import spelled
from agreements.deadlines import months_before
from agreements.states import Ending

Date = datetime.date
ONE_DAY = datetime.timedelta(days=1)


def months_after(day: Date, months: int) -> Date:
    """The same day of the month, or the last one of a shorter month, so many months later."""
    return months_before(day, -months)


def notice_ends(received: Date, months: int | None, period_end: Date | None, chosen: Date | None = None) -> Date | None:
    """The last day after notice: the clause's months from the day it was received, never later than the period's end.

    Where no months are agreed the party that gives notice chooses the day; None when it has not.
    """
    last = months_after(received, months) if months is not None else chosen
    if last is None:
        return None
    return min(last, period_end) if period_end else last


def why_not_leave(*, begins: Date | None, ends: Date | None, today: Date, successor: int | None) -> str:
    """Why notice can't be given for a municipality now; empty when it can. ends: the first day it is not bound."""
    if successor is not None:
        return f"Version {successor} är undertecknad och ersätter den här. Säg upp den i stället."
    if begins is not None and begins > today:
        return f"Överenskommelsen börjar gälla {spelled(begins)} och kan sägas upp från den dagen."
    if begins is None or (ends is not None and ends <= today):
        return "Kommunen har redan lämnat överenskommelsen."
    return ""


@dataclass(frozen=True)
class Bound:
    """The first day each party is no longer bound, None when that is open; and the last day, when all leave."""

    until: Mapping[int, Date | None]
    notice_until: Date | None


def bound_until(
    municipalities: Collection[int], others: Iterable[int], end: Date | None, leaving: Mapping[int, Date]
) -> Bound:
    """Each municipality is bound until it leaves, AF until the last of them has. leaving: party → its last day."""
    over = end + ONE_DAY if end else None
    until: dict[int, Date | None] = {pk: _earlier(over, leaving.get(pk)) for pk in municipalities}
    days = list(until.values())
    whole = None if None in days or not days else max(day for day in days if day)
    until |= dict.fromkeys(others, whole)
    everyone = all(pk in leaving for pk in municipalities)
    return Bound(until, whole - ONE_DAY if everyone and whole else None)


def _earlier(over: Date | None, last_day: Date | None) -> Date | None:
    if last_day is None:
        return over
    return min(over, last_day + ONE_DAY) if over else last_day + ONE_DAY


def how_ended(*, replaced: bool, notice_until: Date | None) -> Ending:
    if replaced:
        return Ending.REPLACED
    return Ending.EXPIRED if notice_until is None else Ending.TERMINATED


@dataclass(frozen=True)
class NewPeriod:
    start: Date
    end: Date
    revision: Date | None


def why_not_renew(end: Date | None, *, under_notice: bool) -> str:
    """Why a renewal can't be proposed by itself; empty when it can."""
    if under_notice:
        return "Överenskommelsen är uppsagd. Börja på en ny version om parterna vill fortsätta."
    if end is None:
        return "Överenskommelsen gäller tills vidare och behöver inte förnyas."
    return ""


def renewed(start: Date, end: Date, revision: Date | None, *, today: Date) -> NewPeriod:
    """A new period of the same length from the day after the old one, or from today when that has passed.

    A period of whole months stays one; another is as many days long. The revision keeps its place before the end.
    """
    begins = max(end + ONE_DAY, today)
    ends = _same_length(start, end, begins)
    if revision is None:
        return NewPeriod(begins, ends, None)
    return NewPeriod(begins, ends, max(begins, min(ends, ends - (end - revision))))


def _same_length(start: Date, end: Date, begins: Date) -> Date:
    over = end + ONE_DAY
    months = (over.year - start.year) * 12 + over.month - start.month
    if months > 0 and months_after(start, months) == over:
        return months_after(begins, months) - ONE_DAY
    return begins + (end - start)
