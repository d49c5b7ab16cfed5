"""The national pages, for those who read the nation; to everybody else they do not exist."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agreements.models import TemplateVersion
from contacts.access import Permission, reach_of
from nationwide.counting import Criteria, filter_rows, map_numbers, part_of_country, summarise
from nationwide.exports import HEADINGS, as_csv, as_json
from nationwide.forms import DayForm, ListForm, TwoDaysForm, choices_of, year_before
from nationwide.head import head_of
from nationwide.kept import Kept
from nationwide.map import Show, draw, read_outlines
from nationwide.rules import Row
from nationwide.tally import read_tallies

NATION = Criteria()
BODY_GOES_HERE = SafeString("<!-- body -->")
"""Stands where the body belongs. What anybody has written is escaped, so nothing else on a page can look like it."""
PAGE_SIZE = 50
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@dataclass(frozen=True)
class Asked:
    """The day a request asks for, and what is kept of it."""

    form: DayForm
    day: datetime.date
    is_today: bool
    kept: Kept
    earlier: datetime.date | None = None
    """The day it is compared with, on pages that compare."""

    @property
    def linked_day(self) -> datetime.date | None:
        """The day to carry in links; today carries itself."""
        return None if self.is_today else self.day

    @property
    def linked_earlier(self) -> datetime.date | None:
        """The earlier day to carry in links; a year before carries itself."""
        return None if self.earlier == year_before(self.day) else self.earlier

    @property
    def shown_as(self) -> str:
        """What a kept page depends on besides the day."""
        return f"{self.earlier}:{self.form.today}"


def asked(request: HttpRequest, form_class: type[DayForm] = DayForm) -> Asked:
    """Check that the user reads the nation, and find the day, or both days. 404 to outsiders."""
    reach = reach_of(request.user)
    if not reach.nationally(Permission.READ_NATION):
        raise Http404
    today = timezone.localdate()
    form = form_class(request.GET, today)
    day = form.day()
    earlier = form.earlier() if isinstance(form, TwoDaysForm) else None
    return Asked(form, day, day == today, Kept(reach.mark), earlier)


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    ask = asked(request, TwoDaysForm)
    criteria, show = part_asked(request), shown(request)
    name = f"picture:{criteria}:{show}:{ask.shown_as}"
    picture = ask.kept.page(name, ask.day, lambda: draw_picture(ask, criteria, show))
    head = picture.head if ask.form.is_valid() else draw_head(ask, ask.form, criteria, show, picture.part)
    context = {"part": picture.part, "head": head, "body": BODY_GOES_HERE}
    response = render(request, "nationwide/dashboard.html", context)
    response.content = response.content.replace(BODY_GOES_HERE.encode(), picture.body, 1)
    return response


def part_asked(request: HttpRequest) -> Criteria:
    """The part of the country in the address. One that nobody belongs to is not found when it is counted."""
    region = request.GET.get("region", "")
    if region and not (region.isascii() and region.isdigit()):
        raise Http404
    return Criteria(
        county=request.GET.get("county", ""),
        region=int(region) if region else None,
        group=request.GET.get("group", ""),
        size=request.GET.get("size", ""),
    )


def shown(request: HttpRequest) -> str:
    show = request.GET.get("show", "")
    return show if show in Show.values else Show.STATUS.value


class Picture(NamedTuple):
    """The name of a part of the country, the head of its page, and everything that is counted and drawn of it.

    The body is kept as the bytes that are sent: as text it would be copied and encoded anew for every reader.
    """

    part: str
    head: str
    body: bytes


def draw_picture(ask: Asked, criteria: Criteria, show: str) -> Picture:
    rows = filter_rows(ask.kept.rows(ask.day), criteria)
    if not rows and criteria != NATION:
        raise Http404
    earlier = read_tallies([ask.earlier], criteria)[0] if ask.earlier else None
    context: dict[str, Any] = {
        "day": ask.linked_day,
        "earlier": ask.earlier,
        "mot": ask.linked_earlier,
        "head": head_of(rows, earlier, criteria),
        "counties": counties(rows, criteria),
        "shows": Show.choices,
        "criteria": criteria,
        "part": criteria != NATION,
        "show": show,
        "summary": summarise(rows, criteria),
        "drawing": draw(rows, read_outlines(), show),
        "legend": map_numbers(rows, criteria, show),
    }
    part = part_of_country(rows, criteria)
    return Picture(
        part=part,
        head=draw_head(ask, TwoDaysForm({}, ask.form.today), criteria, show, part),
        body=render_to_string("nationwide/_dashboard.html", context).encode(),
    )


def counties(rows: list[Row], criteria: Criteria) -> list[tuple[str, Criteria]]:
    """Where the map can be zoomed to: the counties that it holds, when there is more than one."""
    found = sorted({(row.county, row.county_name) for row in rows})
    return [(name, criteria._replace(county=code)) for code, name in found] if len(found) > 1 else []


def draw_head(ask: Asked, form: DayForm, criteria: Criteria, show: str, part: str) -> str:
    carried = [*criteria.asked(), ("show", show)]
    context = {"ask": ask, "form": form, "part": part, "show": show, "carried": carried, "nation": NATION}
    return render_to_string("nationwide/_head.html", context)


@require_safe
def municipality_list(request: HttpRequest) -> HttpResponse:
    """The municipalities that meet the filters, a page at a time. An htmx request gets the list alone."""
    ask = asked(request)
    form = list_form(request, ask)
    page = list_page(ask, form.criteria(), request.GET.get("sida", "")) if valid(ask, form) else refused()
    if wants_fragment(request):
        response = HttpResponse(page, headers={"HX-Push-Url": short_address(request, ask, form)})
    else:
        filters = draw_filters(ask, form)
        context = {"ask": ask, "filters": filters, "page": page, "nation": NATION, "carried": form.carried()}
        response = render(request, "nationwide/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def draw_filters(ask: Asked, form: ListForm) -> str:
    def draw() -> str:
        return render_to_string("nationwide/_filters.html", {"form": form, "day": ask.linked_day, "nation": NATION})

    if not valid(ask, form):
        return draw()
    return ask.kept.page(f"filters:{form.criteria()}:{ask.form.today}", ask.day, draw)


def short_address(request: HttpRequest, ask: Asked, form: ListForm) -> str:
    """The address of what is shown, without the filters that are left empty."""
    if not valid(ask, form):
        return request.get_full_path()
    query = form.criteria().query(ask.linked_day)
    return f"{request.path}?{query}" if query else request.path


def list_form(request: HttpRequest, ask: Asked) -> ListForm:
    choices = ask.kept.page("choices", ask.day, lambda: choices_of(ask.kept.rows(ask.day), template_numbers()))
    return ListForm(request.GET, choices)


def template_numbers() -> list[int]:
    return list(TemplateVersion.objects.published().values_list("number", flat=True))


def valid(ask: Asked, form: ListForm) -> bool:
    return form.is_valid() and ask.form.is_valid()


def list_page(ask: Asked, criteria: Criteria, number: str) -> str:
    """The asked page; the first when the number is none, the last when it is too high."""
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1

    def write() -> str:
        page = Paginator(filter_rows(ask.kept.rows(ask.day), criteria), PAGE_SIZE).get_page(wanted)
        context = {
            "criteria": criteria,
            "day": ask.linked_day,
            "query": criteria.query(ask.linked_day),
            "page": page,
            "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        }
        return render_to_string("nationwide/_list.html", context)

    return ask.kept.page(f"list:{criteria}:{wanted}:{ask.form.today}", ask.day, write)


def refused() -> str:
    return render_to_string("nationwide/_refused.html")


def wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


@require_safe
def municipality_csv(request: HttpRequest) -> HttpResponse:
    """For a spreadsheet in Swedish: semicolons, and a mark that says UTF-8."""
    ask = asked(request)
    return download(request, ask, "csv", lambda rows: "\ufeff" + as_csv(rows, delimiter=";", columns=HEADINGS))


@require_safe
def municipality_json(request: HttpRequest) -> HttpResponse:
    ask = asked(request)
    return download(request, ask, "json", lambda rows: as_json(rows, ask.day))


def download(request: HttpRequest, ask: Asked, kind: str, write: Callable[[list[Row]], str]) -> HttpResponse:
    """The whole list as a file. What cannot be answered is refused: a file carries no message beside it."""
    form = list_form(request, ask)
    if not valid(ask, form):
        problems = [str(error) for errors in [*ask.form.errors.values(), *form.errors.values()] for error in errors]
        return HttpResponse("\n".join(problems), status=400, content_type="text/plain; charset=utf-8")
    text = write(filter_rows(ask.kept.rows(ask.day), form.criteria()))
    response = HttpResponse(text, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="kommuner-{ask.day}.{kind}"'
    return response
