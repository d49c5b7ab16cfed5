"""Auditing what is stored: begun by the timetable or by hand, taken up again where it was left, and told."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction

from agreements.actions.advisory import taken
from agreements.archive_check import Batch, Fault, Finding, Place, folders, look, orphans_in
from agreements.models import ArchiveCheck
from agreements.stored import unknown
from contacts.history import record

CHECK_ARCHIVE: Final = "agreements.check_archive"
TAKEN_UP_WITHIN: Final = datetime.timedelta(hours=20)
"""An audit that was left longer ago is begun anew."""
KEPT: Final = datetime.timedelta(days=365)
SUBJECT: Final = "archive"
_LOCKS_OF_CHECKS: Final = 0x415243


@transaction.atomic
def start_check(*, now: datetime.datetime) -> ArchiveCheck:
    """Begin from the first file; audits of last year are forgotten."""
    ArchiveCheck.objects.filter(started_at__lt=now - KEPT).delete()
    return ArchiveCheck.objects.create(started_at=now)


def open_check(*, now: datetime.datetime) -> ArchiveCheck:
    """The audit that was left, or a new one."""
    left = ArchiveCheck.objects.filter(finished_at__isnull=True, started_at__gt=now - TAKEN_UP_WITHIN)
    return left.order_by("-pk").first() or start_check(now=now)


def check_some(*, check: ArchiveCheck, now: datetime.datetime) -> Batch | None:
    """Look at some files and note how far it has come; None when it is over, or another worker is at it."""
    with taken(_LOCKS_OF_CHECKS, check.pk) as ours:
        if not ours:
            return None
        check.refresh_from_db()
        if check.finished_at is not None:
            return None
        batch = look(Place(*check.place), now)
        _note(check, batch, now)
    return batch


@transaction.atomic
def _note(check: ArchiveCheck, batch: Batch, now: datetime.datetime) -> None:
    check.place = list(batch.place)
    check.checked += batch.checked
    check.size += batch.size
    for finding in batch.findings:
        setattr(check, finding.fault, getattr(check, finding.fault) + 1)
    room = ArchiveCheck.MOST_EXAMPLES - len(check.examples)
    check.examples = [*check.examples, *(list(finding) for finding in batch.findings[: max(room, 0)])]
    if batch.place.over:
        check.finished_at = max(now, check.started_at)
        counts = {str(fault): getattr(check, fault) for fault in Fault}
        record("archive.checked", by=None, subject=SUBJECT, after={"checked": check.checked, **counts})
    check.save()


def remove_orphans(*, now: datetime.datetime) -> Iterator[Finding]:
    """Remove files that no row names and that are more than a day old; each as it goes. Asked for by hand alone."""
    for name in orphans_in(["", *folders()], now):
        if any(unknown([name])):  # nobody has taken it up meanwhile
            default_storage.delete(name)
            _note_removal(name)
            yield Finding(Fault.ORPHANED, name, "")


@transaction.atomic
def _note_removal(name: str) -> None:
    record("archive.removed", by=None, subject=SUBJECT, after={"file": name})
