"""What workers do. Each task finds its work in the database, so that running twice, late or not at all is harmless."""

from __future__ import annotations

import logging
import time

from celery import shared_task
from django.utils import timezone

from agreements.actions import (
    archive_orders,
    asking_to_sign,
    attaching,
    auditing,
    binning,
    bulk,
    calling,
    chasing,
    checking,
    clearing,
    digesting,
    giving_notice,
    indexing,
    printing,
    publishing,
    rechecking,
    rule_sets,
    seal_watch,
    sealing,
    signing,
    weighing,
)
from agreements.seal_source import SealFailed
from contacts.actions.letters import SEND
from contacts.history import nudge

logger = logging.getLogger(__name__)

MOST_ROWS = 20
"""Rows of a bulk run that are done before what is urgent gets in between."""
MOST_FILES = 20
"""Attached files looked at in one run, for the same reason."""
MOST_SECONDS = 120
"""Of an audit before what is urgent gets in between."""
MOST_COPIES = 20
"""Copies made in one run; the next one comes with the timetable."""


@shared_task(name="agreements.deliver_events")
def deliver_events() -> int:
    """Draw the consequences of everything that has happened; the number of events delivered."""
    delivered = 0
    while batch := checking.deliver_events(now=timezone.now()):
        delivered += batch
    return delivered


@shared_task(name="agreements.recheck_all")
def recheck_all() -> int:
    """Lay out a check of every version; its batches are done by all workers. The number of versions."""
    return rechecking.start_run(by=None, now=timezone.now()).total


@shared_task(name=rechecking.CHECK_NEXT)
def check_next(run_id: int) -> int:
    """Do one batch of a run, then ask for the next; the number of versions checked."""
    tally = rechecking.check_next(run_id=run_id, now=timezone.now())
    if tally is None:
        rechecking.finish_run(run_id=run_id, now=timezone.now())
        return 0
    nudge(rechecking.CHECK_NEXT, run_id)
    return tally.agreements


@shared_task(name="agreements.resume_checks")
def resume_checks() -> int:
    """Go on with runs whose nudges were lost; the number of them."""
    return rechecking.resume_runs()


@shared_task(name="agreements.chase")
def chase() -> int:
    """Write this week's letters to those who have something to mend; the number written."""
    written = chasing.chase(now=timezone.now())
    nudge(SEND)
    return written


@shared_task(name=calling.ASK)
def ask_to_sign() -> int:
    """Write to those whose turn it is to sign; the number of letters written."""
    written = asking_to_sign.ask_all(now=timezone.now(), reminding=False)
    nudge(SEND)
    return written


@shared_task(name="agreements.remind_to_sign")
def remind_to_sign() -> int:
    """Write again to those who have not signed; the number of letters written."""
    written = asking_to_sign.ask_all(now=timezone.now(), reminding=True)
    nudge(SEND)
    return written


@shared_task(name="agreements.digest")
def digest() -> int:
    """Write today's letters of what is new in agreements in work; the number written."""
    written = digesting.write_digests(now=timezone.now())
    nudge(SEND)
    return written


@shared_task(name=rule_sets.WEIGH)
def weigh_drafts() -> int:
    """Count what publishing a draft rule set would mean; the number of drafts counted."""
    return weighing.weigh_drafts(now=timezone.now())


@shared_task(name="agreements.expire")
def expire() -> int:
    """End the versions whose last day has passed, and tell of municipalities that have left; the number ended."""
    now = timezone.now()
    ended = signing.end_expired(today=timezone.localdate(now), now=now)
    giving_notice.carry_out_all(today=timezone.localdate(now), now=now)
    return ended


@shared_task(name=bulk.BULK_NEXT)
def bulk_next(run_id: int) -> bool:
    """Do some rows of a run, then ask for the next; whether it is finished."""
    finished = bulk.do_all(run_id=run_id, now=timezone.now(), most=MOST_ROWS)
    if not finished:
        nudge(bulk.BULK_NEXT, run_id)
    return finished


