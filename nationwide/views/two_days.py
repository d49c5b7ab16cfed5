"""The country on two days: what has changed in between, as a page and as files, for those who read the nation."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from contacts.csv_lines import as_csv_lines
from nationwide.changes import COLUMNS, ChangeLine, Group, as_lines, changes_between
from nationwide.counting import Criteria, filter_rows, part_of_country
from nationwide.forms import PartForm, TwoDaysForm, choices_of
from nationwide.head import head_of
from nationwide.rules import Row
from nationwide.spreadsheet import MEDIA_TYPE, as_xlsx
from nationwide.tally import read_tallies
from nationwide.views.national import NATION, Asked, asked, part_asked


@require_safe
def two_days(request: HttpRequest) -> HttpResponse:
    ask = asked(request, TwoDaysForm)
    criteria = part_asked(request)
    page = ask.kept.page(f"two days:{criteria}:{ask.shown_as}", ask.day, lambda: draw(ask, criteria))
    filters = PartForm(request.GET, ask.kept.page("parts", ask.day, lambda: choices_of(ask.kept.rows(ask.day))))
    context = {**page, "ask": ask, "form": ask.form, "filters": filters, "criteria": criteria, "nation": NATION}
    return render(request, "nationwide/two_days.html", context)


def draw(ask: Asked, criteria: Criteria) -> dict[str, str]:
    """The part's name, and everything that is counted of the two days."""
    earlier, later = rows_of(ask, criteria)
    context: dict[str, Any] = {
        "day": ask.linked_day,
        "on": ask.day,
        "earlier": ask.earlier,
        "mot": ask.linked_earlier,
        "criteria": criteria,
        "head": head_of(later, read_tallies([ask.earlier], criteria)[0] if ask.earlier else None, criteria),
        "groups": changes_between(earlier, later) if ask.earlier else [],
    }
    part = part_of_country(later or earlier, criteria)
    return {"part": part, "body": render_to_string("nationwide/_two_days.html", context)}


def rows_of(ask: Asked, criteria: Criteria) -> tuple[list[Row], list[Row]]:
    """The asked part of the country on the earlier day and on the later one. 404 for one that nobody belongs to."""
    later = filter_rows(ask.kept.rows(ask.day), criteria)
    earlier = filter_rows(ask.kept.rows(ask.earlier), criteria) if ask.earlier else []
    if not later and not earlier and criteria != NATION:
        raise Http404
    return earlier, later


@require_safe
def two_days_csv(request: HttpRequest) -> HttpResponseBase:
    return file_of(request, "csv")


@require_safe
def two_days_xlsx(request: HttpRequest) -> HttpResponseBase:
    return file_of(request, "xlsx")


def file_of(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The changes as a file. What cannot be answered is refused: a file carries no message beside it."""
    ask = asked(request, TwoDaysForm)
    if not ask.form.is_valid() or ask.earlier is None:
        problems = [str(error) for errors in ask.form.errors.values() for error in errors]
        return HttpResponse("\n".join(problems), status=400, content_type="text/plain; charset=utf-8")
    groups: list[Group] = changes_between(*rows_of(ask, part_asked(request)))
    answer = written(as_lines(groups), kind)
    answer["Content-Disposition"] = f'attachment; filename="{file_name(ask.earlier, ask.day)}.{kind}"'
    return answer


def written(lines: Iterable[ChangeLine], kind: str) -> HttpResponseBase:
    if kind == "csv":
        return StreamingHttpResponse(as_csv_lines(lines, COLUMNS), content_type="text/csv; charset=utf-8")
    return FileResponse(as_xlsx(lines, COLUMNS, sheet="Förändringar"), content_type=MEDIA_TYPE)


def file_name(earlier: datetime.date, day: datetime.date) -> str:
    return f"forandringar-{earlier}-{day}"
