"""Mitt arbete: what waits for the one who has logged in."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agreements.models import ArchiveCheck, SealWarning, TemplateVersion, Version
from agreements.states import State
from agreements.worklist import Desk, without_agreement
from contacts.access import Permission, Reach, reach_of
from contacts.kept import near

NEWEST = 10


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    reach, staff, today = reach_of(request.user), request.user.is_staff, timezone.localdate()
    key = ("desk", reach.whole, staff, today)
    desk = near.keep(key, reach.mark, lambda: draw_desk(reach, today, staff=staff))
    return render(request, "agreements/my_work.html", {"desk": desk})


def draw_desk(reach: Reach, today: datetime.date, *, staff: bool) -> SafeString:
    """Everything below the frame; the same for everybody with the same reach."""
    nation = reach.nationally(Permission.READ_NATION)
    editing = reach.organisations(Permission.EDIT_AGREEMENTS)
    signing = reach.organisations(Permission.SIGN_AGREEMENTS)
    reading = reach.organisations(Permission.READ_AGREEMENTS)
    context: dict[str, Any] = {
        "piles": Desk(reach, today).piles() if editing or signing else [],
        "uncovered": without_agreement(editing, today) if editing else [],
        "may_start": bool(editing),
        "nation": nation,
        "only_reads": bool(reading) and not (editing or signing or nation),
        "administers": reach.nationally(Permission.ADMINISTER),
        "staff": staff,
        "newest": _newest(reach) if nation or (reading and not editing and not signing) else [],
        "seal_warning": _seal_warning() if nation or reach.nationally(Permission.ADMINISTER) else None,
        "archive_check": _archive_check() if reach.nationally(Permission.ADMINISTER) else None,
        "template": TemplateVersion.objects.open_for_new_agreements(today).first(),
    }
    return render_to_string("agreements/_desk.html", context)


def _seal_warning() -> SealWarning | None:
    """The last word on the certificate that seals, until it has been replaced."""
    return SealWarning.objects.filter(closed_at__isnull=True).order_by("until", "threshold").first()


def _archive_check() -> ArchiveCheck | None:
    """The last look through what is stored, if something was wrong."""
    last = ArchiveCheck.objects.last_finished()
    return last if last and last.faults else None


def _newest(reach: Reach) -> QuerySet[Version]:
    """What has come into force last, among what one may read."""
    rows = Version.objects.visible_to(reach).filter(state=State.IN_FORCE).order_by("-signed_at", "-pk")
    return rows.only("title", "signed_at")[:NEWEST]
