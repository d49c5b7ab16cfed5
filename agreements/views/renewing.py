"""Renewing an agreement: the new period as the rule proposes it, and whether the texts are to change."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agreements.actions import amending, renewing
from agreements.ending import NewPeriod
from agreements.forms.renewal import RenewalForm
from agreements.models import Version
from agreements.steps import names
from agreements.views.doors import open_version, posted
from contacts.access import Permission
from contacts.errors import Refused
from contacts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    try:
        proposed = _proposed(whole.version)
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("agreement", pk)
    form = RenewalForm(posted(request), proposed=proposed)
    if request.method == "POST" and form.is_valid() and (renewal := _renew(request, form, pk)):
        messages.success(request, _told(renewal))
        return redirect("agreement", renewal.version.pk)
    context = {
        "version": whole.version,
        "number": amending.next_number(whole.version),
        "others": names(whole.parties),
        "form": form,
    }
    return render(request, "agreements/renew.html", context, status=422 if form.errors else 200)


def _proposed(version: Version) -> NewPeriod:
    """Raises Refused when there is nothing to renew, or somebody has begun."""
    proposed = renewing.proposed_period(version, timezone.localdate())
    amending.refuse_unamendable(version)
    return proposed


def _renew(request: HttpRequest, form: RenewalForm, pk: int) -> renewing.Renewal | None:
    try:
        return renewing.renew(
            by=cast(User, request.user),
            version_id=pk,
            today=timezone.localdate(),
            period=form.period(),
            unchanged=form.unchanged,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


def _told(renewal: renewing.Renewal) -> str:
    number = renewal.version.number
    if renewal.version.state == "proposed":
        return f"Version {number} är föreslagen för den nya perioden. Nu granskar den andra parten."
    if renewal.left:
        things = "En sak" if len(renewal.left) == 1 else f"{len(renewal.left)} saker"
        return f"Version {number} är ett utkast för den nya perioden. {things} återstår innan den kan föreslås."
    return f"Version {number} är ett utkast för den nya perioden. Se över texterna och föreslå den."
