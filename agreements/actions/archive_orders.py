"""Archives of many agreements: asked for, packed by workers one agreement at a time, told of when ready, and purged.

A row is filled in when its package is stored, so that a killed worker's row is free again at once and nothing is packed
twice. No transaction is open while an agreement is packed; an advisory lock says who is at it.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import tempfile
from collections.abc import Collection, Iterable
from functools import partial
from typing import IO, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from agreements.actions.advisory import taken
from agreements.actions.printing import NO_SPACE as NO_SPACE_FOR_PDF
from agreements.actions.printing import failure_text, order_copies, order_facts
from agreements.actions.publishing import order_public_copy
from agreements.actions.taking_out import NOT_READY, package_of, taken_facts
from agreements.archive_choices import Choice, signed_versions
from agreements.models import ArchiveOrder, ArchiveRow, PrintedCopy, Version
from agreements.models.archive import ArchiveOrderQuerySet
from agreements.package.whole import Package
from agreements.package.zipping import Damaged
from agreements.shelf import discard, shelve_package
from contacts.access import Permission, Reach, reach_of
from contacts.actions.letters import SEND, write
from contacts.errors import NotAllowed, Refused
from contacts.history import nudge, record
from contacts.links import absolute
from contacts.mailboxes import mending_mailboxes
from contacts.models import Letter, User

logger = logging.getLogger(__name__)

PACK: Final = "agreements.pack_archives"
AGAIN: Final = datetime.timedelta(minutes=1)
"""How long an order waits for a storage that is full or away."""
FORGOTTEN: Final = datetime.timedelta(days=3 * 365)
NOTHING: Final = "Det finns inga undertecknade överenskommelser i urvalet."
NO_SPACE: Final = (
    "Det finns ingen plats kvar där filer lagras. Arkivet görs klart av sig självt när det finns plats igen."
)
AWAY: Final = "Filen kunde inte lagras. Ett nytt försök görs om en minut."
CHANGED: Final = "En lagrad fil har ändrats och lämnas inte ut. Den som driver portalen behöver återställa den."
NO_PDF: Final = "PDF:en kunde inte skapas. Försök igen från överenskommelsens sida."
UNEXPECTED: Final = "Något gick fel i portalen. Felet är antecknat i systemets logg."
_LOCKS_OF_ROWS: Final = 0x5A4950
Outcome = ArchiveRow.Outcome


# -------------------------------------------------------------------------------------------------- asking for one


def order_archive(*, by: User, choice: Choice, now: datetime.datetime) -> ArchiveOrder:
    """Ask for an archive; the one that is being made of the same choice is given instead of a second.

    Raises NotAllowed, and Refused when there is nothing to pack.
    """
    try:
        return _order(by, choice, now)
    except IntegrityError:  # somebody was first by a moment
        return _same(choice, _sees_names(reach_of(by), choice)).get()


@transaction.atomic
def _order(by: User, choice: Choice, now: datetime.datetime) -> ArchiveOrder:
    reach = reach_of(by)
    if choice.organisation not in reach.organisations(Permission.READ_AGREEMENTS):
        raise NotAllowed
    if choice.scope != ArchiveOrder.Scope.OWN and not reach.nationally(Permission.READ_NATION):
        raise NotAllowed
    names = _sees_names(reach, choice)
    known = _same(choice, names).first()
    if known is not None:
        return known
    order = ArchiveOrder(
        scope=choice.scope,
        place=choice.place,
        label=choice.label,
        organisation_id=choice.organisation,
        user=by,
        names=names,
        ordered_at=now,
        due_at=now,
    )
    _lay_out(order, signed_versions(order, reach))
    after = {"scope": order.scope, "label": order.label, "names": names, "total": order.total}
    record("archive.ordered", by=by, subject=order.subject, after=after)
    transaction.on_commit(lambda: nudge(PACK))
    return order


def _lay_out(order: ArchiveOrder, versions: list[tuple[int, str]]) -> None:
    if not versions:
        raise Refused(NOTHING)
    order.total = len(versions)
    order.save()
    ArchiveRow.objects.bulk_create(
        ArchiveRow(order=order, position=position, version_id=pk, label=title)
        for position, (pk, title) in enumerate(versions)
    )


def _sees_names(reach: Reach, choice: Choice) -> bool:
    return reach.may(Permission.SEE_NAMES, [choice.organisation])


def _same(choice: Choice, names: bool) -> ArchiveOrderQuerySet:
    found = ArchiveOrder.objects.unfinished().filter(scope=choice.scope, place=choice.place, names=names)
    return found.filter(organisation=choice.organisation)


# ---------------------------------------------------------------------------------------------------------- packing


def pack_next(*, now: datetime.datetime, leave: Collection[int] = ()) -> ArchiveRow | None:
    """Pack one agreement that is due and in nobody's hands; None when there is none. `leave`: ids not to try now."""
    for pk in list(_due(now).exclude(pk__in=leave).order_by("order", "position").values_list("pk", flat=True)[:50]):
        with taken(_LOCKS_OF_ROWS, pk) as ours:
            row = _due(now).select_related("order").filter(pk=pk).first() if ours else None
            if row is not None:
                _pack(row, now)
                return row
    return None


