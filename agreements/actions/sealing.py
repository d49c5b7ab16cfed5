"""Sealed files: made, kept and found again by workers; and stamped anew before what vouches for them ends."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from agreements.models import PrintedCopy, Seal
from agreements.seal_source import SealFailed
from agreements.sealing import sealer
from agreements.shelf import Shelved, address_of, is_whole, read, shelve
from contacts.history import record
from contacts.links import absolute

if TYPE_CHECKING:
    from agreements.sealer import Sealed

RENEWED_BEFORE: Final = datetime.timedelta(days=180)
"""How long before the end of what vouches for a file it is stamped anew."""
_LOCKS_OF_RENEWALS: Final = 0x53454C


@dataclass(frozen=True)
class Kept:
    """A copy's stored file, and its seal if it has one."""

    shelved: Shelved
    seal: Seal | None = None


def take_up(copy: PrintedCopy) -> Kept | None:
    """The sealed file that a killed worker had stored; promises that came to nothing are forgotten."""
    for promise in copy.seals.filter(kind=Seal.Kind.SEAL):
        if is_whole(promise.file, promise.sha256):
            return Kept(Shelved(promise.file, promise.sha256, promise.size), promise)
        promise.delete()
    return None


def keep(copy: PrintedCopy, pdf: bytes) -> Kept:
    """Store a copy's file; an archive copy is sealed before, if a seal is configured."""
    workshop = sealer() if copy.variant == PrintedCopy.Variant.ARCHIVE else None
    if workshop is None:
        return Kept(shelve(pdf))
    sealed = workshop.seal(pdf, reason=f"Kod {copy.code}", contact=absolute("/verifiera/"))
    promise = promise_of(copy, sealed, Seal.Kind.SEAL)
    return Kept(shelve(sealed.pdf), promise)


def promise_of(copy: PrintedCopy, sealed: Sealed, kind: Seal.Kind) -> Seal:
    """Write down which bytes are about to be stored, and what their seals say."""
    found = sealed.found
    seal, last = found.seal, found.seals[-1]
    if seal is None:
        raise SealFailed("the file holds no seal")
    name, digest = address_of(sealed.pdf)
    claimed = datetime.datetime.fromisoformat(last.time or last.claimed_time)
    return Seal.objects.create(
        copy=copy,
        kind=kind,
        file=name,
        sha256=digest,
        size=len(sealed.pdf),
        level=found.level,
        certificate=seal.subject[:300],
        certificate_issuer=seal.issuer[:300],
        certificate_sha256=seal.sha256,
        certificate_until=datetime.datetime.fromisoformat(seal.until),
        sealed_at=claimed,
        timestamped=bool(last.time),
        protected_until=datetime.datetime.fromisoformat(found.protected_until),
    )


def confirm(seal: Seal, now: datetime.datetime) -> None:
    """The promised file is stored; inside the caller's transaction."""
    seal.stored_at = now
    seal.save(update_fields=["stored_at"])


def facts_of(seal: Seal) -> dict[str, object]:
    return {"seal": seal.level, "certificate": seal.certificate, "sealed_at": seal.sealed_at.isoformat()}


# ------------------------------------------------------------------------------------------------ stamping anew


def next_to_renew(*, now: datetime.datetime, leave: Collection[int] = ()) -> Seal | None:
    """An archived file whose protection soon ends; None when there is none. `leave`: ids not to try."""
    return Seal.objects.running_out(now + RENEWED_BEFORE).exclude(pk__in=leave).first()


def renew(*, seal: Seal, now: datetime.datetime) -> Seal | None:
    """Stamp a file anew; None when another worker is at it or has done it.

    The new file is the old one with something appended, and stands beside it in a row of its own. Raises SealFailed,
    and OSError when the file cannot be read or stored.
    """
    if not _take(seal.copy_id):
        return None
    try:
        newest = seal.copy.seals.stored().order_by("-pk").first()
        return _renew(seal, now) if newest == seal else None
    finally:
        _let_go(seal.copy_id)


def _renew(old: Seal, now: datetime.datetime) -> Seal:
    promise = _left_behind(old) or _stamped(old)
    _note_renewal(promise, old, now)
    return promise


def _stamped(old: Seal) -> Seal:
    workshop = sealer()
    if workshop is None:
        raise SealFailed("no seal is configured")
    before = read(old.file)
    if hashlib.sha256(before).hexdigest() != old.sha256:
        raise SealFailed(f"the stored file {old.file} has changed")
    stamped = workshop.stamp(before)
    if datetime.datetime.fromisoformat(stamped.found.protected_until) <= old.protected_until:
        raise SealFailed("the timestamp service's certificate ends no later than the one before")
    promise = promise_of(old.copy, stamped, Seal.Kind.RENEWAL)
    shelve(stamped.pdf)
    return promise


def _left_behind(old: Seal) -> Seal | None:
    """The file that a killed worker had stored."""
    for promise in old.copy.seals.promised().filter(kind=Seal.Kind.RENEWAL):
        if is_whole(promise.file, promise.sha256):
            return promise
        promise.delete()
    return None


@transaction.atomic
def _note_renewal(seal: Seal, old: Seal, now: datetime.datetime) -> None:
    confirm(seal, now)
    after = {"variant": seal.copy.variant, "sha256": seal.sha256, **facts_of(seal)}
    before = {"sha256": old.sha256, "protected_until": old.protected_until.isoformat()}
    record("copy.stamped", by=None, subject=seal.copy.subject, before=before, after=after)


def _take(pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS_OF_RENEWALS, pk % 2**31])
        return bool(cursor.fetchone()[0])


def _let_go(pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS_OF_RENEWALS, pk % 2**31])
