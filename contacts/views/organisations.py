"""Organisations and their registers of contact points."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from contacts.access import Permission, reach_of
from contacts.forms import OrganisationFilter
from contacts.kept import near
from contacts.register import read_register
from contacts.views.doors import open_organisation, readable, trail_to
from municipalities.models import Organisation, OrganisationQuerySet

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One line of the list, ready to print."""

    address: str
    name: str
    kind: str
    county: str
    contact_points: int


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Every organisation the user reads, filtered by the address; htmx gets only the list."""
    form = OrganisationFilter(request.GET)
    chosen = form.chosen
    page = Paginator(_matching(readable(reach_of(request.user)), chosen), PAGE_SIZE).get_page(request.GET.get("sida"))
    context: dict[str, Any] = {
        "form": form,
        "chosen": chosen,
        "page": page,
        "rows": _rows(page),
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1),
        "query": urlencode(chosen),
    }
    template = "contacts/_list.html" if wants_fragment(request) else "contacts/organisation_list.html"
    answer = render(request, template, context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _matching(organisations: OrganisationQuerySet, chosen: dict[str, str]) -> QuerySet[Organisation, Any]:
    exact = {"slag": "kind", "lan": "municipality__county"}
    rows = organisations.matching(chosen.get("q", "")).filter(**{exact[k]: v for k, v in chosen.items() if k in exact})
    active = Count("contact_points", filter=Q(contact_points__ended_on__isnull=True))
    counted: QuerySet[Any, Any] = rows.in_swedish_order().annotate(active=active)
    return counted.values_list("pk", "name", "kind", "municipality__county__name", "active")


def _rows(page: Iterable[tuple[int, str, str, str | None, int]]) -> list[Row]:
    return [
        Row(reverse("organisation", args=[pk]), name, str(Organisation.Kind(kind).label), county or "", count)
        for pk, name, kind, county, count in page
    ]


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; a page it restores from history is asked for whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


@require_safe
def my_organisation(request: HttpRequest) -> HttpResponse:
    """The user's own organisation when there is one, else the list."""
    own = reach_of(request.user).organisations(Permission.READ_AGREEMENTS)
    if len(own) == 1:
        return redirect("organisation", next(iter(own)))
    return redirect("organisation_list")


@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    found = open_organisation(request, pk)
    reach = reach_of(request.user)
    subscribes = found.side != Organisation.Side.NONE and reach.may(Permission.READ_AGREEMENTS, [pk])
    edits = reach.may(Permission.EDIT_CONTACTS, [pk])
    sees = Sees(reach.sees_names([pk]), edits, subscribes, timezone.localdate())
    main = near.keep(("organisation", pk, sees), reach.mark, lambda: draw_organisation(found, sees))
    context = {"organisation": found, "trail": trail_to(found)[:-1], "main": main}
    return render(request, "contacts/organisation.html", context)


class Sees(NamedTuple):
    """What tells one reader's page of an organisation from another's."""

    names: bool
    may_edit: bool
    subscribes: bool
    today: datetime.date


def draw_organisation(found: Organisation, sees: Sees) -> SafeString:
    context = {
        "organisation": found,
        "municipality": getattr(found, "municipality", None),
        "register": read_register(found, names=sees.names, today=sees.today),
        "names": sees.names,
        "may_edit": sees.may_edit,
        "subscribes": sees.subscribes,
    }
    return render_to_string("contacts/_organisation.html", context)
