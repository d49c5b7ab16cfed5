"""Which measures everybody may see: SKR's own choice, read by those who read the nation."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from contacts.access import Permission, reach_of
from contacts.models import User
from nationwide import actions
from nationwide.models import Disclosure

LEVEL = Disclosure.Measure.LEVEL


@require_http_methods(["GET", "HEAD", "POST"])
def public_measures(request: HttpRequest) -> HttpResponse:
    """404 to those who do not read the nation, 403 to its readers who try to change it."""
    reach = reach_of(request.user)
    edits = reach.nationally(Permission.EDIT_RULES)
    if not reach.nationally(Permission.READ_NATION):
        raise Http404
    if request.method == "POST":
        if not edits:
            raise PermissionDenied
        choose(request)
        return redirect("public_measures")
    shown = Disclosure.objects.filter(measure=LEVEL).first()
    return render(request, "nationwide/public_measures.html", {"shown": shown, "edits": edits})


def choose(request: HttpRequest) -> None:
    user = cast(User, request.user)
    if request.POST.get("visa") == "ja":
        actions.disclose(by=user, measure=LEVEL)
        messages.success(request, "Alla kan nu se den nationella lägsta nivån.")
    elif request.POST.get("visa") == "nej":
        actions.withhold(by=user, measure=LEVEL)
        messages.success(request, "Den nationella lägsta nivån visas inte längre öppet.")
