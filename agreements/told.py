"""What history tells the desk: who began a draft, and who threw one away. A constant number of queries."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from agreements.listing import names_of
from agreements.models import Party, Version
from agreements.states import State
from contacts.models import Event

TOLD_FOR: Final = datetime.timedelta(days=30)
"""How long a discarded draft is told of on the desks of the parties that did not discard it."""
BEGUN: Final = ("agreement.started", "agreement.amended")


@dataclass(frozen=True)
class Discarded:
    """A draft that another party has thrown away, and what it said."""

    version: Version
    text: str


def who(event: Event) -> str:
    """For whom it was done; in older rows the role and organisation of whoever did it."""
    return names_of(event.after.get("for", [])) or event.actor_function


def begun_by(subjects: Collection[str]) -> dict[str, str]:
    """Who began the newest draft of each agreement, in words."""
    last = Event.objects.about(*subjects).filter(type__in=BEGUN).order_by("subject", "-pk").distinct("subject")
    return {event.subject: f"Startad av {who(event)}." for event in last if who(event)} if subjects else {}


def discarded_by_others(organisations: Collection[int], today: datetime.date, most: int) -> list[Discarded]:
    """Drafts of these organisations that somebody else has discarded lately, the latest first."""
    rows = Version.objects.of(organisations).filter(state=State.DISCARDED, discarded_at__date__gt=today - TOLD_FOR)
    versions = list(rows.defer("frozen").select_related("agreement").order_by("-discarded_at")[:most])
    if not versions:
        return []
    said = _discards(versions)
    mine = _names(versions, organisations)
    return [
        Discarded(version, f"Kasserad av {who(event)}: {event.after.get('reason', '')}")
        for version in versions
        if (event := said.get((version.subject, version.number))) and mine[version.pk] - set(event.after.get("for", []))
    ]


def _discards(versions: Iterable[Version]) -> dict[tuple[str, int], Event]:
    events = Event.objects.about(*{version.subject for version in versions}).filter(type="agreement.discard")
    return {(event.subject, event.after.get("version", 1)): event for event in events}


def _names(versions: Iterable[Version], organisations: Collection[int]) -> dict[int, set[str]]:
    """One's own parties of each version."""
    found: dict[int, set[str]] = {version.pk: set() for version in versions}
    rows = Party.objects.filter(version__in=found, organisation__in=organisations)
    for version, name in rows.values_list("version_id", "name"):
        found[version].add(name)
    return found
