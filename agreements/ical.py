"""Days and meetings as an iCalendar file. The same days give the same bytes, so that calendars see what is new."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vUri

SWEDEN: Final = ZoneInfo("Europe/Stockholm")
PRODUCT: Final = "-//Överenskommelseportalen//Uppföljning//SV"
DOMAIN: Final = "overenskommelseportalen"
"""Part of every UID, and no address: a UID stays the same wherever the portal lives."""
ASK_AGAIN: Final = datetime.timedelta(hours=4)
WITHOUT_END: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """Something on a day; with starts_at at an hour, by Swedish clocks. changed: when it last became what it is."""

    uid: str
    summary: str
    day: datetime.date
    changed: datetime.datetime
    starts_at: datetime.time | None = None
    ends_at: datetime.time | None = None
    location: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False
    busy: bool = False


def calendar_file(name: str, entries: Iterable[Entry]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(SWEDEN))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", ASK_AGAIN)
    for entry in entries:
        calendar.add_component(component(entry))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def component(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{DOMAIN}")
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.summary)
    start, end = hours(entry)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.busy and not entry.cancelled else "TRANSPARENT")
    for key, text in (("location", entry.location), ("description", entry.description)):
        if text:
            event.add(key, text)
    if entry.url:
        event.add("url", vUri(entry.url))
    return event


def hours(entry: Entry) -> tuple[datetime.date, datetime.date]:
    """From and to: hours of the day, or the whole of it."""
    if entry.starts_at is None:
        return entry.day, entry.day + datetime.timedelta(days=1)
    start = datetime.datetime.combine(entry.day, entry.starts_at, SWEDEN)
    if entry.ends_at is None:
        return start, start + WITHOUT_END
    return start, datetime.datetime.combine(entry.day, entry.ends_at, SWEDEN)
