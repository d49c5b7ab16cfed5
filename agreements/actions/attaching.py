"""Attaching files to a version's text or to a follow-up, renaming them and taking them away."""

from __future__ import annotations

import errno
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

from django.core.files.base import File
from django.db import connection, transaction

from agreements.actions.locking import demand, lock_draft
from agreements.content import clean_line
from agreements.gather import Whole
from agreements.inspecting import sandbox
from agreements.inspecting.kinds import LARGEST, SUFFIXES, WORDS, BadFile, FileKind, Reason, file_name
from agreements.models import AttachedFile, Attachment, FollowUp, Version
from agreements.shelf import shelve_upload
from contacts.access import Permission
from contacts.errors import Refused
from contacts.history import nudge, record
from contacts.models import User
from contacts.personbound import find_identity_numbers

CHECK: Final = "agreements.check_attachments"
MOST: Final = 30
"""Attachments of one version, or of one follow-up."""

NO_TITLE: Final = "Skriv en rubrik, så att alla förstår vad filen är."
LONG_TITLE: Final = "Rubriken får vara högst 150 tecken."
TWICE: Final = "Filen är redan bifogad här."
TOO_MANY: Final = f"Högst {MOST} filer får plats. Slå ihop några av dem till en PDF."
NO_SPACE: Final = "Det finns ingen plats kvar där filer lagras. Försök igen om en stund."
NOT_STORED: Final = "Filen kunde inte lagras just nu. Försök igen om en stund."

_LOCKS_OF_FILES: Final = 0x46494C
"""The first key of PostgreSQL's advisory locks on stored files; the second is of their SHA-256."""


class RefusedFile(Refused):
    """It is the file itself that cannot be taken in."""


@dataclass(frozen=True)
class Received:
    """A file that has come whole and is what it says; `file` is a real one, open."""

    file: IO[bytes]
    kind: FileKind
    sha256: str
    size: int
    name: str


# ------------------------------------------------------------------------------------------------- receiving


@contextmanager
def received(upload: File[bytes], judge: Callable[[IO[bytes]], FileKind] = sandbox.judge) -> Iterator[Received]:
    """What was sent, judged by its content in a process of its own. Raises RefusedFile."""
    try:
        with tempfile.TemporaryFile() as file:
            digest, size = _copied(upload, file)
            try:
                kind = judge(file)
            except BadFile as bad:
                raise RefusedFile(str(bad)) from None
            yield Received(file, kind, digest, size, file_name(upload.name or "", kind))
    except OSError as error:
        raise RefusedFile(NO_SPACE if error.errno in (errno.ENOSPC, errno.EDQUOT) else NOT_STORED) from error


def _copied(upload: File[bytes], file: IO[bytes]) -> tuple[str, int]:
    """Its SHA-256 and size. Raises RefusedFile for one that is empty or too large."""
    digest, size = hashlib.sha256(), 0
    for chunk in upload.chunks():
        size += len(chunk)
        if size > LARGEST:
            raise RefusedFile(WORDS[Reason.TOO_LARGE])
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise RefusedFile(WORDS[Reason.EMPTY])
    file.flush()
    return digest.hexdigest(), size


def stored(what: Received) -> AttachedFile:
    """The row of the file, which is stored now if it is new; inside the caller's transaction.

    Who stores and who clears away wait for each other, so that no file goes while a row for it is being written.
    """
    lock_file(what.sha256)
    known = AttachedFile.objects.filter(sha256=what.sha256).defer("text").first()
    if known is not None and known.status == AttachedFile.Status.REFUSED:
        raise RefusedFile(known.failure)
    shelved = shelve_upload(what.file, what.sha256, what.size, SUFFIXES[what.kind][0])
    if known is not None:
        return known
    transaction.on_commit(lambda: nudge(CHECK))
    return AttachedFile.objects.create(sha256=what.sha256, kind=what.kind, size=what.size, file=shelved.name)


