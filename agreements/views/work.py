"""Mitt arbete: what waits for the one who has logged in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.models import TemplateVersion, Version
from agreements.states import State
from agreements.worklist import Desk, without_agreement
from contacts.access import Permission, Reach, reach_of

NEWEST = 10


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    reach = reach_of(request.user)
    nation = reach.nationally(Permission.READ_NATION)
    editing = reach.organisations(Permission.EDIT_AGREEMENTS)
    signing = reach.organisations(Permission.SIGN_AGREEMENTS)
    reading = reach.organisations(Permission.READ_AGREEMENTS)
    context: dict[str, Any] = {
        "piles": Desk(reach, timezone.localdate()).piles() if editing or signing else [],
        "uncovered": without_agreement(editing) if editing else [],
        "may_start": bool(editing),
        "nation": nation,
        "only_reads": bool(reading) and not (editing or signing or nation),
        "administers": reach.nationally(Permission.ADMINISTER),
        "newest": _newest(reach) if nation or (reading and not editing and not signing) else [],
        "template": TemplateVersion.objects.open_for_new_agreements(timezone.localdate()).first(),
    }
    return render(request, "agreements/my_work.html", context)


def _newest(reach: Reach) -> QuerySet[Version]:
    """What has come into force last, among what one may read."""
    rows = Version.objects.visible_to(reach).filter(state=State.IN_FORCE).order_by("-signed_at", "-pk")
    return rows.only("title", "signed_at")[:NEWEST]
