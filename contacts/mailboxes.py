"""Which mailbox an organisation is written to at when it is about no function in particular."""

from __future__ import annotations

from collections.abc import Collection

from contacts.models import ContactPoint

Mailbox = tuple[str, int]
"""An address in lower case, and the contact point whose mailbox it is."""


def mailbox_of(point: ContactPoint) -> Mailbox | None:
    """The contact point's own, when it can be written to."""
    can_be_written_to = point.mailbox and point.bounced_at is None and point.ended_on is None
    return (point.mailbox.lower(), point.pk) if can_be_written_to else None


def mending_mailboxes(organisations: Collection[int]) -> dict[int, Mailbox]:
    """For each organisation that has one: the mailbox of its function that mends, of those that can be written to."""
    rows = ContactPoint.objects.reachable().filter(organisation__in=organisations, function__mends__isnull=False)
    first = rows.order_by("organisation", "function__mends", "pk").distinct("organisation")
    return {org: (box.lower(), pk) for org, box, pk in first.values_list("organisation_id", "mailbox", "pk")}
