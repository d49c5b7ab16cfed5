"""History rows, which are also the outbox: written in the action's transaction, told to the worker after commit."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from contacts.models import Event, User
from contacts.roles import Role

logger = logging.getLogger(__name__)

DELIVER = "agreements.deliver_events"
ACTS_AS: Final = """
    SELECT m.role || ' ' || o.name FROM contacts_membership m
    JOIN municipalities_organisation o ON o.id = m.organisation_id
    WHERE m.user_id = %s AND m.to_date IS NULL ORDER BY m.id
"""
"""Written out, since it is asked with everything that is written."""

Nudge = tuple[str, tuple[Any, ...]]
_waiting: ContextVar[dict[Nudge, None] | None] = ContextVar("waiting nudges", default=None)


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
        with connection.cursor() as cursor:
            cursor.execute(ACTS_AS, [user.pk])
            known = remember_function(user, [row for (row,) in cursor.fetchall()])
    return known


def remember_function(user: User, rows: Iterable[str]) -> str:
    """What ACTS_AS answered, kept for the request: who has asked it with something else need not ask again."""
    roles = (row.partition(" ") for row in rows)
    known = "; ".join(f"{Role(role).label}, {organisation}" for role, _, organisation in roles)[:200]
    user._function = known  # type: ignore[attr-defined]  # one request's memory, on the request's own object
    return known


@contextmanager
def nudges_wait() -> Iterator[list[Nudge]]:
    """Inside, nudges are gathered, each once, instead of sent: who waits for an answer need not wait for a broker."""
    gathered: dict[Nudge, None] = {}
    sent: list[Nudge] = []
    token = _waiting.set(gathered)
    try:
        yield sent
    finally:
        _waiting.reset(token)
        sent.extend(gathered)


def nudge(task: str, *arguments: Any) -> None:
    """Ask a worker to look now, or as soon as the request has been answered."""
    waiting = _waiting.get()
    if waiting is None:
        send(task, *arguments)
    else:
        waiting[task, arguments] = None


def send(task: str, *arguments: Any) -> None:
    """A broker that is away delays the work and loses nothing."""
    try:
        current_app.send_task(task, args=arguments, retry=False, ignore_result=True)
    except (OperationalError, ConnectionError, TimeoutError) as error:
        logger.warning("worker not reached for %s (%s); the timetable will find the work", task, type(error).__name__)
