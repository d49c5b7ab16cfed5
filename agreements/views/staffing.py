"""The staffing list, annex B4: shown and handed out to those who see names, and to nobody else."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from agreements.gather import Whole
from agreements.staffing import COLUMNS, Staffing, read_staffing
from agreements.views.doors import open_version
from contacts.access import reach_of
from contacts.csv_lines import as_csv_lines

NO_SUCH_DAY = "Skriv datumet som ÅÅÅÅ-MM-DD."
IN_THE_FUTURE = "Vem som har funktionerna framöver vet ingen än. Välj i dag eller en tidigare dag."


@require_safe
def staffing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds the functions, today or on the day that the address asks for."""
    whole = _open(request, pk)
    on, complaint = asked_day(request.GET.get("datum", ""), timezone.localdate())
    context = {
        "version": whole.version,
        "staffing": _read(request, whole, on),
        "is_today": on == timezone.localdate(),
        "complaint": complaint,
        "asked": request.GET.get("datum", "") if complaint else on.isoformat(),
    }
    return render(request, "agreements/staffing.html", context, status=422 if complaint else 200)


@require_safe
def staffing_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    whole = _open(request, pk)
    on, _complaint = asked_day(request.GET.get("datum", ""), timezone.localdate())
    found = _read(request, whole, on)
    answer = StreamingHttpResponse(as_csv_lines(found.posts, COLUMNS), content_type="text/csv; charset=utf-8")
    reference = whole.version.agreement.reference.replace("Ö", "O")
    answer["Content-Disposition"] = f'attachment; filename="{reference}-bemanning-{found.on}.csv"'
    return answer


def _open(request: HttpRequest, pk: int) -> Whole:
    whole = open_version(request, pk)
    if not reach_of(request.user).sees_names(whole.organisation_ids):
        raise PermissionDenied("Din roll ger inte rätt till namn.")
    return whole


def _read(request: HttpRequest, whole: Whole, on: datetime.date) -> Staffing:
    return read_staffing(whole, on, reach_of(request.user))


def asked_day(text: str, today: datetime.date) -> tuple[datetime.date, str]:
    """The day that is asked for, or today and why it is not that one."""
    if not text:
        return today, ""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        return today, NO_SUCH_DAY
    return (day, "") if day <= today else (today, IN_THE_FUTURE)
