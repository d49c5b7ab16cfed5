"""How it goes: a goal with its measured values, and an activity of the action plan with its status."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agreements.actions import progressing
from agreements.dates import spelled
from agreements.followed import find_goal, read_followed
from agreements.forms.following import StandingForm, ValueForm
from agreements.gather import Whole
from agreements.goal_chart import draw
from agreements.goals import Activity, Goal, Value
from agreements.models import MeasuredValue
from agreements.views.doors import open_version, posted
from agreements.views.following import may_follow, shut, tried
from contacts.access import Permission, reach_of
from contacts.errors import Refused
from contacts.models import User

WRITE = Permission.EDIT_AGREEMENTS


def _open(request: HttpRequest, pk: int) -> Whole:
    """Read by those who read the agreement; written to by its coordinators."""
    return open_version(request, pk, WRITE if request.method == "POST" else None)


def _goal(request: HttpRequest, whole: Whole, row_id: str) -> Goal:
    names = reach_of(request.user).sees_names(whole.organisation_ids)
    goal = find_goal(read_followed(whole, timezone.localdate(), names=names).goals, row_id)
    if goal is None:
        raise Http404("Målet finns inte i överenskommelsen.")
    return goal


@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, pk: int, row_id: str) -> HttpResponse:
    """The goal, its curve and its values; for those who write, the form for the next one."""
    whole = _open(request, pk)
    found = _goal(request, whole, row_id)
    if request.method == "POST" and (away := shut(request, whole)):
        return away
    form = ValueForm(posted(request), found, timezone.localdate())
    if request.method == "POST" and form.is_valid() and _measure(request, whole, found, form):
        messages.success(request, f"Värdet den {spelled(form.measured().measured_on)} är antecknat.")
        return redirect("goal", pk, row_id)
    return _goal_page(request, whole, found, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_value(request: HttpRequest, pk: int, row_id: str, value_pk: int) -> HttpResponse:
    """Mending a value."""
    whole = open_version(request, pk, WRITE)
    found = _goal(request, whole, row_id)
    value = next((value for value in found.values if value.pk == value_pk), None)
    if value is None:
        raise Http404("Värdet finns inte.")
    if away := shut(request, whole):
        return away
    form = ValueForm(posted(request), found, timezone.localdate(), value)
    if request.method == "POST" and form.is_valid() and _measure(request, whole, found, form, value):
        messages.success(request, "Värdet är rättat.")
        return redirect("goal", pk, row_id)
    return _goal_page(request, whole, found, form, value)


def _measure(request: HttpRequest, whole: Whole, found: Goal, form: ValueForm, value: Value | None = None) -> bool:
    facts: dict[str, Any] = {"row_id": found.row_id, "measured": form.measured(), "today": form.today}
    facts["value_id"] = value.pk if value else None
    by = cast(User, request.user)
    return tried(form, partial(progressing.measure_goal, by=by, version_id=whole.version.pk, **facts))


def _goal_page(request: HttpRequest, whole: Whole, found: Goal, form: ValueForm, value: Value | None) -> HttpResponse:
    context: dict[str, Any] = {
        "version": whole.version,
        "goal": found,
        "chart": draw(found),
        "form": form,
        "value": value,
        "writes": may_follow(request, whole),
    }
    page = "agreements/goal_value.html" if value else "agreements/goal.html"
    return render(request, page, context, status=422 if form.errors else 200)


@require_POST
def goal_value_remove(request: HttpRequest, pk: int, row_id: str, value_pk: int) -> HttpResponse:
    whole = open_version(request, pk, WRITE)
    if away := shut(request, whole):
        return away
    by, today = cast(User, request.user), timezone.localdate()
    try:
        progressing.remove_value(by=by, version_id=pk, row_id=row_id, value_id=value_pk, today=today)
    except (MeasuredValue.DoesNotExist, progressing.NoSuchRow):
        raise Http404("Värdet finns inte.") from None
    except Refused as refusal:
        raise PermissionDenied(str(refusal)) from None
    messages.success(request, "Värdet är borttaget. Det finns kvar i historiken.")
    return redirect("goal", pk, row_id)


@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, pk: int, row_id: str) -> HttpResponse:
    """An activity with all that has been noted of it; for those who write, the form for its status."""
    whole = _open(request, pk)
    found = _activity(request, whole, row_id)
    if request.method == "POST" and (away := shut(request, whole)):
        return away
    form = StandingForm(posted(request), found, timezone.localdate())
    if request.method == "POST" and form.is_valid():
        facts: dict[str, Any] = {"row_id": row_id, "standing": form.standing(), "today": form.today}
        by = cast(User, request.user)
        if tried(form, partial(progressing.note_progress, by=by, version_id=pk, **facts)):
            messages.success(request, "Statusen är ändrad. Inga nya underskrifter behövs.")
            return redirect("activity", pk, row_id)
    context = {"version": whole.version, "activity": found, "form": form, "writes": may_follow(request, whole)}
    return render(request, "agreements/activity.html", context, status=422 if form.errors else 200)


def _activity(request: HttpRequest, whole: Whole, row_id: str) -> Activity:
    names = reach_of(request.user).sees_names(whole.organisation_ids)
    activities = read_followed(whole, timezone.localdate(), names=names).activities
    found = next((row for row in activities if row.row_id == row_id), None)
    if found is None:
        raise Http404("Aktiviteten finns inte i handlingsplanen.")
    return found
