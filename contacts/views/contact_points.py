"""One contact point: read it, add one, change it, end it."""

from __future__ import annotations

import json
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.access import Permission, reach_of
from contacts.actions import add_contact_point, change_contact_point, confirm_contact_point, end_contact_point
from contacts.errors import Refused, Stale
from contacts.forms import ContactPointForm
from contacts.judging import contact_facts, explain, show
from contacts.models import ContactPoint, Event, User
from contacts.personbound import Assessment, Verdict, assess
from contacts.presenters import BothVersions, both_versions, present
from contacts.register import current_holders
from contacts.rules import without_names
from contacts.views.doors import open_contact_point, open_organisation, trail_to
from contacts.views.organisations import wants_fragment
from municipalities.models import Organisation

DIALOG = "ny-kontaktyta"
CHECK = "bedom"
"""The button that asks how what is typed would be judged, and saves nothing."""
HISTORY_LENGTH = 50


@require_safe
def contact_point(request: HttpRequest, pk: int) -> HttpResponse:
    point = open_contact_point(request, pk)
    reach = reach_of(request.user)
    names = reach.sees_names([point.organisation_id])
    holders = current_holders([pk], timezone.localdate())[pk]
    events = Event.objects.about(f"contact_point:{pk}").newest_first()[: HISTORY_LENGTH + 1]
    history = present(events, names=names)
    context = {
        "point": show(point, holders, names=names),
        "organisation": point.organisation,
        "trail": trail_to(point.organisation),
        "deputy_for": _deputy_for(point, names=names),
        "names": names,
        "may_edit": point.ended_on is None and reach.may(Permission.EDIT_CONTACTS, [point.organisation_id]),
        "question": point.confirmations.open().first(),
        "history": history[:HISTORY_LENGTH],
        "more_history": len(history) > HISTORY_LENGTH,
    }
    return render(request, "contacts/contact_point.html", context)


def _deputy_for(point: ContactPoint, *, names: bool) -> list[tuple[int, str]]:
    rows = point.deputy_for.active().select_related("function").by_level()
    return [(row.pk, row.name if names else without_names(row.name)) for row in rows]


@require_http_methods(["GET", "HEAD", "POST"])
def contact_point_add(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = open_organisation(request, pk, Permission.EDIT_CONTACTS)
    form = ContactPointForm(typed(request), organisation=organisation)
    if CHECK in request.POST or not form.is_valid():
        return _form_page(request, form, organisation)
    try:
        point = add_contact_point(by=cast(User, request.user), organisation=organisation, facts=form.facts)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, organisation)
    if in_dialog(request):
        made = {"organisation": pk, "level": point.level, "point": point.pk}
        return HttpResponse(headers={"HX-Trigger": json.dumps({"contact-point-made": made}), "HX-Reswap": "none"})
    _tell(request, point, f"{point.name} är tillagd.")
    back = way_back(request)
    return redirect(f"{back}?kontakt={point.pk}" if back else reverse("organisation", args=[pk]))


def way_back(request: HttpRequest) -> str:
    """The page of ours that the form was opened from, when it says so."""
    asked = request.POST.get("till") or request.GET.get("till") or ""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours and asked.startswith("/") and "?" not in asked else ""


def in_dialog(request: HttpRequest) -> bool:
    """Whether the form stands in a dialog of another page, which gets it alone."""
    return request.headers.get("HX-Target") == DIALOG


@require_http_methods(["GET", "HEAD", "POST"])
def contact_point_change(request: HttpRequest, pk: int) -> HttpResponse:
    point = open_contact_point(request, pk, Permission.EDIT_CONTACTS)
    if has_ended(request, point):
        return redirect("contact_point", pk)
    form = ContactPointForm(typed(request), organisation=point.organisation, point=point)
    if CHECK in request.POST or not form.is_valid():
        return _form_page(request, form, point.organisation, point)
    revision = form.cleaned_data["revision"]
    try:
        point = change_contact_point(
            by=cast(User, request.user), contact_point_id=pk, facts=form.facts, revision=revision
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, point.organisation, point)
    except Stale as stale:
        form.follow(stale.current.revision)
        return _form_page(
            request, form, point.organisation, point, stale=both_versions(stale.current, form.facts, form.function_name)
        )
    _tell(request, point, f"{point.name} är sparad.")
    return redirect("contact_point", pk)


