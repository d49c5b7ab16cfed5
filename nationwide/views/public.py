"""The pages that everybody may read. They know no user and set no cookie: the same bytes are sent to all."""

from __future__ import annotations

import datetime
import re
from typing import Any, Final

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from contacts.kept import Mark
from contacts.links import absolute
from nationwide.datasets import COVERAGE, for_search_engines
from nationwide.open_answers import Sheet, send, sheet
from nationwide.public import ENDINGS, code_in, picture
from nationwide.published import Profile, country, draw, kept, newest_change, outlines, profile

SLUG: Final = re.compile(r"[-\w]+", re.ASCII)


def page(template: str, address: str, context: dict[str, Any]) -> Sheet:
    """A page without anything of a request in it. address: the one it goes by, also where it has others."""
    whole = {"canonical": absolute(address), "DEMO": settings.DEMO, **context}
    return sheet(render_to_string(template, whole))


@login_not_required
@require_safe
def coverage(request: HttpRequest) -> HttpResponseBase:
    """How the agreements cover the country, or a county. A municipality that is chosen has a page of its own."""
    county, place = request.GET.get("lan", ""), request.GET.get("kommun", "")
    if SLUG.fullmatch(place):
        return redirect("public_municipality", place)
    if request.GET.get("embed") == "1":
        return embedded(request)
    return send(request, coverage_sheet(county, "nationwide/public.html"))


@csp_replace({"frame-ancestors": ["*"]})
@xframe_options_exempt
def embedded(request: HttpRequest) -> HttpResponse:
    """The map and its table alone, which other sites may show within theirs."""
    return send(request, coverage_sheet(request.GET.get("lan", ""), "nationwide/public_embed.html"))


def coverage_sheet(county: str, template: str) -> Sheet:
    """Counted again when anything has been written, drawn again only when something that everybody sees has changed."""
    mark, today = newest_change(), timezone.localdate()

    def make() -> Sheet:
        says = country(mark, today).says
        return kept(("drawn", template, county, today), says, lambda: draw_coverage(mark, today, county, template))

    return kept(("coverage", template, county, today), mark, make)


def draw_coverage(mark: Mark | None, today: datetime.date, county: str, template: str) -> Sheet:
    whole = country(mark, today).rows
    rows = [row for row in whole if row.county == county] if county else whole
    if county and not rows:
        raise Http404
    address, home = reverse("public_coverage"), absolute(reverse("open_data"))
    context = {
        "today": today,
        "county": county,
        "part": rows[0].county_name if county else "",
        "counties": sorted({(row.county, row.county_name) for row in whole}),
        "picture": picture(rows),
        "drawing": draw(rows, outlines(mark)),
        "rows": rows,
        "shows_level": any(row.level for row in whole),
        "embed": absolute(f"{address}?embed=1{f'&lan={county}' if county else ''}"),
        "nav": "coverage",
        "nav_exact": "true" if county else "page",
        "described": for_search_engines(COVERAGE, home, today),
    }
    return page(template, f"{address}?lan={county}" if county else address, context)


@login_not_required
@require_safe
def municipality(request: HttpRequest, place: str) -> HttpResponse | HttpResponsePermanentRedirect:
    """A municipality by its code; the rest of the address follows its name, and leads here also when it has changed."""
    code, today = code_in(place), timezone.localdate()
    mark = newest_change()
    found = kept(("municipality", code, today), mark, lambda: municipality_sheet(code, today))
    if found is None:
        raise Http404
    right, drawn = found
    if place != right:
        return redirect("public_municipality", right, permanent=True)
    return send(request, drawn)


def municipality_sheet(code: str, today: datetime.date) -> tuple[str, Sheet] | None:
    """The right address of a municipality, and its page."""
    found = profile(code, today)
    return (found.place, draw_municipality(found, today)) if found else None


def draw_municipality(found: Profile, today: datetime.date) -> Sheet:
    periods = [(period, ENDINGS[period.ending] if period.ended(today) else "") for period in found.periods]
    context = {"today": today, "found": found, "row": found.row, "periods": periods, "nav": "coverage"}
    return page("nationwide/public_municipality.html", reverse("public_municipality", args=[found.place]), context)
