"""The bin: discarded drafts of one's own parties, for as long as they can be taken back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.binned import in_bin
from agreements.states import BIN_DAYS
from contacts.access import Permission, reach_of

MOST = 200


@require_safe
def bin(request: HttpRequest) -> HttpResponse:
    """Whoever only reads sees what is there; whoever writes can take it back."""
    reach = reach_of(request.user)
    reads, edits = (reach.organisations(p) for p in (Permission.READ_AGREEMENTS, Permission.EDIT_AGREEMENTS))
    found = in_bin(reads, timezone.localdate(), MOST)
    context = {"drafts": found, "may_restore": bool(edits), "days": BIN_DAYS}
    return render(request, "agreements/bin.html", context)
