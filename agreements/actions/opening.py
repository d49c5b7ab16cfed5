"""That a signatory has been shown the fixed text: without it nobody signs."""

from __future__ import annotations

import datetime

from agreements.models import OpenedText, Version
from contacts.models import User


def note_opened(*, by: User, version: Version, text_hash: str, how: OpenedText.How, now: datetime.datetime) -> None:
    """Note that exactly this text was shown; the first time is kept. It is the user's own, and no history."""
    row = OpenedText(user=by, version=version, text_hash=text_hash, how=how, opened_at=now)
    OpenedText.objects.bulk_create([row], ignore_conflicts=True)


def opened_at(*, by: User, version: Version, now: datetime.datetime) -> datetime.datetime | None:
    """When the user first opened the text as it is fixed now."""
    rows = OpenedText.objects.filter(user=by, version=version, text_hash=version.text_hash, opened_at__lte=now)
    return rows.values_list("opened_at", flat=True).first()