def _due(now: datetime.datetime) -> QuerySet[ArchiveRow]:
    """Rows that nothing holds up: neither a storage that is full nor a PDF that is being made."""
    waiting = PrintedCopy.objects.waiting().filter(version=OuterRef("version"))
    held_up = Exists(waiting.filter(~Q(variant__in=(PrintedCopy.Variant.DRAFT, PrintedCopy.Variant.COMPARISON))))
    return ArchiveRow.objects.filter(~held_up, handled_at=None, order__finished_at=None, order__due_at__lte=now)


def _pack(row: ArchiveRow, now: datetime.datetime) -> None:
    """The user is read anew for each row, so that a role which has been taken away counts at once."""
    by = User.objects.get(pk=row.order.user_id)
    reach = reach_of(by)
    version = Version.objects.visible_to(reach).with_heads().filter(pk=row.version_id).first()
    if version is None:
        _settle(row, Outcome.NOT_ALLOWED, "", now)
        return
    try:
        _packed(row, package_of(version, reach, may_name=row.order.names), by, now)
    except Refused as refusal:
        _not_yet(row, version, str(refusal), now)
    except Damaged:
        logger.exception("agreement %s of archive order %s was not packed", row.version_id, row.order_id)
        _settle(row, Outcome.FAILED, CHANGED, now)
    except OSError as error:
        logger.exception("the archive order %s waits", row.order_id)
        _wait(row.order, NO_SPACE if failure_text(error) == NO_SPACE_FOR_PDF else AWAY, now)
    except Exception:  # one agreement holds up no other
        logger.exception("agreement %s of archive order %s was not packed", row.version_id, row.order_id)
        _settle(row, Outcome.FAILED, UNEXPECTED, now)


def _not_yet(row: ArchiveRow, version: Version, why: str, now: datetime.datetime) -> None:
    """Copies that were never made are ordered, and waited for; what can't be had is told."""
    if why != NOT_READY:
        _settle(row, Outcome.FAILED, why, now)
    elif not _order_missing(version, names=row.order.names, now=now):
        _settle(row, Outcome.FAILED, NO_PDF, now)


@transaction.atomic
def _order_missing(version: Version, *, names: bool, now: datetime.datetime) -> bool:
    """Whether a copy was ordered now; one that is there and not made has failed."""
    if not names:
        return order_public_copy(version_id=version.pk, now=now)
    if version.copies.filter(variant=PrintedCopy.Variant.ARCHIVE, text_hash=version.text_hash).exists():
        return False
    order_copies(version)
    for copy in version.copies.filter(variant__in=(PrintedCopy.Variant.ARCHIVE, PrintedCopy.Variant.READING)):
        record("copy.ordered", by=None, subject=version.subject, after=order_facts(copy))
    return True


def _packed(row: ArchiveRow, package: Package, by: User, now: datetime.datetime) -> None:
    with tempfile.TemporaryFile() as file:
        digest, size = written(package, file)
        shelved = shelve_package(file, digest, size, order=row.order_id)
    row.file.name, row.sha256, row.size, row.name = shelved.name, digest, size, package.file_name
    with transaction.atomic():
        facts = {**taken_facts(package), "order": row.order_id, "label": row.order.label}
        record("archive.packed", by=by, subject=package.packed.version.subject, after=facts)
        _settle(row, Outcome.PACKED, "", now)


