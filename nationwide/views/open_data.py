"""The open data: files for every day, the page about them, the catalogue, and what search engines ask for."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from contacts.limits import is_over
from contacts.links import absolute
from nationwide.datasets import DATASETS, PUBLISHER, for_search_engines
from nationwide.open_answers import Sheet, as_data, etag_of, send, sheet, stream
from nationwide.open_data import DAY_COLUMNS, EVENT_COLUMNS, KINDS, LICENCE, csv_lines, json_lines
from nationwide.published import country, each_public, happenings, kept, newest_change
from nationwide.rules import EARLIEST
from nationwide.views.public import page

EDITION: Final = 1
"""Grows when a file is written in another way, so that nobody is told that the old one still holds."""
MOST, SECONDS = 600, 600
FORMS: Final = {
    "rdf": "application/rdf+xml; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json; charset=utf-8",
}
LATEST: Final = "senaste"


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What can be fetched, column by column."""
    today = timezone.localdate()
    return send(request, kept(("open data", today), settings.OPEN_DATA_CONTACT, lambda: draw_about(today)))


def draw_about(today: datetime.date) -> Sheet:
    address = reverse("open_data")
    home = absolute(address)
    context = {
        "home": home,
        "today": today,
        "earliest": EARLIEST,
        "contact": settings.OPEN_DATA_CONTACT,
        "publisher": PUBLISHER,
        "licence": LICENCE,
        "day_columns": DAY_COLUMNS,
        "event_columns": EVENT_COLUMNS,
        "nav": "data",
        "described": [for_search_engines(dataset, home, today) for dataset in DATASETS],
    }
    return page("nationwide/public_data.html", address, context)


@login_not_required
@require_safe
def coverage(request: HttpRequest, day: str, kind: str) -> HttpResponseBase:
    """Every municipality on a day."""
    on = day_of(day, timezone.localdate())
    if kind not in KINDS:
        raise Http404
    rows = each_public(on)
    if kind == "csv":
        lines = csv_lines(DAY_COLUMNS, rows)
    else:
        lines = json_lines(DAY_COLUMNS, rows, head={"on": on}, name="municipalities")
    return fetched(request, lines, kind, name=f"tackning-{on}.{kind}", on=on)


def day_of(text: str, today: datetime.date) -> datetime.date:
    """A day that can be shown, as it stands in an address."""
    if text == LATEST:
        return today
    try:
        day = datetime.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise Http404 from None
    if not EARLIEST <= day <= today or text != day.isoformat():
        raise Http404
    return day


@login_not_required
@require_safe
def events(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Everything that has happened, from the first agreement on."""
    if kind not in KINDS:
        raise Http404
    today = timezone.localdate()
    rows = happenings(today)
    if kind == "csv":
        lines = csv_lines(EVENT_COLUMNS, rows)
    else:
        lines = json_lines(EVENT_COLUMNS, rows, head={"until": today}, name="events")
    return fetched(request, lines, kind, name=f"handelser.{kind}", on=today)


def fetched(request: HttpRequest, lines: Any, kind: str, *, name: str, on: datetime.date) -> HttpResponseBase:
    """The file; 304 to who has it, and a while's wait for who fetches without end."""
    mark = newest_change()
    etag = etag_of(EDITION, name, on, mark) if mark else None
    answer = stream(request, lines, KINDS[kind], etag=etag, name=name)
    if answer.streaming and is_over("open-data", request, most=MOST, seconds=SECONDS):
        answer.close()
        return too_many()
    return answer


def too_many() -> HttpResponse:
    text = "Du har hämtat många filer på kort tid. Vänta tio minuter. Hela historien finns i handelser.csv.\n"
    answer = HttpResponse(text, status=429, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = str(SECONDS)
    return answer


# ----------------------------------------------------------------------------------------------- the catalogue


@login_not_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """In the form that is asked for by Accept; RDF/XML to who asks for nothing that there is."""
    types = {media_type.partition(";")[0]: form for form, media_type in FORMS.items()}
    accepted = request.get_preferred_type(list(types)) or next(iter(types))
    answer = catalogue_answer(request, types[accepted])
    patch_vary_headers(answer, ["Accept"])
    return answer


@login_not_required
@require_safe
def catalogue_file(request: HttpRequest, form: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    return catalogue_answer(request, form)


def catalogue_answer(request: HttpRequest, form: str) -> HttpResponse:
    today = timezone.localdate()
    written = kept(("catalogue", form, today), settings.OPEN_DATA_CONTACT, lambda: write_catalogue(form, today))
    answer = send(request, written, FORMS[form])
    as_data(answer)
    return answer


def write_catalogue(form: str, today: datetime.date) -> Sheet:
    home = absolute(reverse("open_data"))
    # rdflib takes a quarter of a second and twenty megabytes, and is needed where somebody asks for the catalogue only
    write = import_module("nationwide.catalogue").write
    return sheet(write(form, home=home, contact=settings.OPEN_DATA_CONTACT, today=today))


# ------------------------------------------------------------------------------------------- for search engines


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every open page."""
    mark, today = newest_change(), timezone.localdate()

    def draw() -> Sheet:
        pages = [reverse(name) for name in ("public_coverage", "open_data", "verify", "accessibility")]
        pages += [reverse("public_municipality", args=[row.place]) for row in country(mark, today).rows]
        return sheet(render_to_string("nationwide/sitemap.xml", {"addresses": map(absolute, pages)}))

    return send(request, kept(("sitemap", today), mark, draw), "application/xml; charset=utf-8")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Open pages may be found. Of the demo nothing may: its agreements are invented."""
    open_places = [reverse(name) for name in ("public_coverage", "open_data", "verify", "accessibility")]
    allowed = [] if settings.DEMO else [*open_places, settings.STATIC_URL]
    context = {"allowed": allowed, "sitemap": absolute(reverse("sitemap"))}
    return send(request, sheet(render_to_string("nationwide/robots.txt", context)), "text/plain; charset=utf-8")