def lock_file(sha256: str) -> None:
    """Nobody else stores or clears away this file until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS_OF_FILES, int(sha256[:7], 16)])


# ------------------------------------------------------------------------------------------------- attaching


def attach(*, by: User, version_id: int, upload: File[bytes], title: str, section_key: str = "") -> Attachment:
    """Attach a file to a draft. Raises NotAllowed; Refused with what is wrong with title, file or state."""
    title = tidy_title(title)
    with received(upload) as what, transaction.atomic():
        whole = lock_draft(version_id, by=by)
        if section_key and section_key not in whole.sections:
            raise Refused("Avsnittet finns inte i mallen.")
        place = {"version": whole.version, "section_key": section_key}
        return _added(by, whole.version.subject, what, title, place)


def attach_to_follow_up(*, by: User, follow_up_id: int, upload: File[bytes], title: str) -> Attachment:
    """Attach a file, for example minutes, to a follow-up. Raises NotAllowed, Refused; FollowUp.DoesNotExist."""
    title = tidy_title(title)
    with received(upload) as what, transaction.atomic():
        follow_up, whole = _lock_follow_up(follow_up_id, by)
        return _added(by, whole.version.subject, what, title, {"follow_up": follow_up})


def newest_version(follow_up: FollowUp) -> Version:
    """The version whose parties answer for what is noted of the agreement now."""
    versions = Version.objects.with_heads().filter(agreement=follow_up.agreement_id, signed_at__isnull=False)
    return versions.defer("frozen").latest("number")


def _added(by: User, subject: str, what: Received, title: str, place: dict[str, Any]) -> Attachment:
    file = stored(what)
    there = Attachment.objects.filter(**{key: value for key, value in place.items() if key != "section_key"})
    if there.filter(file=file).exists():
        raise RefusedFile(TWICE)
    if there.count() >= MOST:
        raise RefusedFile(TOO_MANY)
    attachment = Attachment.objects.create(file=file, title=title, name=what.name, added_by=by.name, **place)
    record("attachment.added", by=by, subject=subject, after=facts_of(attachment), pending=True)
    return attachment


def tidy_title(title: str) -> str:
    """Raises Refused."""
    text = clean_line(title)
    if not text:
        raise Refused(NO_TITLE)
    if len(text) > 150:
        raise Refused(LONG_TITLE)
    if find_identity_numbers(text):
        raise Refused("Skriv inte något personnummer i rubriken.")
    return text


def facts_of(attachment: Attachment) -> dict[str, Any]:
    """What history keeps of an attachment, also when it is gone."""
    return {
        "attachment": attachment.pk,
        "title": attachment.title,
        "name": attachment.name,
        "section": attachment.section_key,
        "follow_up": str(attachment.follow_up) if attachment.follow_up else "",
        "sha256": attachment.file.sha256,
        "size": attachment.file.size,
    }


# -------------------------------------------------------------------------------------- renaming and removing


@transaction.atomic
def rename_attachment(*, by: User, attachment_id: int, title: str, section_key: str | None = None) -> Attachment:
    """Give an attachment another title or section. Raises NotAllowed, Refused; Attachment.DoesNotExist."""
    title = tidy_title(title)
    whole = _locked(attachment_id, by)
    attachment = Attachment.objects.with_files().get(pk=attachment_id)
    section_key = attachment.section_key if section_key is None else section_key
    if section_key and section_key not in whole.sections:
        raise Refused("Avsnittet finns inte i mallen.")
    if (title, section_key) == (attachment.title, attachment.section_key):
        return attachment
    before = facts_of(attachment)
    attachment.title, attachment.section_key = title, section_key
    attachment.save(update_fields=["title", "section_key"])
    after = facts_of(attachment)
    record("attachment.renamed", by=by, subject=whole.version.subject, before=before, after=after, pending=True)
    return attachment


@transaction.atomic
def remove_attachment(*, by: User, attachment_id: int) -> Attachment:
    """Take an attachment away; history keeps what it was. What is signed, or fixed, keeps its attachments.

    Raises NotAllowed, Refused; Attachment.DoesNotExist.
    """
    whole = _locked(attachment_id, by)
    attachment = Attachment.objects.with_files().get(pk=attachment_id)
    record("attachment.removed", by=by, subject=whole.version.subject, before=facts_of(attachment), pending=True)
    Attachment.objects.filter(pk=attachment.pk).delete()
    return attachment


def _locked(attachment_id: int, by: User) -> Whole:
    """What the attachment belongs to, locked; a version must still be a draft."""
    place = Attachment.objects.only("version_id", "follow_up_id").get(pk=attachment_id)
    if place.version_id is not None:
        return lock_draft(place.version_id, by=by)
    return _lock_follow_up(place.follow_up_id or 0, by)[1]


def _lock_follow_up(follow_up_id: int, by: User) -> tuple[FollowUp, Whole]:
    follow_up = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up_id)
    whole = Whole(newest_version(follow_up))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    return follow_up, whole


def carry_attachments(old: Version, new: Version) -> None:
    """Let a new version begin with the attachments of the old one; inside the caller's transaction."""
    sections = set(new.sections.values_list("key", flat=True))
    Attachment.objects.bulk_create(
        Attachment(
            version=new,
            file_id=row.file_id,
            title=row.title,
            name=row.name,
            section_key=row.section_key if row.section_key in sections else "",
            added_at=row.added_at,
            added_by=row.added_by,
        )
        for row in old.attachments.all()
    )


def refuse_unfit(whole: Whole) -> None:
    """Raise Refused while a file has not been cleared: nobody signs what nobody can open."""
    for attachment in whole.attachments:
        if attachment.file.status == AttachedFile.Status.REFUSED:
            raise Refused(f"Filen ”{attachment.title}” är stoppad. Ta bort den först.")
        if attachment.file.status == AttachedFile.Status.WAITING:
            raise Refused(f"Filen ”{attachment.title}” kontrolleras fortfarande. Försök igen om en stund.")
