"""The list as a spreadsheet and the map as a picture: the same view as the page, for those who read the nation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from nationwide.counting import filter_rows, map_numbers, part_of_country
from nationwide.exports import COLUMNS, HEADINGS
from nationwide.map import draw, read_outlines
from nationwide.picture import as_png, as_svg
from nationwide.rules import Row
from nationwide.spreadsheet import MEDIA_TYPE, as_xlsx
from nationwide.views.national import NATION, Asked, asked, list_form, part_asked, shown, valid


def cell(name: str) -> Callable[[Row], Any]:
    """Several words share a cell; numbers and dates stay what they are."""

    def read(row: Row) -> Any:
        value = COLUMNS[name](row)
        return " ".join(value) if isinstance(value, list) else value

    return read


SHEET: Final[Mapping[str, Callable[[Row], Any]]] = {heading: cell(name) for name, heading in HEADINGS.items()}


@require_safe
def municipality_xlsx(request: HttpRequest) -> HttpResponseBase:
    ask = asked(request)
    form = list_form(request, ask)
    if not valid(ask, form):
        return refused(ask, form)
    rows = filter_rows(ask.kept.rows(ask.day), form.criteria())
    answer = FileResponse(as_xlsx(rows, SHEET, sheet=f"Kommuner {ask.day}"), content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="kommuner-{ask.day}.xlsx"'
    return answer


def refused(*asked_for: Any) -> HttpResponse:
    """A file carries no message beside it: what is wrong is all that is sent."""
    forms = [getattr(one, "form", one) for one in asked_for]
    problems = [str(error) for form in forms for errors in form.errors.values() for error in errors]
    return HttpResponse("\n".join(problems), status=400, content_type="text/plain; charset=utf-8")


@require_safe
def map_svg(request: HttpRequest) -> HttpResponse:
    return picture(request, "svg", "image/svg+xml", str.encode)


@require_safe
def map_png(request: HttpRequest) -> HttpResponse:
    return picture(request, "png", "image/png", as_png)


def picture(request: HttpRequest, kind: str, media_type: str, encode: Callable[[str], bytes]) -> HttpResponse:
    """The map as it stands on the page. Kept until something is written, since a picture takes long to draw."""
    ask = asked(request)
    if not ask.form.is_valid():
        return refused(ask)
    criteria, show = part_asked(request), shown(request)
    rows = filter_rows(ask.kept.rows(ask.day), criteria)
    if not rows and criteria != NATION:
        raise Http404
    part = part_of_country(rows, criteria)
    name = f"map:{kind}:{criteria}:{show}:{ask.form.today}"
    content = ask.kept.get(name, ask.day, lambda: encode(drawn(ask, rows, show, part)))
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="karta-{slugify(part)}-{show}-{ask.day}.{kind}"'
    return answer


def drawn(ask: Asked, rows: list[Row], show: str, part: str) -> str:
    legend = map_numbers(rows, NATION, show)
    return as_svg(draw(rows, read_outlines(), show), legend, show=show, part=part, on=ask.day)
