"""The bin: discarded drafts, who discarded them and why, and how long they can be taken back."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from agreements.models import Version
from agreements.states import BIN_DAYS, State
from contacts.models import Event

Date = datetime.date


def last_day_in_bin(discarded_on: Date) -> Date:
    """The last day on which a draft can be taken back."""
    return discarded_on + datetime.timedelta(days=BIN_DAYS)


def days_left(discarded_on: Date, today: Date) -> int:
    """How many days it can still be taken back, today included; 0 when the time is over."""
    return max(0, (last_day_in_bin(discarded_on) - today).days + 1)


@dataclass(frozen=True)
class Binned:
    """A discarded draft on the page of the bin."""

    pk: int
    title: str
    reference: str
    number: int
    discarded_on: Date
    days_left: int
    by: str
    reason: str


def in_bin(organisations: Collection[int], today: Date, most: int) -> list[Binned]:
    """Drafts of these organisations that can be taken back, the latest first. Two queries, however many."""
    first = today - datetime.timedelta(days=BIN_DAYS)
    rows = Version.objects.of(organisations).filter(state=State.DISCARDED, purged_at__isnull=True)
    kept = rows.filter(discarded_at__date__gte=first).select_related("agreement").defer("frozen")
    versions = list(kept.order_by("-discarded_at", "-pk")[:most])
    said = _said(versions)
    return [_binned(version, said.get((version.subject, version.number)), today) for version in versions]


def _said(versions: Collection[Version]) -> dict[tuple[str, int], Event]:
    """The latest word on each: a draft can be discarded, taken back and discarded again."""
    if not versions:
        return {}
    events = Event.objects.about(*{version.subject for version in versions}).filter(type="agreement.discard")
    return {(event.subject, event.after.get("version", 1)): event for event in events.order_by("pk")}


def _binned(version: Version, event: Event | None, today: Date) -> Binned:
    day = timezone.localdate(version.discarded_at or version.state_since)
    who = ", ".join(part for part in (event.actor_name, event.actor_function) if part) if event else ""
    reason = str(event.after.get("reason", "")) if event else ""
    reference, left = version.agreement.reference, days_left(day, today)
    return Binned(version.pk, version.title, reference, version.number, day, left, who, reason)