def written(package: Package, file: IO[bytes]) -> tuple[str, int]:
    """Write a package, piece by piece; its SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    for chunk in package.chunks():
        file.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    file.flush()
    return digest.hexdigest(), size


def _settle(row: ArchiveRow, outcome: str, message: str, now: datetime.datetime) -> None:
    row.outcome, row.message, row.handled_at = outcome, message, now
    row.save(update_fields=["outcome", "message", "handled_at", "file", "sha256", "size", "name"])
    ArchiveOrder.objects.filter(pk=row.order_id).exclude(failure="").update(failure="")


def _wait(order: ArchiveOrder, why: str, now: datetime.datetime) -> None:
    order.failure, order.due_at = why, now + AGAIN
    order.save(update_fields=["failure", "due_at"])


# --------------------------------------------------------------------------------------------- finishing and purging


def finish_orders(*, now: datetime.datetime) -> int:
    """Close the orders whose agreements are all handled, and write to their mailboxes; the number closed."""
    left = ArchiveRow.objects.filter(order=OuterRef("pk"), handled_at=None)
    ready = ArchiveOrder.objects.unfinished().exclude(Exists(left))
    return sum(_finish(pk, now) for pk in list(ready.values_list("pk", flat=True)))


@transaction.atomic
def _finish(order_id: int, now: datetime.datetime) -> bool:
    order = ArchiveOrder.objects.select_for_update(of=("self",)).filter(pk=order_id, finished_at=None).first()
    if order is None:
        return False
    order.finished_at = now
    order.save(update_fields=["finished_at"])
    packed = order.rows.filter(outcome=Outcome.PACKED).count()
    record("archive.ready", by=None, subject=order.subject, after={"packed": packed, "total": order.total})
    _write(order, packed, now)
    return True


def _write(order: ArchiveOrder, packed: int, now: datetime.datetime) -> None:
    """To the function mailbox of the organisation that asked, when it has one. The link needs login."""
    mailbox = mending_mailboxes([order.organisation_id]).get(order.organisation_id)
    if mailbox is None:
        return
    recipient, contact_point = mailbox
    context = {
        "order": order,
        "packed": packed,
        "address": absolute(reverse("archive_order", args=[order.pk])),
        "days": settings.ARCHIVE_ORDER_DAYS,
        "site": absolute("/"),
    }
    write(
        kind=Letter.Kind.ARCHIVE,
        recipient=recipient,
        occasion=f"archive-{order.pk}",
        contact_point_id=contact_point,
        subject=f"Arkivet är klart att hämta: {order.label}",
        text=render_to_string("mail/archive_ready.txt", context),
        html=render_to_string("mail/archive_ready.html", context),
        now=now,
    )
    transaction.on_commit(lambda: nudge(SEND))


@transaction.atomic
def fetch_archive(*, by: User, order: ArchiveOrder) -> None:
    """Write down who takes out the archive."""
    record("archive.fetched", by=by, subject=order.subject, after={"label": order.label, "names": order.names})


def purge_archives(*, now: datetime.datetime) -> int:
    """Remove the files of orders whose days are over; the orders stay as a record for some years. The number purged."""
    ArchiveOrder.objects.filter(purged_at__lt=now - FORGOTTEN).delete()
    over = ArchiveOrder.objects.filter(finished_at__lt=now - datetime.timedelta(days=settings.ARCHIVE_ORDER_DAYS))
    return sum(_purge(pk, now) for pk in list(over.filter(purged_at=None).values_list("pk", flat=True)))


@transaction.atomic
def _purge(order_id: int, now: datetime.datetime) -> bool:
    order = ArchiveOrder.objects.select_for_update(of=("self",)).filter(pk=order_id, purged_at=None).first()
    if order is None:
        return False
    names = list(order.rows.exclude(file="").values_list("file", flat=True))
    order.rows.update(file="")
    order.purged_at = now
    order.save(update_fields=["purged_at"])
    record("archive.purged", by=None, subject=order.subject, after={"files": len(names)})
    transaction.on_commit(partial(_discard_all, names))
    return True


def _discard_all(names: Iterable[str]) -> None:
    for name in names:
        discard(name)
