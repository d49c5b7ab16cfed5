"""Which mailboxes are written to: those of functions, never a person's own address."""

from __future__ import annotations

from collections.abc import Collection

from contacts.models import ContactPoint
from contacts.rules import is_function_mailbox

Mailbox = tuple[str, int]
"""An address in lower case, and the contact point whose mailbox it is."""


def gets_letters(point: ContactPoint) -> bool:
    """Whether letters can go here: to a function, never to a person's own address."""
    return point.ended_on is None and point.bounced_at is None and is_function_mailbox(point.mailbox)


def mailbox_of(point: ContactPoint) -> Mailbox | None:
    """The contact point's own, when it can be written to."""
    return (point.mailbox.lower(), point.pk) if gets_letters(point) else None


def mending_mailboxes(organisations: Collection[int]) -> dict[int, Mailbox]:
    """For each organisation that has one: the mailbox of its function that mends, of those that can be written to."""
    rows = ContactPoint.objects.reachable().filter(organisation__in=organisations, function__mends__isnull=False)
    found: dict[int, Mailbox] = {}
    columns = ("organisation_id", "mailbox", "pk")
    for organisation, mailbox, pk in rows.order_by("function__mends", "pk").values_list(*columns):
        if organisation not in found and is_function_mailbox(mailbox):
            found[organisation] = (mailbox.lower(), pk)
    return found
