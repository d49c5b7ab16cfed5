"""Days in Swedish words, wherever a sentence names one. Pure."""

from __future__ import annotations

import datetime
from typing import Final

MONTHS: Final = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


def spelled(day: datetime.date) -> str:
    """For example "22 november 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
