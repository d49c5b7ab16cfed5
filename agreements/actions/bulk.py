"""One thing done with many agreements: each row is checked and done by itself, in a transaction of its own.

A row is written together with what was done, so that a killed worker's row is free again at once and nothing is done
twice. What each verb demands of the user and of the agreement, the verb itself asks.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from agreements.actions import negotiating, renewing
from agreements.listing import names_of
from agreements.models import BulkRow, BulkRun, Party, Version
from agreements.states import WrongMove
from contacts.access import reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import nudge, record
from contacts.models import User
from municipalities.models import Organisation

logger = logging.getLogger(__name__)

BULK_NEXT: Final = "agreements.bulk_next"
"""The task that does some rows of a run and asks for the next."""
AT_ONCE: Final = 10
"""A run of so few rows is done while the user waits."""
MOST: Final = 1000
"""Agreements that can be chosen for one run."""
KEPT: Final = datetime.timedelta(days=365)
"""How long a report is kept."""

Outcome = BulkRow.Outcome


@dataclass(frozen=True)
class Done:
    """What came of a row that was done."""

    message: str
    result: Version | None = None


def _renew(by: User, version_id: int, facts: Mapping[str, Any], today: datetime.date) -> Done:
    renewal = renewing.renew(by=by, version_id=version_id, today=today)
    new = renewal.version
    period = f"Version {new.number} för {new.period_start} – {new.period_end}"
    if not renewal.left:
        return Done(f"{period} är föreslagen.", new)
    things = "1 sak" if len(renewal.left) == 1 else f"{len(renewal.left)} saker"
    return Done(f"{period} är ett utkast: {things} återstår innan den kan föreslås.", new)


def _propose(by: User, version_id: int, facts: Mapping[str, Any], today: datetime.date) -> Done:
    return Done("Föreslagen för den andra parten.", negotiating.propose(by=by, version_id=version_id))


def _discard(by: User, version_id: int, facts: Mapping[str, Any], today: datetime.date) -> Done:
    reason = str(facts.get("reason", ""))
    return Done("Utkastet ligger i papperskorgen.", negotiating.discard(by=by, version_id=version_id, reason=reason))


VERBS: Final[dict[str, Callable[[User, int, Mapping[str, Any], datetime.date], Done]]] = {
    BulkRun.Verb.RENEW: _renew,
    BulkRun.Verb.PROPOSE: _propose,
    BulkRun.Verb.DISCARD: _discard,
}


@dataclass(frozen=True)
class Asked:
    """What is to be done with which agreements. token: the form's own number, so that it counts once."""

    verb: str
    versions: Sequence[int]
    facts: Mapping[str, Any]
    token: uuid.UUID


@transaction.atomic
def start_bulk(*, by: User, asked: Asked, now: datetime.datetime) -> BulkRun:
    """Lay out a run, and wake the workers after commit. The same form sent twice gives the same run.

    What the user does not see is left out. Raises NotAllowed for somebody else's form, and Refused when nothing is
    left, or too much.
    """
    User.objects.select_for_update().get(pk=by.pk)  # so that the same form, sent twice at once, is seen twice
    known = BulkRun.objects.filter(token=asked.token).first()
    if known is not None:
        if known.user_id != by.pk:
            raise NotAllowed
        return known
    versions = _seen(by, asked.versions)
    if not versions:
        raise Refused("Välj minst en överenskommelse.")
    if len(versions) > MOST:
        raise Refused(f"Högst {MOST} överenskommelser åt gången. Avgränsa med filtren.")
    BulkRun.objects.filter(user=by, started_at__lt=now - KEPT).delete()
    facts = dict(asked.facts)
    run = BulkRun.objects.create(
        verb=asked.verb, facts=facts, token=asked.token, user=by, started_at=now, total=len(versions)
    )
    labels = labels_of(versions)
    BulkRow.objects.bulk_create(
        BulkRow(run=run, place=place, version=version, label=labels[version.pk])
        for place, version in enumerate(versions)
    )
    record("bulk.started", by=by, subject=f"bulk_run:{run.pk}", after={"verb": run.verb, "total": run.total} | facts)
    transaction.on_commit(lambda: nudge(BULK_NEXT, run.pk))
    return run


