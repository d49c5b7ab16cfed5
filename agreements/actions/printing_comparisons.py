"""Ordering a comparison as PDF. A worker makes it like any other copy: see printing."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.db import transaction

from agreements.actions.locking import lock
from agreements.actions.printing import nudge_after_commit, order_again, order_facts
from agreements.comparables import Source
from agreements.gather import Whole
from agreements.models import PrintedCopy
from contacts.access import reach_of
from contacts.errors import NotAllowed
from contacts.history import record
from contacts.models import User


@transaction.atomic
def order_comparison(
    *, by: User, version_id: int, old: Source, new: Source, only_changes: bool, now: datetime.datetime
) -> PrintedCopy:
    """Order a printed comparison of two texts, as this reader sees them; the same comparison is printed once.

    Raises NotAllowed for one who does not read the agreement.
    """
    whole = Whole(lock(version_id))
    if not reach_of(by).reads(whole.organisation_ids):
        raise NotAllowed
    copy, is_new = PrintedCopy.objects.get_or_create(
        version=whole.version,
        variant=PrintedCopy.Variant.COMPARISON,
        text_hash=mark_of(old, new, only_changes=only_changes),
        defaults={"document": _document(old, new, only_changes, whole, now), "ordered_at": now},
    )
    if is_new:
        record("copy.ordered", by=by, subject=whole.version.subject, after=order_facts(copy))
        nudge_after_commit()
    elif copy.failed_at:
        order_again(copy, by=by, now=now)
    return copy


def mark_of(old: Source, new: Source, *, only_changes: bool) -> str:
    """SHA-256 of what is printed: both texts as they are shown, what they are called, and how much of them."""
    parts = (old.mark, old.choice.name, new.mark, new.choice.name, str(only_changes))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _document(old: Source, new: Source, only_changes: bool, whole: Whole, now: datetime.datetime) -> dict[str, Any]:
    return {
        "reference": whole.version.agreement.reference,
        "title": whole.version.title,
        "old": old.document,
        "new": new.document,
        "old_name": old.choice.name,
        "new_name": new.choice.name,
        "only_changes": only_changes,
        "ordered_at": now.isoformat(timespec="seconds"),
    }
