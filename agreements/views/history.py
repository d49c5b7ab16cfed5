"""Everything that has happened to an agreement, newest first: as a page, and whole as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agreements import happenings
from agreements.comparables import Comparables
from agreements.forms.history import HistoryFilter
from agreements.gather import Whole
from agreements.past import POINTS, WRITING
from agreements.presenters import Line, Section, present
from agreements.talk import own_subjects
from agreements.telling import sittings_of, told_as_one
from agreements.views.doors import open_version
from contacts.access import reach_of
from contacts.models import Event
from contacts.models.people import EventQuerySet

PAGE_SIZE = 50
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@dataclass(frozen=True)
class History:
    """What a request asks for of the history, and what of it this reader may see."""

    whole: Whole
    names: bool
    sections: dict[str, Section]
    filters: HistoryFilter
    events: EventQuerySet


def history_of(request: HttpRequest, pk: int) -> History:
    whole = open_version(request, pk)
    reach = reach_of(request.user)
    names = reach.sees_names(whole.organisation_ids)
    sections = happenings.sections_of_template(whole.version.template_id)
    subjects = (whole.version.subject, *own_subjects(whole, reach))
    filters = HistoryFilter.read(request.GET, sections, happenings.people(*subjects, names=names))
    events = Event.objects.about(*subjects).filter(filters.wanted.matches(sections)).newest_first()
    return History(whole, names, sections, filters, events)


@require_safe
def agreement_history(request: HttpRequest, pk: int) -> HttpResponse:
    asked = history_of(request, pk)
    page = Paginator(sittings_of(asked.events), PAGE_SIZE).get_page(request.GET.get("sida"))
    events = told_as_one(list(page))
    query = request.GET.copy()
    query.pop("sida", None)
    context = {
        "version": asked.whole.version,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "query": query.urlencode(),
        "filters": asked.filters,
        "lines": [present(event, asked.sections, names=asked.names) for event in events],
        "sees_names": asked.names,
        "comparable": comparable(Comparables(asked.whole, reach_of(request.user)), events),
    }
    return render(request, "agreements/history.html", context)


def comparable(comparables: Comparables, events: list[Event]) -> set[int]:
    """The events after which this version's text can be read again."""
    span, types = comparables.span, {*WRITING, *POINTS}
    return {event.pk for event in events if span and span.holds(event.pk) and event.type in types}


@require_safe
def history_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """For a spreadsheet in Swedish."""
    asked = history_of(request, pk)
    return _file(asked, "csv", happenings.csv_of(_lines(asked), names=asked.names))


@require_safe
def history_json(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    asked = history_of(request, pk)
    reference = asked.whole.version.agreement.reference
    return _file(asked, "json", happenings.json_of(_lines(asked), reference, names=asked.names))


def _lines(asked: History) -> Iterator[Line]:
    """Read a few at a time, so that memory does not grow with the history."""
    return happenings.told(asked.events.iterator(happenings.CHUNK), asked.sections, names=asked.names)


def _file(asked: History, kind: str, parts: Iterator[str]) -> StreamingHttpResponse:
    reference = asked.whole.version.agreement.reference.replace("Ö", "O")
    response = StreamingHttpResponse(parts, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{reference}-historik.{kind}"'
    return response
