"""Printed copies: ordering them, and what a worker does to make one."""

from __future__ import annotations

import datetime
import errno
import logging
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agreements.actions.locking import demand, lock
from agreements.actions.sealing import Kept, confirm, facts_of, keep, take_up
from agreements.document import text_hash
from agreements.gather import Whole
from agreements.models import PrintedCopy, Signature, SignedFile, TemplateVersion, Version
from agreements.pdf import render
from agreements.seal_source import NoTimestamp, SealFailed
from agreements.shelf import discard
from agreements.states import WORKING, State
from agreements.verification_code import new_code
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import nudge, record
from contacts.models import User

logger = logging.getLogger(__name__)

RENDER = "agreements.render_pdfs"
WAITS = tuple(datetime.timedelta(seconds=seconds) for seconds in (0, 30, 120, 600, 3600))
"""How long after the order each attempt is made at the earliest; the timetable looks every 15 seconds."""
MAX_ATTEMPTS = len(WAITS)

NO_SPACE = "Det finns ingen plats kvar där filer lagras. PDF:en skapas av sig själv när det finns plats igen."
NOT_STORED = "Filen kunde inte lagras. Felet är antecknat i systemets logg."
NO_TIMESTAMP = "Tidsstämpeltjänsten svarar inte. PDF:en förseglas av sig själv när den svarar igen."
NOT_SEALED = "PDF:en kunde inte förseglas, eller höll inte när den kontrollerades. Felet är antecknat i systemets logg."
WAITED_OUT = (NO_SPACE, NO_TIMESTAMP)
NOT_RENDERED = "PDF:en kunde inte skapas. Felet är antecknat i systemets logg."
INTERRUPTED = "Arbetet med PDF:en avbröts varje gång det påbörjades."

WITH_CODE = (PrintedCopy.Variant.ARCHIVE, PrintedCopy.Variant.PUBLIC)
"""Copies that can be verified by what is printed on them."""
_LOCKS_OF_COPIES = 0x504446
"""The first key of PostgreSQL's advisory locks on copies; the second is the copy's id."""


# -------------------------------------------------------------------------------------------------- ordering


def order_copies(version: Version) -> None:
    """Order the archive and reading copies of a signed version; inside the caller's transaction."""
    document = signed_document(version)
    for variant in (PrintedCopy.Variant.ARCHIVE, PrintedCopy.Variant.READING):
        PrintedCopy.objects.get_or_create(
            version=version, variant=variant, text_hash=version.text_hash, defaults={"document": document}
        )
    nudge_after_commit()


def signed_document(version: Version) -> dict[str, object]:
    """What is printed of a signed version: {"text": frozen, "text_hash", "signatures": […]}."""
    rows = version.signatures.select_related("party", "signed_file__file").defer("signed_file__file__text")
    return {
        "text": version.frozen,
        "text_hash": version.text_hash,
        "signatures": [_signature(row) for row in rows],
    }


def _signature(row: Signature) -> dict[str, Any]:
    """A signature as it is printed. How identity was proven is not known of those given before that was kept.

    One that stands in a file names the file by its hash, and of its moment only the day.
    """
    behalf = {"name": row.behalf_name, "function": row.behalf_function, "decision": row.behalf_decision}
    return {
        "party": row.party.name,
        "name": row.name,
        "function": row.function,
        "decision": row.get_decision_display(),
        "decision_reference": row.decision_reference,
        "decision_date": str(row.decision_date),
        "method": row.get_method_display(),
        "signed_at": str(timezone.localdate(row.signed_at)) if row.signed_file else _at(row.signed_at),
        **({"proof": _proof(row)} if row.proof_at else {}),
        **({"on_behalf_of": behalf} if row.behalf_name else {}),
        **({"file": _file_of(row.signed_file)} if row.signed_file else {}),
    }


def _proof(row: Signature) -> dict[str, str]:
    return {"words": row.method_words, "method": row.proof_method, "level": row.proof_level, "at": _at(row.proof_at)}


def _file_of(signed: SignedFile) -> dict[str, Any]:
    return {"name": signed.name, "size": signed.file.size, "sha256": signed.file.sha256}


