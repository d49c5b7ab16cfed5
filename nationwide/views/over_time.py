"""A measure over time, in the country or a part of it, for those who read the nation."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from nationwide.counting import Criteria, filter_rows, part_of_country
from nationwide.forms import PartForm, choices_of
from nationwide.trend import POPULATION, TOPICS, draw_trend, read_trend
from nationwide.views.national import NATION, Asked, asked, part_asked


@require_safe
def over_time(request: HttpRequest) -> HttpResponse:
    ask = asked(request)
    criteria, measure = part_asked(request), measure_asked(request)
    page = ask.kept.page(f"trend:{criteria}:{measure}:{ask.form.today}", ask.day, lambda: draw(ask, criteria, measure))
    filters = PartForm(request.GET, ask.kept.page("parts", ask.day, lambda: choices_of(ask.kept.rows(ask.day))))
    carried = [("matt", measure)]
    context = {**page, "ask": ask, "form": ask.form, "filters": filters, "criteria": criteria, "carried": carried}
    return render(request, "nationwide/trend.html", context)


def measure_asked(request: HttpRequest) -> str:
    measure = request.GET.get("matt", "")
    return measure if measure in TOPICS else "status"


def draw(ask: Asked, criteria: Criteria, measure: str) -> dict[str, str]:
    """The part's name, and the measure drawn over time."""
    rows = filter_rows(ask.kept.rows(ask.day), criteria)
    if not rows and criteria != NATION:
        raise Http404
    trend = read_trend(ask.day, criteria, measure)
    context: dict[str, Any] = {
        "day": ask.linked_day,
        "today": ask.form.today,
        "criteria": criteria,
        "measure": measure,
        "judged": measure not in ("status", POPULATION),
        "topic": TOPICS[measure],
        "topics": TOPICS.items(),
        "trend": trend[::-1],
        "numbers": trend[-1].numbers,
        "picture": draw_trend(trend, measure),
    }
    part = part_of_country(rows, criteria)
    return {"part": part, "body": render_to_string("nationwide/_trend_page.html", context)}
