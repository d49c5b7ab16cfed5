"""When a contact point is asked whether its facts are right. Pure.

The question comes eight weeks before the facts count as unconfirmed (rule N17, the flag `not_confirmed`), so that
there is time for three reminders two weeks apart: who answers one of them is never flagged.
"""

from __future__ import annotations

import calendar
import datetime
from typing import Final

MONTHS: Final = 12
"""How long a confirmation holds: the same as N17's threshold in the shipped rule set (agreements.lowest_level)."""
BETWEEN_LETTERS: Final = datetime.timedelta(days=14)
MOST_REMINDERS: Final = 3
NOTICE: Final = BETWEEN_LETTERS * (MOST_REMINDERS + 1)


def a_term_before(day: datetime.date) -> datetime.date:
    """The same day MONTHS earlier, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - MONTHS, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def asked_when_confirmed_by(today: datetime.date) -> datetime.date:
    """Contact points confirmed on this day or before are asked today, or should have been."""
    return a_term_before(today + NOTICE)


def reminded_when_written_to_by(today: datetime.date) -> datetime.date:
    """Those last written to on this day or before are reminded; a late run reminds once, not for each day missed."""
    return today - BETWEEN_LETTERS


def asked_anew_when_asked_by(today: datetime.date) -> datetime.date:
    """A question from this day or before, still open, is given up and asked anew."""
    return a_term_before(today)
