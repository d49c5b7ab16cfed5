"""Starting an agreement: who are the parties?"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agreements.actions import writing
from agreements.dates import spelled
from agreements.forms.moves import StartForm
from agreements.models import Party, Version
from agreements.states import WORKING
from agreements.views.doors import posted
from contacts.access import Permission, Reach, reach_of
from contacts.errors import NotAllowed, Refused
from municipalities.models import Municipality, Organisation

Side = Organisation.Side
NOT_YOURS = "Du startar bara överenskommelser där din egen organisation är part. Välj den också."


BOUND = (
    "{name} är bunden av sin nuvarande överenskommelse till och med {last}. Den här kan börja gälla först därefter. "
    "Ska den nuvarande ändras eller förnyas, kassera utkastet och börja på en ny version av den i stället."
)


@dataclass
class CountyChoices:
    """The municipalities of a county that can be ticked; own ones stand first and apart."""

    name: str
    rows: list[dict[str, Any]] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_start(request: HttpRequest) -> HttpResponse:
    reach = reach_of(request.user)
    own = reach.organisations(Permission.EDIT_AGREEMENTS)
    if not own:
        raise PermissionDenied
    choosable, parts = _choosable(own, timezone.localdate())
    form = StartForm(
        posted(request),
        municipalities=Organisation.objects.filter(pk__in=choosable.values("pk")),
        parts=parts,
        initial=_initial(request, own, choosable, parts),
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = _start(request, form)
        except NotAllowed:
            form.add_error("municipalities", NOT_YOURS)
        except Refused as refusal:
            form.add_error("municipalities", str(refusal))
        else:
            messages.success(request, "Överenskommelsen är startad. Fyll i avsnitten i den ordning som passar er.")
            for name, last in writing.bound_until(form.cleaned_data["municipalities"], timezone.localdate()):
                messages.info(request, BOUND.format(name=name, last=spelled(last)))
            return redirect("agreement", version.pk)
    context = {"form": form, **_choices(reach, own, choosable, form)}
    return render(request, "agreements/start.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest, form: StartForm) -> Version:
    facts = form.cleaned_data
    return writing.start_agreement(
        by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
        municipalities=facts["municipalities"],
        af=facts["af"],
        today=timezone.localdate(),
    )


def _choosable(own: frozenset[int], today: datetime.date) -> tuple[QuerySet[Municipality], QuerySet[Organisation]]:
    """The municipalities of the AF regions one has to do with, and those regions with their units."""
    regions = set(Municipality.objects.filter(pk__in=own).values_list("county__af_region", flat=True))
    af = Organisation.objects.filter(pk__in=own, side=Side.AF).values_list("pk", "kind", "parent")
    for pk, kind, parent in af:
        regions.add(parent if kind == Organisation.Kind.AF_UNIT and parent else pk)
    municipalities = (
        Municipality.objects.existing(today)
        .filter(county__af_region__in=regions)
        .select_related("organisation", "county")
        .order_by("county__name", "organisation__sort_key")
    )
    parts = Organisation.objects.filter(side=Side.AF, pk__in=regions) | Organisation.objects.filter(
        side=Side.AF, parent__in=regions
    )
    return municipalities, parts.exclude(kind=Organisation.Kind.AF).order_by("kind", "sort_key")


def _initial(
    request: HttpRequest,
    own: frozenset[int],
    choosable: QuerySet[Municipality],
    parts: QuerySet[Organisation],
) -> dict[str, Any]:
    """One's own municipality and its region, or the municipality the link came from."""
    asked = request.GET.get("kommun", "")
    mine = [row for row in choosable if row.pk in own]
    chosen = [row for row in choosable if str(row.pk) == asked] or mine[:1]
    own_parts = [part.pk for part in parts if part.pk in own]
    region = chosen[0].county.af_region_id if chosen else None
    return {"municipalities": [row.pk for row in chosen], "af": own_parts[0] if len(own_parts) == 1 else region}


def _choices(reach: Reach, own: frozenset[int], choosable: QuerySet[Municipality], form: StartForm) -> dict[str, Any]:
    """The boxes: one's own municipalities first, then the rest by county; those busy with a draft say so."""
    ticked = {str(value) for value in form["municipalities"].value() or []}
    working = Party.objects.filter(version__state__in=WORKING, side=Side.MUNICIPALITY)
    busy = dict(working.filter(organisation__in=choosable.values("pk")).values_list("organisation", "version"))
    seen = set(Version.objects.visible_to(reach).filter(pk__in=busy.values()).values_list("pk", flat=True))
    mine: list[dict[str, Any]] = []
    counties: dict[str, CountyChoices] = {}
    for row in choosable:
        version = busy.get(row.pk)
        box = {
            "organisation": row.organisation,
            "ticked": str(row.pk) in ticked,
            "busy": row.pk in busy,
            "version": version if version in seen else None,
        }
        if row.pk in own:
            mine.append(box)
        else:
            counties.setdefault(row.county_id, CountyChoices(row.county.name)).rows.append(box)
    extra = any(box["ticked"] for county in counties.values() for box in county.rows)
    return {"mine": mine, "counties": list(counties.values()), "extra_open": extra or not mine}
