"""The country's person-bound agreements, and every other flag: a list with filters, and as files."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from contacts.access import Permission, Reach, reach_of
from contacts.csv_lines import as_csv_lines
from nationwide.flagged import Line, as_lines, flags
from nationwide.forms import FlagForm
from nationwide.spreadsheet import MEDIA_TYPE, as_xlsx

PAGE_SIZE = 50
COLUMNS: Final[dict[str, Callable[[Line], Any]]] = {
    "Kommun": lambda line: line.municipalities,
    "Län": lambda line: line.county,
    "Överenskommelse": lambda line: line.reference,
    "Vad": lambda line: line.rule,
    "Allvar": lambda line: "Allvarlig" if line.is_serious else "Varning",
    "Skäl": lambda line: line.reason,
    "Så rättas det": lambda line: line.mend,
    "Funktion som kan rätta": lambda line: line.function,
    "Organisation": lambda line: line.organisation,
    "Sedan": lambda line: line.since,
    "Dagar": lambda line: line.days,
}


@require_safe
def flag_list(request: HttpRequest) -> HttpResponse:
    reach, form = _open(request)
    today = timezone.localdate()
    found = flags(form.asked(), today)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("sida"))
    agreements = found.order_by().values("version").distinct().count()
    shown = found.model.objects.filter(pk__in=[flag.pk for flag in page]).order_by("opened_at", "pk")
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "lines": list(as_lines(shown, today, names=_sees_names(reach))),
        "agreements": agreements,
        "query": form.query(),
    }
    answer = render(request, f"nationwide/{'_flags' if _is_part(request) else 'flags'}.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_safe
def flag_csv(request: HttpRequest) -> HttpResponseBase:
    return _file(request, "csv", lambda lines: StreamingHttpResponse(as_csv_lines(lines, COLUMNS)))


@require_safe
def flag_xlsx(request: HttpRequest) -> HttpResponseBase:
    return _file(request, "xlsx", lambda lines: FileResponse(as_xlsx(lines, COLUMNS, sheet="Flaggor")))


MEDIA_TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": MEDIA_TYPE,
}


def _file(request: HttpRequest, kind: str, write: Callable[[Any], HttpResponseBase]) -> HttpResponseBase:
    reach, form = _open(request)
    today = timezone.localdate()
    answer = write(as_lines(flags(form.asked(), today), today, names=_sees_names(reach)))
    answer["Content-Type"] = MEDIA_TYPES[kind]
    answer["Content-Disposition"] = f'attachment; filename="{_name(today)}.{kind}"'
    return answer


def _name(today: datetime.date) -> str:
    return f"flaggor-{today}"


def _open(request: HttpRequest) -> tuple[Reach, FlagForm]:
    """404 to those who do not read the nation. A filter that cannot be read is left out and told of."""
    reach = reach_of(request.user)
    if not reach.nationally(Permission.READ_NATION):
        raise Http404
    return reach, FlagForm(request.GET)


def _sees_names(reach: Reach) -> bool:
    return reach.sees_names(())


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