def seen(by: User, ids: Sequence[int]) -> list[int]:
    """Those of the ids that the user sees, once each, in the order given."""
    found = set(Version.objects.visible_to(reach_of(by)).filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in dict.fromkeys(ids) if pk in found]


def labels_seen(by: User, ids: Sequence[int]) -> list[str]:
    """How those that the user sees are called."""
    return list(labels_of(_seen(by, ids)).values())


def _seen(by: User, ids: Sequence[int]) -> list[Version]:
    """Those that the user sees, once each, in the order given."""
    found = Version.objects.visible_to(reach_of(by)).select_related("agreement").defer("frozen").in_bulk(list(ids))
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def labels_of(versions: Sequence[Version]) -> dict[int, str]:
    """How the report calls each: its municipalities, version and reference. One query."""
    names: dict[int, list[str]] = {version.pk: [] for version in versions}
    ours = Party.objects.filter(version__in=names, side=Organisation.Side.MUNICIPALITY).order_by("position", "pk")
    for version, name in ours.values_list("version_id", "name"):
        names[version].append(name)
    return {v.pk: f"{names_of(names[v.pk])}, version {v.number} ({v.agreement.reference})"[-250:] for v in versions}


@transaction.atomic
def do_next(*, run_id: int, now: datetime.datetime) -> bool:
    """Do one row of a run that nobody else is at; whether there was one."""
    waiting = BulkRow.objects.select_for_update(skip_locked=True, of=("self",)).filter(run=run_id, handled_at=None)
    row = waiting.select_related("run").order_by("place").first()
    if row is None:
        return False
    row.outcome, row.message, row.result = _do(row, now)
    row.handled_at = now
    row.save(update_fields=["outcome", "message", "result", "handled_at"])
    return True


def _do(row: BulkRow, now: datetime.datetime) -> tuple[str, str, Version | None]:
    """The user is read anew for each row, so that a role which has been taken away counts at once."""
    by = User.objects.get(pk=row.run.user_id)
    try:
        with transaction.atomic():
            done = VERBS[row.run.verb](by, row.version_id, row.run.facts, timezone.localdate(now))
    except NotAllowed:
        return Outcome.NOT_ALLOWED, "Du har inte behörighet att göra det här för någon av parterna.", None
    except (Refused, WrongMove) as refused:
        return Outcome.REFUSED, str(refused)[:1000], None
    except Exception:
        logger.exception("row %s of bulk run %s failed", row.place, row.run_id)
        return Outcome.FAILED, "Något gick fel i portalen. Försök igen från överenskommelsens sida.", None
    return Outcome.DONE, done.message, done.result


@transaction.atomic
def finish_bulk(*, run_id: int, now: datetime.datetime) -> bool:
    """Close a run whose rows are all handled; whether it was closed now. A second call changes nothing."""
    waiting = BulkRow.objects.filter(run=OuterRef("pk"), handled_at=None)
    closed = BulkRun.objects.unfinished().filter(pk=run_id).exclude(Exists(waiting)).update(finished_at=now)
    if closed:
        done = BulkRow.objects.filter(run=run_id, outcome=Outcome.DONE).count()
        record("bulk.finished", by=None, subject=f"bulk_run:{run_id}", after={"done": done})
    return bool(closed)


def do_all(*, run_id: int, now: datetime.datetime, most: int | None = None) -> bool:
    """Do the rows of a run, or so many of them; whether it is finished."""
    handled = 0
    while most is None or handled < most:
        if not do_next(run_id=run_id, now=now):
            finish_bulk(run_id=run_id, now=now)
            return True
        handled += 1
    return False


def resume_bulk() -> int:
    """Wake the workers for every run that is not done: nudges may have been lost with the broker. The number woken."""
    unfinished = list(BulkRun.objects.unfinished().values_list("pk", flat=True))
    for run_id in unfinished:
        nudge(BULK_NEXT, run_id)
    return len(unfinished)
