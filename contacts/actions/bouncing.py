"""A mailbox that does not exist: its contact points are unreachable, and nothing more is sent to it."""

from __future__ import annotations

import datetime
from typing import Final

from django.db import transaction

from contacts.history import record
from contacts.models import ContactPoint, Letter

BOUNCED: Final = "Brevlådan finns inte eller tar inte emot brev."


@transaction.atomic
def mark_unreachable(*, mailbox: str, reason: str, now: datetime.datetime) -> list[ContactPoint]:
    """Mark every active contact point with the mailbox, and withdraw what waits to be sent there.

    The agreements that rest on them are checked again. Marked already: nothing happens.
    """
    rows = ContactPoint.objects.active().filter(mailbox__iexact=mailbox, bounced_at__isnull=True)
    points = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for point in points:
        point.bounced_at = now
        point.save(update_fields=["bounced_at"])
        record(
            "contact_point.bounced",
            by=None,
            subject=f"contact_point:{point.pk}",
            after={"mailbox": point.mailbox, "reason": reason},
            pending=True,
        )
    Letter.objects.waiting().filter(recipient=mailbox.lower()).update(failed_at=now, failure=BOUNCED)
    return points
