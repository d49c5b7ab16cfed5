"""What a worker does with files that have been attached: scan them, read them, clear them; and clear away the rest."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from agreements.actions.attaching import lock_file
from agreements.inspecting import sandbox
from agreements.inspecting.kinds import BadFile
from agreements.models import AttachedFile, Attachment, SignedFile
from agreements.scanning import ScannerAway, scan
from agreements.shelf import UPLOADS
from contacts.history import record
from contacts.personbound import edition, find_identity_numbers

logger = logging.getLogger(__name__)

HELD: Final = datetime.timedelta(minutes=5)
"""How long a claim holds: longer than scanning and reading may take together."""
WAITS: Final = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30))
"""Pauses between attempts while the scanner or the storage is away; the last one is repeated."""
UNUSED: Final = datetime.timedelta(days=1)
"""How long a file that nothing is attached to stays."""

SCANNER_AWAY: Final = "Väntar på genomsökning efter skadlig kod."
FILE_AWAY: Final = "Filen kan inte hämtas där den är lagrad. Nytt försök görs."
FOUND: Final = "Skadlig kod hittades i filen ({}). Den är borttagen."


@dataclass
class Looked:
    """What looking at a file came to."""

    scanned: bool = False
    virus: str = ""
    text: str = ""
    is_read: bool = False


def clear_next(*, now: datetime.datetime) -> AttachedFile | None:
    """Scan and read one waiting file that is due; None when there is none. No transaction is open meanwhile."""
    file = _claim(now)
    if file is None:
        return None
    try:
        with _opened(file) as content:
            looked = _look(content)
    except ScannerAway as away:
        logger.warning("file %s was not scanned: %s", file.pk, away)
        _put_off(file, SCANNER_AWAY, now)
    except OSError:
        logger.exception("file %s could not be read where it is stored", file.pk)
        _put_off(file, FILE_AWAY, now)
    else:
        _settle(file, looked, now)
    return file


@transaction.atomic
def _claim(now: datetime.datetime) -> AttachedFile | None:
    rows = AttachedFile.objects.due(now).defer("text").select_for_update(of=("self",), skip_locked=True)
    file = rows.first()
    if file is not None:
        file.attempts = min(file.attempts + 1, 1000)
        file.due_at = now + HELD
        file.save(update_fields=["attempts", "due_at"])
    return file


@contextmanager
def _opened(file: AttachedFile) -> Iterator[IO[bytes]]:
    with default_storage.open(file.file.name) as stored:
        yield cast(IO[bytes], stored.file)


def _look(content: IO[bytes]) -> Looked:
    """Raises ScannerAway. A text that cannot be read stops nothing: the file was judged when it came."""
    looked = Looked()
    if settings.CLAMD:
        looked.virus = scan(content, settings.CLAMD)
        looked.scanned = True
    if not looked.virus:
        try:
            looked.text, looked.is_read = sandbox.read(content), True
        except BadFile as bad:
            logger.warning("the text of a file could not be read: %s", bad.reason)
    return looked


def _put_off(file: AttachedFile, failure: str, now: datetime.datetime) -> None:
    due_at = now + WAITS[min(file.attempts, len(WAITS)) - 1]
    AttachedFile.objects.filter(pk=file.pk, status=AttachedFile.Status.WAITING).update(failure=failure, due_at=due_at)


@transaction.atomic
def _settle(file: AttachedFile, looked: Looked, now: datetime.datetime) -> None:
    """Write what came of it, and tell every agreement that the file is attached to."""
    row = AttachedFile.objects.select_for_update(of=("self",)).filter(pk=file.pk).first()
    if row is None or row.status != AttachedFile.Status.WAITING:
        return
    row.scanned_at = now if looked.scanned else None
    row.status, row.failure = AttachedFile.Status.CLEAR, ""
    if looked.virus:
        row.status, row.failure = AttachedFile.Status.REFUSED, FOUND.format(looked.virus[:100])
        stored = row.file.name
        transaction.on_commit(lambda: default_storage.delete(stored))
    text = looked.text if row.attachments.exists() else ""  # of a file that is only signed nothing is searched or kept
    row.text, row.read_at, row.read_as = text, now if looked.is_read else None, edition()
    row.identity_numbers = min(len(find_identity_numbers(looked.text)), 1000)
    row.save()
    _tell(row)


def _tell(file: AttachedFile) -> None:
    for signed in SignedFile.objects.filter(file=file).select_related("version"):
        facts = {"signed_file": signed.pk, "name": signed.name, "sha256": file.sha256}
        after: dict[str, object] = facts | {"status": file.status, "failure": file.failure}
        record("elsewhere.checked", by=None, subject=signed.version.subject, after=after, pending=True)
    for attachment in Attachment.objects.filter(file=file).select_related("version", "follow_up"):
        about = attachment.version or attachment.follow_up
        if about is None:
            continue
        after = {
            "attachment": attachment.pk,
            "title": attachment.title,
            "status": file.status,
            "failure": file.failure,
        }
        subject = f"agreement:{about.agreement_id}"
        record("attachment.checked", by=None, subject=subject, after=after, pending=True)


# ------------------------------------------------------------------------------------------------ once a night


def read_again() -> int:
    """Look for identity numbers anew where an older edition of the check did; the number of files."""
    now = edition()
    old = list(AttachedFile.objects.exclude(text="").exclude(read_as=now).values_list("pk", flat=True))
    for pk in old:
        _read_again(pk, now)
    return len(old)


@transaction.atomic
def _read_again(pk: int, now: str) -> None:
    row = AttachedFile.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        return
    found, row.read_as = min(len(find_identity_numbers(row.text)), 1000), now
    has_changed, row.identity_numbers = found != row.identity_numbers, found
    row.save(update_fields=["read_as", "identity_numbers"])
    if has_changed:
        _tell(row)


def clear_away(*, now: datetime.datetime) -> int:
    """Remove files that nothing has been attached to for a day, and what no row knows of; the number removed."""
    removed = 0
    unused = AttachedFile.objects.unattached().filter(stored_at__lt=now - UNUSED)
    for sha256 in unused.values_list("sha256", flat=True):
        removed += _remove(sha256)
    for name in _stored_names():
        removed += _remove_orphan(name, now)
    return removed


@transaction.atomic
def _remove(sha256: str) -> int:
    """Row and file, unless somebody attaches the file just now."""
    lock_file(sha256)
    row = AttachedFile.objects.unattached().filter(sha256=sha256).first()
    if row is None:
        return 0
    row.delete()
    default_storage.delete(row.file.name)
    return 1


def _stored_names() -> Iterator[str]:
    try:
        folders, _ = default_storage.listdir(UPLOADS)
    except FileNotFoundError:
        return
    for folder in sorted(folders):
        _, names = default_storage.listdir(f"{UPLOADS}/{folder}")
        yield from (f"{UPLOADS}/{folder}/{name}" for name in sorted(names))


@transaction.atomic
def _remove_orphan(name: str, now: datetime.datetime) -> int:
    """A file that was stored for a row that never came, for example since its transaction was undone."""
    digest = name.rpartition("/")[2].partition(".")[0]
    if len(digest) != 64 or not all(letter in "0123456789abcdef" for letter in digest):
        return 0
    lock_file(digest)
    if AttachedFile.objects.filter(sha256=digest).exists():
        return 0
    if timezone.localtime(default_storage.get_modified_time(name)) > now - UNUSED:
        return 0
    default_storage.delete(name)
    return 1
