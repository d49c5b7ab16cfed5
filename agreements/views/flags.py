"""Beside mending: letting a flag be for a time, and seeing how far the checks have come."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.actions import rechecking, waiving
from agreements.dates import spelled
from agreements.forms.flags import WaiverForm
from agreements.gather import Whole
from agreements.models import CheckRun, Flag
from agreements.views.doors import is_part, open_version, posted
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import User

RUNS_SHOWN = 15


@require_http_methods(["GET", "HEAD", "POST"])
def flag_waive(request: HttpRequest, pk: int, flag_pk: int) -> HttpResponse:
    whole, flag = _open_flag(request, pk, flag_pk)
    form = WaiverForm(posted(request), flag, timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            waiving.waive_flag(by=_user(request), flag_id=flag.pk, today=form.today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Undantaget till och med {spelled(form.cleaned_data['until'])}.")
            return redirect("agreement", pk)
    context = {"version": whole.version, "flag": flag, "form": form}
    return render(request, "agreements/flag_waive.html", context, status=422 if form.errors else 200)


@require_POST
def waiver_end(request: HttpRequest, pk: int, flag_pk: int) -> HttpResponse:
    _whole, flag = _open_flag(request, pk, flag_pk)
    waiving.end_waiver(by=_user(request), flag_id=flag.pk, today=timezone.localdate())
    messages.success(request, "Undantaget är borttaget. Flaggan räknas igen.")
    return redirect("agreement", pk)


def _open_flag(request: HttpRequest, pk: int, flag_pk: int) -> tuple[Whole, Flag]:
    """An open flag of an agreement the user writes in; 404 for any other flag, and to outsiders."""
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    return whole, get_object_or_404(Flag.objects.open(), pk=flag_pk, version=whole.version)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """The latest rechecks of everything, and how far one that goes on has come. An htmx request gets the list alone."""
    _demand_overview(request)
    runs = CheckRun.objects.with_progress()[:RUNS_SHOWN]
    going_on = any(run.finished_at is None for run in runs)
    context = {"runs": runs, "going_on": going_on, "may_start": _may_start(request)}
    page = "agreements/_checks.html" if is_part(request, "kontroller") else "agreements/checks.html"
    return render(request, page, context)


@require_POST
def check_start(request: HttpRequest) -> HttpResponse:
    _demand_overview(request)
    try:
        run = rechecking.start_run(by=_user(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except Refused as refusal:
        messages.info(request, str(refusal))
        return redirect("checks")
    messages.success(request, f"Kontrollen av {run.total} överenskommelser är påbörjad.")
    return redirect("checks")


def _demand_overview(request: HttpRequest) -> None:
    reach = reach_of(request.user)
    if not (reach.nationally(Permission.READ_NATION) or reach.nationally(Permission.ADMINISTER)):
        raise Http404


def _may_start(request: HttpRequest) -> bool:
    reach = reach_of(request.user)
    return reach.nationally(Permission.EDIT_RULES) or reach.nationally(Permission.ADMINISTER)
