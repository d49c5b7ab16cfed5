"""History rows, which are also the outbox: written in the action's transaction, told to the worker after commit."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from contacts.models import Event, Membership, User

logger = logging.getLogger(__name__)

DELIVER = "agreements.deliver_events"


def record(
    type: str,
    *,
    by: User | None,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    pending: bool = False,
) -> Event:
    """Write one history row inside the caller's transaction.

    by=None is the system itself. With pending=True a worker is nudged after commit; should the broker be away,
    the timetable finds the row later.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("history is written in the same transaction as the change")
    event = Event.objects.create(
        type=type,
        subject=subject,
        actor_id=by.pk if by else None,
        actor_name=by.name if by else "",
        actor_function=function_of(by) if by else "",
        before=before or {},
        after=after or {},
        pending=pending,
    )
    if pending:
        transaction.on_commit(lambda: nudge(DELIVER))
    return event


def by_the_system(
    type: str, *, subject: str, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> Event:
    """A history row of the system's own doing, to be written by record_all."""
    return Event(type=type, subject=subject, before=before or {}, after=after or {})


def record_all(events: Iterable[Event]) -> None:
    """Write many history rows at once, inside the caller's transaction; nobody is nudged."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("history is written in the same transaction as the change")
    Event.objects.bulk_create(events)


def function_of(user: User) -> str:
    """The roles a user acts in, as history shows them: "Samordnare, kommun, Östersunds kommun"."""
    known: str | None = getattr(user, "_function", None)
    if known is None:
        rows = Membership.objects.filter(user=user, to_date__isnull=True).select_related("organisation")
        known = "; ".join(str(row) for row in rows)[:200]
        user._function = known  # type: ignore[attr-defined]  # one request's memory, on the request's own object
    return known


def nudge(task: str, *arguments: Any) -> None:
    """Ask a worker to look now. A broker that is away delays the work and loses nothing."""
    try:
        current_app.send_task(task, args=arguments, retry=False, ignore_result=True)
    except (OperationalError, ConnectionError, TimeoutError) as error:
        logger.warning("worker not reached for %s (%s); the timetable will find the work", task, type(error).__name__)
