"""The bin: a discarded draft is taken back, or purged when its days are over."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from agreements.actions.amending import refuse_unamendable
from agreements.actions.locking import acts_for, demand_move, lock
from agreements.actions.negotiating import MOVED
from agreements.actions.writing import refuse_second_draft
from agreements.binned import last_day_in_bin
from agreements.gather import Whole
from agreements.models import Version
from agreements.states import BIN_DAYS, Move, State
from agreements.states import after as state_after
from contacts.errors import Refused
from contacts.history import record
from contacts.models import User
from municipalities.models import Organisation

PURGED = ("threads", "reviews", "attachments", "copies", "flags", "contacts", "sections")
"""What goes with a purge. A file that nothing is attached to any more is cleared away by its own job."""
PARTY_TEXTS = ("unit", "case_number", "signing_function")


@transaction.atomic
def restore(*, by: User, version_id: int) -> Version:
    """Take a discarded draft out of the bin: it is a draft again, as it was.

    Raises NotAllowed; Refused when its days in the bin are over, or when another draft or version stands in its place.
    """
    whole = Whole(lock(version_id))
    demand_move(by, Move.RESTORE, whole)
    version = whole.version
    _refuse_unrestorable(whole)
    before = version.state
    version.state = state_after(version.state, Move.RESTORE)
    version.state_since, version.discarded_at = timezone.now(), None
    version.save(update_fields=MOVED)
    record(
        "agreement.restore",
        by=by,
        subject=version.subject,
        before={"state": before},
        after={"state": version.state, "version": version.number, "for": acts_for(by, whole)},
        pending=True,
    )
    return version


def _refuse_unrestorable(whole: Whole) -> None:
    version = whole.version
    if version.purged_at is not None or is_over(version, timezone.localdate()):
        raise Refused(f"Utkastet har legat i papperskorgen i {BIN_DAYS} dagar och kan inte längre tas tillbaka.")
    kommuner = [party.organisation_id for party in whole.parties if party.side == Organisation.Side.MUNICIPALITY]
    refuse_second_draft(list(Organisation.objects.filter(pk__in=kommuner)))
    before = Version.objects.filter(agreement=version.agreement_id).exclude(state=State.DISCARDED).order_by("-number")
    latest = before.first()
    if latest is not None and latest.number > version.number:
        raise Refused(f"Version {latest.number} har kommit efter det här utkastet. Börja på en ny version av den.")
    if latest is not None:
        refuse_unamendable(latest)


def is_over(version: Version, today: datetime.date) -> bool:
    return version.discarded_at is not None and last_day_in_bin(timezone.localdate(version.discarded_at)) < today


@transaction.atomic
def purge(*, version_id: int, now: datetime.datetime) -> bool:
    """Remove what was written in a discarded draft; whether it was done now. History and the parties' names stay."""
    version = lock(version_id)
    if version.purged_at is not None or version.state != State.DISCARDED:
        return False
    state_after(version.state, Move.PURGE)
    for name in PURGED:
        getattr(version, name).all().delete()
    version.parties.update(**dict.fromkeys(PARTY_TEXTS, ""))
    version.purged_at = now
    version.save(update_fields=["purged_at"])
    record(
        "agreement.purge",
        by=None,
        subject=version.subject,
        before={"state": version.state},
        after={"state": version.state, "version": version.number},
        pending=True,
    )
    return True


def purge_all(*, today: datetime.date, now: datetime.datetime) -> int:
    """Purge every draft whose days in the bin are over; the number purged. Late and repeated runs are harmless."""
    waiting = Version.objects.filter(state=State.DISCARDED, purged_at__isnull=True)
    over = waiting.filter(discarded_at__date__lt=today - datetime.timedelta(days=BIN_DAYS))
    return sum(purge(version_id=pk, now=now) for pk in over.order_by("pk").values_list("pk", flat=True))