@require_POST
def contact_point_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the facts on the page are right."""
    point = open_contact_point(request, pk, Permission.EDIT_CONTACTS)
    read = request.POST.get("revision", "")
    revision = int(read) if read.isdecimal() and len(read) < 10 else -1
    try:
        confirm_contact_point(by=cast(User, request.user), contact_point_id=pk, revision=revision, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    except Stale:
        messages.warning(request, "Uppgifterna har ändrats sedan du öppnade sidan. Läs dem igen och bekräfta sedan.")
    else:
        messages.success(request, f"{point.name} är bekräftad.")
    return redirect("contact_point", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_point_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; the post ends it."""
    point = open_contact_point(request, pk, Permission.EDIT_CONTACTS)
    if has_ended(request, point):
        return redirect("contact_point", pk)
    if request.method == "POST":
        try:
            end_contact_point(by=cast(User, request.user), contact_point_id=pk, today=timezone.localdate())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{point.name} är avslutad. Den finns kvar under Upphörda.")
        return redirect("organisation", point.organisation_id)
    alone = point.deputy_for.active().select_related("function")
    context = {"point": point, "trail": trail_to(point.organisation, point), "left_alone": alone}
    return render(request, "contacts/contact_point_end.html", context)


def _form_page(
    request: HttpRequest,
    form: ContactPointForm,
    organisation: Organisation,
    point: ContactPoint | None = None,
    *,
    stale: BothVersions | None = None,
) -> HttpResponse:
    """The form, with how its content would be judged beside it; htmx asking for that gets only the judgement."""
    asked = CHECK in request.POST
    context: dict[str, Any] = {"form": form, "organisation": organisation, "point": point, "stale": stale}
    judged = _judged(form, organisation, point)
    context |= {"judged": judged, "reasons": explain(judged) if judged else [], "trail": trail_to(organisation, point)}
    if asked and wants_fragment(request):
        return render(request, "contacts/_judgement.html", context)
    status = 409 if stale else 422 if form.errors and not asked else 200
    context |= {"back": way_back(request), "in_dialog": in_dialog(request)}
    template = "_contact_point_form.html" if in_dialog(request) else "contact_point_form.html"
    return render(request, f"contacts/{template}", context, status=status)


def _judged(form: ContactPointForm, organisation: Organisation, point: ContactPoint | None) -> Assessment | None:
    """How the check would judge what is typed, or what is saved when nothing is typed yet."""
    draft = point
    if form.is_bound:
        form.is_valid()
        draft = form.draft(organisation)
    if draft is None:
        return None
    holders = current_holders([point.pk], timezone.localdate())[point.pk] if point else []
    return assess(contact_facts(draft, holders))


def _tell(request: HttpRequest, point: ContactPoint, text: str) -> None:
    """Say that it is saved, and at once what the check will say about it."""
    messages.success(request, text)
    point.organisation = Organisation.objects.get(pk=point.organisation_id)
    judged = assess(contact_facts(point, current_holders([point.pk], timezone.localdate())[point.pk]))
    foreign = [reason.sentence for reason in judged.reasons if reason.code == "foreign_domain"]
    if judged.verdict != Verdict.FUNCTION_BOUND and judged.mend:
        foreign.insert(0, f"Överenskommelser som vilar på kontaktytan flaggas. {judged.mend.sentence}")
    if foreign:
        messages.warning(request, " ".join(foreign))


def typed(request: HttpRequest) -> QueryDict | None:
    """What is posted, also when that is nothing at all."""
    return request.POST if request.method == "POST" else None


def has_ended(request: HttpRequest, point: ContactPoint) -> bool:
    """Tell those who open a form for a contact point that is over; what is posted is answered in the form itself."""
    if point.ended_on is None or request.method == "POST":
        return False
    messages.info(request, f"{point.name} har upphört och kan inte ändras.")
    return True
