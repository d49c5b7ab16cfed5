"""An agreement's page "Lägsta nivå": how the version stands to the rules of today, and how it stood before."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.evidence import Standing, read_evidence, standing_on
from agreements.gather import Whole
from agreements.level_page import Subject, rule_lines, spells, tallies
from agreements.lowest_level import level_of
from agreements.models import VerdictPeriod
from agreements.models.agreement import LIVING
from agreements.standing import decided, stand_of
from agreements.states import WORKING
from agreements.views.doors import open_version
from agreements.views.reading import reader_of
from contacts.access import Reach, reach_of


@require_safe
def agreement_level(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk)
    standing = standing_on(timezone.localdate())
    judged = judge(whole, standing, reach_of(request.user)) if whole.version.state in LIVING else {}
    periods = VerdictPeriod.objects.filter(version=whole.version).select_related("rule_set").order_by("since", "pk")
    context = {
        "version": whole.version,
        "rule_set": standing.rule_set,
        "is_work": whole.version.state in WORKING,
        "level": "",
        "open_lines": [],
        "met_lines": [],
        "pending_lines": [],
        "tallies": [],
        "spells": spells(periods.defer("rule_set__rules", "rule_set__impact")),
        **judged,
    }
    return render(request, "agreements/level.html", context)


def judge(whole: Whole, standing: Standing, reach: Reach) -> dict[str, Any]:
    """The version as it stands now, rule by rule; nothing when no rule set is in force."""
    stand = stand_of(read_evidence([whole.version], standing)[0])
    outcomes = stand.outcomes(standing.settings)
    told = decided(outcomes, whole.version.state)
    lines = rule_lines(outcomes, stand, subject_of(whole), reader_of(whole, reach))
    return {
        "level": level_of(told),
        "open_lines": [line for line in lines if line.is_open],
        "met_lines": [line for line in lines if line.status == "met"],
        "pending_lines": [line for line in lines if line.status == "pending"],
        "tallies": tallies(told),
    }


def subject_of(whole: Whole) -> Subject:
    sections = {section.key: (section.number, section.title) for section in whole.template_sections}
    return Subject(whole.version.pk, whole.version.state, sections)
