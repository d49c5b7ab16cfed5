"""The national pages, for those who read the nation; to everybody else they do not exist."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from contacts.access import Permission, reach_of
from nationwide.coverage import Kept
from nationwide.exports import as_csv, as_json
from nationwide.forms import Choices, DayForm, ListForm, PictureForm, choices_of
from nationwide.map import Show, draw, read_outlines
from nationwide.rules import Criteria, Row, filter_rows, map_numbers, summarise

PAGE_SIZE = 50
NATION = Criteria()
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@dataclass(frozen=True)
class Asked:
    """The day a request asks for, and what is kept of it."""

    form: DayForm
    day: datetime.date
    is_today: bool
    kept: Kept
    choices: Choices

    @property
    def linked_day(self) -> datetime.date | None:
        """The day to carry in links; today carries itself."""
        return None if self.is_today else self.day


def asked(request: HttpRequest) -> Asked:
    """Check that the user reads the nation, and find the day. 404 to outsiders."""
    if not reach_of(request.user).nationally(Permission.READ_NATION):
        raise Http404
    today = timezone.localdate()
    form = DayForm(request.GET, today)
    day = form.day()
    kept = Kept()
    choices = kept.get("choices", day, lambda: choices_of(kept.rows(day)))
    return Asked(form, day, day == today, kept, choices)


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    ask = asked(request)
    form = PictureForm(request.GET, ask.choices)
    criteria, show = (form.criteria(), form.shown()) if form.is_valid() else (NATION, Show.STATUS.value)
    body = ask.kept.get(
        f"dashboard:{criteria}:{show}:{ask.is_today}",
        ask.day,
        lambda: render_to_string("nationwide/_dashboard.html", picture(ask, criteria, show)),
    )
    context = {"ask": ask, "form": form, "body": body, "part": form.part(), "nation": NATION, "show": show}
    return render(request, "nationwide/dashboard.html", context)


def picture(ask: Asked, criteria: Criteria, show: str) -> dict[str, Any]:
    """Everything the dashboard shows, counted and drawn."""
    rows = filter_rows(ask.kept.rows(ask.day), criteria)
    summary = summarise(rows, criteria)
    return {
        "ask": ask,
        "criteria": criteria,
        "show": show,
        "summary": summary,
        "drawing": draw(rows, read_outlines(), show),
        "legend": map_numbers(rows, criteria, show),
    }


@require_GET
def municipality_list(request: HttpRequest) -> HttpResponse:
    """The municipalities that meet the filters, a page at a time. An htmx request gets the list alone."""
    ask = asked(request)
    form = ListForm(request.GET, ask.choices)
    selection = select(ask, form.criteria(), request.GET.get("sida", "")) if valid(ask, form) else None
    template = "nationwide/_list.html" if wants_fragment(request) else "nationwide/list.html"
    query = selection.criteria.query(ask.linked_day) if selection else ""
    context = {"ask": ask, "form": form, "selection": selection, "query": query, "nation": NATION}
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@dataclass(frozen=True)
class Selection:
    """A page of the list, and how long the list is."""

    criteria: Criteria
    rows: list[Row]
    total: int
    number: int

    @property
    def page(self) -> Page[int]:
        """The page's place among the pages; the rows are already chosen."""
        return Paginator(range(self.total), PAGE_SIZE).get_page(self.number)

    @property
    def pages(self) -> list[int | str]:
        return list(self.page.paginator.get_elided_page_range(self.number, on_each_side=2, on_ends=1))


def select(ask: Asked, criteria: Criteria, number: str) -> Selection:
    """The asked page; the first when the number is none, the last when it is too high."""
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1

    def choose() -> Selection:
        chosen = filter_rows(ask.kept.rows(ask.day), criteria)
        page = Paginator(chosen, PAGE_SIZE).get_page(wanted)
        return Selection(criteria, list(page), len(chosen), page.number)

    return ask.kept.get(f"list:{criteria}:{wanted}", ask.day, choose)


@require_GET
def municipality_csv(request: HttpRequest) -> HttpResponse:
    """For a spreadsheet in Swedish: semicolons, and a mark that says UTF-8."""
    ask = asked(request)
    return download(request, ask, "csv", lambda rows: "\ufeff" + as_csv(rows, delimiter=";"))


@require_GET
def municipality_json(request: HttpRequest) -> HttpResponse:
    ask = asked(request)
    return download(request, ask, "json", lambda rows: as_json(rows, ask.day))


def download(request: HttpRequest, ask: Asked, kind: str, write: Callable[[list[Row]], str]) -> HttpResponse:
    """The whole list as a file. What cannot be answered is refused: a file carries no message beside it."""
    form = ListForm(request.GET, ask.choices)
    if not valid(ask, form):
        problems = [str(error) for errors in [*ask.form.errors.values(), *form.errors.values()] for error in errors]
        return HttpResponse("\n".join(problems), status=400, content_type="text/plain; charset=utf-8")
    text = write(filter_rows(ask.kept.rows(ask.day), form.criteria()))
    response = HttpResponse(text, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="kommuner-{ask.day}.{kind}"'
    return response


def valid(ask: Asked, form: ListForm) -> bool:
    return form.is_valid() and ask.form.is_valid()


def wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
