"""What workers do. Each task finds its work in the database, so that running twice, late or not at all is harmless."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from agreements.actions import checking, printing, signing
from agreements.models import Version

MOST_COPIES = 20
"""Copies made in one run; the next one comes with the timetable."""


@shared_task(name="agreements.deliver_events")
def deliver_events() -> int:
    """Draw the consequences of everything that has happened; the number of events delivered."""
    delivered = 0
    while batch := checking.deliver_events(now=timezone.now()):
        delivered += batch
    return delivered


@shared_task(name="agreements.recheck_all")
def recheck_all() -> dict[str, int]:
    """Check every living version anew, batch by batch."""
    tally = checking.Tally()
    ids = list(Version.objects.watched().order_by("pk").values_list("pk", flat=True))
    for batch in checking.batches(ids):
        tally += checking.recheck(version_ids=batch, now=timezone.now())
    return {"agreements": tally.agreements, "opened": tally.opened, "closed": tally.closed}


@shared_task(name="agreements.expire")
def expire() -> int:
    """End the versions whose last day has passed; the number ended."""
    now = timezone.now()
    return signing.end_expired(today=timezone.localdate(now), now=now)


@shared_task(name=printing.RENDER)
def render_pdfs() -> int:
    """Make copies that are ordered and due, each tried once; the number tried.

    The renderer keeps some memory of every document. Runs are short, so that the worker can be renewed between them.
    """
    tried: set[int] = set()
    while len(tried) < MOST_COPIES and (copy := printing.make_next(now=timezone.now(), leave=tried)):
        tried.add(copy.pk)
    return len(tried)
