"""Checking everything: a run is laid out in batches that any worker takes, one transaction each."""

from __future__ import annotations

import datetime
from typing import Final

from django.db import transaction
from django.db.models import Sum

from agreements.actions import checking
from agreements.actions.checking import Tally, batches, recheck
from agreements.models import CheckBatch, CheckRun, Version
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import nudge, record
from contacts.models import User

CHECK_NEXT: Final = "agreements.check_next"
"""The task that does one batch of a run and asks for the next, so that what is urgent gets in between."""
AT_ONCE: Final = 4
"""Batches that are asked for at the same time; more than there are worker processes costs nothing."""
SMALLEST: Final = 25
"""Versions in a batch at the least: its queries cost as much as checking some of them."""
STALLED: Final = datetime.timedelta(hours=1)
"""A run that has gone on for so long does not stop somebody from starting another."""
KEPT: Final = datetime.timedelta(days=90)
"""How long a run is remembered."""


def demand_overseer(user: User) -> None:
    """Raise NotAllowed unless the user answers for the rules or for the system."""
    reach = reach_of(user)
    if not (reach.nationally(Permission.EDIT_RULES) or reach.nationally(Permission.ADMINISTER)):
        raise NotAllowed


@transaction.atomic
def start_run(*, by: User | None, now: datetime.datetime) -> CheckRun:
    """Lay out a recheck of every watched version, and wake the workers after commit. by=None is the timetable.

    Raises NotAllowed, and Refused to somebody who asks while a run goes on. Two runs at once are harmless all the same:
    each version is checked by one at a time.
    """
    if by is not None:
        demand_overseer(by)
        if CheckRun.objects.unfinished().filter(started_at__gt=now - STALLED).exists():
            raise Refused("En kontroll av alla pågår redan. Vänta tills den är klar.")
    CheckRun.objects.filter(started_at__lt=now - KEPT).delete()
    ids = list(Version.objects.watched().order_by("pk").values_list("pk", flat=True))
    run = CheckRun.objects.create(started_at=now, total=len(ids), finished_at=None if ids else now)
    portions = batches(ids, portion(len(ids)))
    CheckBatch.objects.bulk_create(CheckBatch(run=run, versions=list(ids), size=len(ids)) for ids in portions)
    record("check.started", by=by, subject=f"check_run:{run.pk}", after={"total": run.total})
    transaction.on_commit(lambda: wake(run.pk))
    return run


def portion(total: int) -> int:
    """How many versions make a batch: so few that several workers get their share, so many that queries stay few."""
    return min(checking.BATCH, max(SMALLEST, total // (2 * AT_ONCE) + 1))


def wake(run_id: int) -> None:
    """Ask for as many batches as may be done at the same time."""
    for _ in range(AT_ONCE):
        nudge(CHECK_NEXT, run_id)


@transaction.atomic
def check_next(*, run_id: int, now: datetime.datetime) -> Tally | None:
    """Do one batch of a run that nobody else is at; None when there is none left to take.

    The batch is done with its check or not at all: what a killed worker held is free again at once.
    """
    waiting = CheckBatch.objects.select_for_update(skip_locked=True, of=("self",)).filter(run=run_id, done_at=None)
    batch = waiting.order_by("pk").first()
    if batch is None:
        return None
    tally = recheck(version_ids=batch.versions, now=now)
    batch.done_at, batch.opened, batch.closed = now, tally.opened, tally.closed
    batch.save(update_fields=["done_at", "opened", "closed"])
    return tally


@transaction.atomic
def finish_run(*, run_id: int, now: datetime.datetime) -> bool:
    """Close a run whose batches are all done; whether it was closed now. A second call changes nothing.

    What was opened and closed is added up when all are seen to be done, so that no batch is left out.
    """
    run = CheckRun.objects.unfinished().select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None or CheckBatch.objects.filter(run=run, done_at=None).exists():
        return False
    sums = CheckBatch.objects.filter(run=run_id).aggregate(
        opened=Sum("opened", default=0), closed=Sum("closed", default=0)
    )
    run.finished_at, run.opened, run.closed = now, sums["opened"], sums["closed"]
    run.save(update_fields=["finished_at", "opened", "closed"])
    return True


def resume_runs() -> int:
    """Wake the workers for every run that is not done: nudges may have been lost with the broker. The number woken."""
    unfinished = list(CheckRun.objects.unfinished().values_list("pk", flat=True))
    for run_id in unfinished:
        wake(run_id)
    return len(unfinished)
