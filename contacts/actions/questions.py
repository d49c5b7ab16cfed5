"""An open question about a contact point ends when the contact point is confirmed, changed or ended."""

from __future__ import annotations

import datetime

from contacts.models import Confirmation


def end_question(*, contact_point_id: int, answer: Confirmation.Answer, now: datetime.datetime) -> None:
    """Inside the caller's transaction, which holds the contact point's lock and writes the history row."""
    open_one = Confirmation.objects.open().filter(contact_point=contact_point_id)
    open_one.update(answered_at=now, answer=answer)
