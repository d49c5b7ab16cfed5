"""An agreement's history for its page: a sitting as one event, with the whole of what changed in it."""

from __future__ import annotations

from collections.abc import Sequence

from agreements.since import merged
from agreements.sittings import Happening, Sitting, sittings
from contacts.models import Event
from contacts.models.people import EventQuerySet


def sittings_of(events: EventQuerySet) -> list[Sitting]:
    """One query, of little from each event."""
    asked = ("pk", "type", "actor_id", "at", "after__section", "after__autosaved")
    rows = events.order_by("pk").values_list(*asked)
    return sittings(
        Happening(pk, type, actor, at, section or "", bool(autosaved))
        for pk, type, actor, at, section, autosaved in rows
    )


def told_as_one(shown: Sequence[Sitting]) -> list[Event]:
    """An event for each sitting: from what was before the first of it to what came of the last. One query."""
    rows = Event.objects.in_bulk([pk for sitting in shown for pk in sitting.events])
    return [_as_one([rows[pk] for pk in sitting.events]) for sitting in shown]


def _as_one(events: list[Event]) -> Event:
    return events[0] if len(events) == 1 else merged(events)[0]
