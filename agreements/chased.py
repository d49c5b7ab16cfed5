"""Who has been written to about what waits in an agreement."""

from __future__ import annotations

import datetime

from django.db.models import Max

from contacts.models import Letter
from contacts.rules import without_names

MOST = 5


def letters_sent(version_id: int, *, names: bool) -> list[tuple[str, datetime.datetime]]:
    """The mailboxes that have been told of a flag that is still open, and when last; the latest first."""
    flag = {"chased_flags__flag__version": version_id, "chased_flags__flag__closed_at": None}
    rows = Letter.objects.filter(sent_at__isnull=False, **flag).values_list("recipient").annotate(last=Max("sent_at"))
    shown = rows.order_by("-last", "recipient")[:MOST]
    return [(recipient if names else without_names(recipient), last) for recipient, last in shown]