def _at(moment: datetime.datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


@transaction.atomic
def order_signed(*, by: User, version_id: int) -> Version:
    """Order the copies of a signed version that has none, for example one that was signed before it came here.

    Raises NotAllowed, or Refused when not all parties have signed.
    """
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    version = whole.version
    if version.signed_at is None:
        raise Refused("Alla parter har inte undertecknat än.")
    known = set(version.copies.values_list("pk", flat=True))
    order_copies(version)
    for copy in version.copies.exclude(pk__in=known).defer("document"):
        record("copy.ordered", by=by, subject=version.subject, after=order_facts(copy))
    return version


@transaction.atomic
def order_draft(*, by: User, version_id: int, now: datetime.datetime) -> PrintedCopy:
    """Order a draft copy of the text as it stands; the same text is printed once.

    Raises NotAllowed, or Refused when the agreement is no longer being worked on.
    """
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    if whole.version.state not in WORKING:
        raise Refused(f"Överenskommelsen är {State(whole.version.state).label.lower()} och har inget utkast längre.")
    document = draft_document(whole, now)
    copy, is_new = PrintedCopy.objects.get_or_create(
        version=whole.version,
        variant=PrintedCopy.Variant.DRAFT,
        text_hash=document["text_hash"],
        defaults={"document": document, "ordered_at": now},
    )
    if is_new:
        record("copy.ordered", by=by, subject=whole.version.subject, after=order_facts(copy))
        nudge_after_commit()
    elif copy.failed_at:
        order_again(copy, by=by, now=now)
    return copy


@transaction.atomic
def order_of_template(
    *, by: User, template: TemplateVersion, document: dict[str, Any], now: datetime.datetime
) -> PrintedCopy:
    """Order a trial print of a template, put together as the agreement it would become. Raises NotAllowed."""
    if not reach_of(by).nationally(Permission.EDIT_TEMPLATE):
        raise NotAllowed
    hashed = text_hash(document)
    ordered_at = timezone.localtime(now).isoformat(timespec="seconds")
    printed = {"text": document, "text_hash": hashed, "signatures": [], "ordered_at": ordered_at}
    copy, is_new = PrintedCopy.objects.get_or_create(
        template=template,
        variant=PrintedCopy.Variant.DRAFT,
        text_hash=hashed,
        defaults={"document": printed, "ordered_at": now},
    )
    if is_new:
        record("copy.ordered", by=by, subject=copy.subject, after=order_facts(copy))
        nudge_after_commit()
    elif copy.failed_at:
        order_again(copy, by=by, now=now)
    return copy


def draft_document(whole: Whole, now: datetime.datetime) -> dict[str, object]:
    """What is printed of a version being written: as it stands, without signatures."""
    return {
        "text": whole.document,
        "text_hash": text_hash(whole.document),
        "signatures": [],
        "ordered_at": timezone.localtime(now).isoformat(timespec="seconds"),
    }


@transaction.atomic
def try_again(*, by: User, version_id: int, copy_id: int, now: datetime.datetime) -> PrintedCopy:
    """Give a failed copy new attempts. One that has not failed is left as it is."""
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    copy = whole.version.copies.defer("document").select_for_update(of=("self",)).get(pk=copy_id)
    if copy.failed_at:
        order_again(copy, by=by, now=now)
    return copy


def order_again(copy: PrintedCopy, *, by: User | None, now: datetime.datetime) -> None:
    copy.failed_at, copy.failure, copy.attempts, copy.ordered_at = None, "", 0, now
    copy.save(update_fields=["failed_at", "failure", "attempts", "ordered_at"])
    record("copy.ordered", by=by, subject=copy.subject, after=order_facts(copy))
    nudge_after_commit()


def nudge_after_commit() -> None:
    """Tell a worker that there is an order, once it can be seen; the timetable finds it in any case."""
    transaction.on_commit(lambda: nudge(RENDER))


def order_facts(copy: PrintedCopy, **more: object) -> dict[str, object]:
    return {"variant": copy.variant, "text_hash": copy.text_hash, **more}


# ---------------------------------------------------------------------------------------------------- making


def make_next(*, now: datetime.datetime, leave: Collection[int] = ()) -> PrintedCopy | None:
    """Make one ordered copy that is due; None when there is nothing to do. `leave`: ids not to try now.

    While it is rendered no transaction is open: only an advisory lock says that it is being made, and PostgreSQL
    lets go of that lock when the worker dies. The order stays until the file is there.
    """
    copy = _claim(now, leave)
    if copy is None:
        return None
    try:
        _fill_in(copy, take_up(copy) or keep(copy, _rendered(copy)))
    except Exception as error:  # whatever is wrong with one copy is told of it, and the next one is made
        logger.exception("copy %s was not made (attempt %s)", copy.pk, copy.attempts)
        _note_failure(copy, error, now)
    finally:
        _let_go(copy.pk)
    return copy


def _rendered(copy: PrintedCopy) -> bytes:
    return render(copy.document, variant=copy.variant, demo=settings.DEMO, code=copy.code)


@transaction.atomic
def _claim(now: datetime.datetime, leave: Collection[int]) -> PrintedCopy | None:
    """Take the oldest order that is due and not being made, and count the attempt."""
    waiting = PrintedCopy.objects.waiting().filter(_due(now)).exclude(pk__in=leave)
    for pk in waiting.values_list("pk", flat=True)[:100]:
        rows = waiting.select_related("version", "template").defer("version__frozen")
        copy = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if copy is None or not _take(pk):
            continue
        if copy.attempts >= MAX_ATTEMPTS:
            _give_up(copy, copy.failure or INTERRUPTED, now)
            _let_go(pk)
            continue
        copy.attempts += 1
        if copy.variant in WITH_CODE:
            copy.code = copy.code or new_code()
        copy.save(update_fields=["attempts", "code"])
        return copy
    return None


def _due(now: datetime.datetime) -> Q:
    """New and interrupted orders at once; those that failed when they have waited."""
    due = Q(failure="") | Q(attempts__gte=MAX_ATTEMPTS)
    for attempts, wait in enumerate(WAITS):
        due |= Q(attempts=attempts, ordered_at__lte=now - wait)
    return due


@transaction.atomic
def _fill_in(copy: PrintedCopy, kept: Kept) -> None:
    """Write where the file is. Should another worker have done it, that one stands."""
    row = PrintedCopy.objects.select_for_update(of=("self",)).defer("document").get(pk=copy.pk)
    shelved = kept.shelved
    if row.made_at is not None:
        _throw_away(row, kept)
        return
    row.file.name, row.sha256, row.size = shelved.name, shelved.sha256, shelved.size
    row.made_at, row.failed_at, row.failure = timezone.now(), None, ""
    row.save(update_fields=["file", "sha256", "size", "made_at", "failed_at", "failure"])
    after = order_facts(copy, sha256=shelved.sha256, size=shelved.size)
    if kept.seal:
        confirm(kept.seal, row.made_at)
        after |= facts_of(kept.seal)
    record("copy.made", by=None, subject=copy.subject, after=after)


def _throw_away(row: PrintedCopy, kept: Kept) -> None:
    """A sealed file differs each time it is made; the one that came second is nobody's."""
    if kept.seal and kept.shelved.sha256 != row.sha256:
        kept.seal.delete()
        transaction.on_commit(lambda: discard(kept.shelved.name))


@transaction.atomic
def _note_failure(copy: PrintedCopy, error: Exception, now: datetime.datetime) -> None:
    """Say on the order what went wrong; after the last attempt it counts as failed. What passes is waited out."""
    failure = failure_text(error)
    if failure in WAITED_OUT:
        copy.attempts -= 1
    if copy.attempts >= MAX_ATTEMPTS:
        _give_up(copy, failure, now)
    else:
        open_orders = PrintedCopy.objects.waiting().filter(pk=copy.pk)
        open_orders.update(failure=failure, attempts=copy.attempts)


def _give_up(copy: PrintedCopy, failure: str, now: datetime.datetime) -> None:
    PrintedCopy.objects.waiting().filter(pk=copy.pk).update(failed_at=now, failure=failure)
    after = order_facts(copy, failure=failure, attempts=copy.attempts)
    record("copy.failed", by=None, subject=copy.subject, after=after)


def failure_text(error: Exception) -> str:
    """What users are told."""
    if isinstance(error, OSError):
        return NO_SPACE if error.errno in (errno.ENOSPC, errno.EDQUOT) else NOT_STORED
    if isinstance(error, SealFailed):
        return NO_TIMESTAMP if isinstance(error, NoTimestamp) else NOT_SEALED
    return NOT_RENDERED


def _take(pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS_OF_COPIES, pk % 2**31])
        return bool(cursor.fetchone()[0])


def _let_go(pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS_OF_COPIES, pk % 2**31])