@shared_task(name="agreements.resume_bulk")
def resume_bulk() -> int:
    """Go on with runs whose nudges were lost; the number of them."""
    return bulk.resume_bulk()


@shared_task(name="agreements.purge_bin")
def purge_bin() -> int:
    """Purge discarded drafts whose days in the bin are over; the number purged."""
    now = timezone.now()
    return binning.purge_all(today=timezone.localdate(now), now=now)


@shared_task(name=attaching.CHECK)
def check_attachments() -> int:
    """Scan and read the attached files that wait and are due; the number looked at."""
    looked_at = 0
    while looked_at < MOST_FILES and clearing.clear_next(now=timezone.now()):
        looked_at += 1
    return looked_at


@shared_task(name="agreements.tend_search")
def tend_search() -> int:
    """Let the search know of what it knows nothing of; the number of rows written."""
    return indexing.index_missing()


@shared_task(name="agreements.tend_attachments")
def tend_attachments() -> int:
    """Read with a new edition of the check what an older one read, and clear away what nobody uses; the number."""
    return clearing.read_again() + clearing.clear_away(now=timezone.now())


@shared_task(name=printing.RENDER)
def render_pdfs() -> int:
    """Make copies that are ordered and due, each tried once; the number tried.

    The renderer keeps some memory of every document. Runs are short, so that the worker can be renewed between them.
    """
    tried: set[int] = set()
    while len(tried) < MOST_COPIES and (copy := printing.make_next(now=timezone.now(), leave=tried)):
        tried.add(copy.pk)
    return len(tried)


@shared_task(name=auditing.CHECK_ARCHIVE)
def check_archive() -> int:
    """Look through what is stored, some minutes at a time; the number of files looked at."""
    check, until, checked = auditing.open_check(now=timezone.now()), time.monotonic() + MOST_SECONDS, 0
    while batch := auditing.check_some(check=check, now=timezone.now()):
        checked += batch.checked
        if time.monotonic() > until:
            nudge(auditing.CHECK_ARCHIVE)
            break
    return checked


@shared_task(name=archive_orders.PACK)
def pack_archives() -> int:
    """Pack some agreements of archives that are asked for, each tried once; the number tried."""
    tried: set[int] = set()
    while len(tried) < MOST_ROWS and (row := archive_orders.pack_next(now=timezone.now(), leave=tried)):
        tried.add(row.pk)
    archive_orders.finish_orders(now=timezone.now())
    if len(tried) == MOST_ROWS:
        nudge(archive_orders.PACK)
    return len(tried)


@shared_task(name="agreements.purge_archives")
def purge_archives() -> int:
    """Remove the files of archives whose days are over; the number purged."""
    return archive_orders.purge_archives(now=timezone.now())


@shared_task(name="agreements.order_public_copies")
def order_public_copies() -> int:
    """Order the public copies that are missing; the number ordered."""
    return publishing.order_public_copies(now=timezone.now())


@shared_task(name="agreements.renew_seals")
def renew_seals() -> int:
    """Stamp anew the archived files whose protection soon ends; the number stamped. One that fails is told and left."""
    tried: set[int] = set()
    renewed = 0
    while len(tried) < MOST_COPIES:
        due = sealing.next_to_renew(now=timezone.now(), leave=tried)
        if due is None:
            break
        tried.add(due.pk)
        try:
            renewed += sealing.renew(seal=due, now=timezone.now()) is not None
        except (SealFailed, OSError):
            logger.exception("the sealed file %s was not stamped anew", due.file)
    return renewed


@shared_task(name="agreements.watch_seal")
def watch_seal() -> int:
    """Tell that the seal's certificate ends, 90 days before and again; the number of new warnings."""
    warned = seal_watch.watch(now=timezone.now())
    nudge(SEND)
    return int(warned is not None)
