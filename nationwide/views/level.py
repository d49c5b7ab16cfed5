"""The national page about the lowest level, for those who read the nation; to everybody else it does not exist."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from agreements.models import RuleSet
from nationwide.counting import DIMENSIONS, Criteria, breakdown, filter_rows, level_numbers, part_of_country
from nationwide.level import rule_counts
from nationwide.map import Show
from nationwide.trend import draw_trend, read_trend
from nationwide.views.national import NATION, Asked, asked, part_asked


@require_safe
def national_level(request: HttpRequest) -> HttpResponse:
    ask = asked(request)
    criteria = part_asked(request)
    page = ask.kept.page(f"level:{criteria}:{ask.form.today}", ask.day, lambda: draw(ask, criteria))
    context = {**page, "ask": ask, "carried": criteria.asked(), "nation": NATION}
    return render(request, "nationwide/level.html", context)


def draw(ask: Asked, criteria: Criteria) -> dict[str, str]:
    """The part's name, and everything that is counted and drawn of it."""
    rows = filter_rows(ask.kept.rows(ask.day), criteria)
    if not rows and criteria != NATION:
        raise Http404
    rule_set = RuleSet.objects.in_force(ask.day)
    levels = level_numbers(rows, criteria)
    trend = read_trend(ask.day, criteria)
    context: dict[str, Any] = {
        "day": ask.linked_day,
        "today": ask.form.today,
        "criteria": criteria,
        "rule_set": rule_set,
        "rules": rule_counts(rows, rule_set.settings, criteria) if rule_set else [],
        "levels": levels,
        "meeting": levels[0],
        "breakdowns": [(dimension, breakdown(rows, dimension, criteria)) for dimension in DIMENSIONS],
        "trend": trend[::-1],
        "picture": draw_trend(trend),
        "show": Show.LEVEL.value,
    }
    return {"part": part_of_country(rows, criteria), "body": render_to_string("nationwide/_level.html", context)}
