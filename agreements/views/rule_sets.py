"""The national lowest level to read: its rule sets, one of them in words, and what differs between two."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.impact import weighed
from agreements.lowest_level import RULES
from agreements.lowest_level.words import changes, in_words
from agreements.models import RuleSet, Version
from agreements.presenters import present
from agreements.rule_set_pages import timeline
from contacts.access import Permission, reach_of
from contacts.models import Event

MOST_ROUNDS = 60
"""How many times the page asks anew while a draft is being weighed, two seconds apart."""
PAGE_SIZE = 50


def edits(request: HttpRequest) -> bool:
    return reach_of(request.user).nationally(Permission.EDIT_RULES)


def open_rule_set(request: HttpRequest, number: int, *, write: bool = False) -> RuleSet:
    """A published rule set, or for those who edit them also a draft. 404 to others, 403 to readers who write."""
    editor = edits(request)
    rows = RuleSet.objects.all() if editor else RuleSet.objects.published()
    rule_set = rows.filter(number=number).first()
    if rule_set is None:
        raise Http404("Regelverket finns inte.")
    if write and not editor:
        raise PermissionDenied
    return rule_set


@require_safe
def rule_sets(request: HttpRequest) -> HttpResponse:
    editor = edits(request)
    rows = (RuleSet.objects.all() if editor else RuleSet.objects.published()).defer("rules", "impact")
    lines = timeline(rows, timezone.localdate())
    has_draft = any(line.when == "draft" for line in lines)
    context = {"lines": lines, "edits": editor, "may_start": editor and not has_draft}
    return render(request, "agreements/rule_sets.html", context)


@require_safe
def rule_set(request: HttpRequest, number: int) -> HttpResponse:
    shown = open_rule_set(request, number)
    editor = edits(request)
    lines = timeline(RuleSet.objects.defer("rules", "impact"), timezone.localdate())
    events = Event.objects.about(shown.subject).newest_first()[:PAGE_SIZE] if editor else []
    context = {
        "rule_set": shown,
        "line": next(line for line in lines if line.rule_set.pk == shown.pk),
        "others": [line.rule_set for line in lines if line.when != "draft" and line.rule_set.pk != shown.pk],
        "rules": in_words(shown.settings),
        "left_out": [(rule, RULES[rule].title) for rule in RULES if rule not in shown.rules],
        "edits": editor,
        "events": [present(event, {}, names=True) for event in events],
        **impact_panel(shown),
    }
    return render(request, "agreements/rule_set.html", context)


@require_safe
def rule_set_compare(request: HttpRequest, number: int, other: int) -> HttpResponse:
    """What the first says otherwise than the other."""
    new, old = open_rule_set(request, number), open_rule_set(request, other)
    context = {"new": new, "old": old, "changes": changes(old.settings, new.settings)}
    return render(request, "agreements/rule_set_compare.html", context)


@require_safe
def rule_set_impact(request: HttpRequest, number: int) -> HttpResponse:
    """The panel alone, for a page that waits while a worker counts."""
    asked = request.GET.get("varv", "")
    spent = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    panel = impact_panel(open_rule_set(request, number, write=True), spent=spent)
    return render(request, "agreements/_impact.html", panel)


def impact_panel(rule_set: RuleSet, *, spent: int = 0) -> dict[str, object]:
    waiting = rule_set.published_at is None and not rule_set.is_weighed
    return {
        "rule_set": rule_set,
        "impact": weighed(rule_set.impact) if rule_set.impact and not waiting else None,
        "impact_waits": waiting,
        "impact_asks_again": waiting and spent < MOST_ROUNDS,
        "impact_round": spent + 1,
    }


@require_safe
def rule_set_changed(request: HttpRequest, number: int) -> HttpResponse:
    """The agreements that a draft would judge otherwise, or those that would newly fall short of one rule."""
    shown = open_rule_set(request, number, write=True)
    rule = request.GET.get("regel", "")
    if shown.impact is None or rule not in ("", *RULES):
        raise Http404("Följderna är inte räknade.")
    page = Paginator(weighed(shown.impact).falling_short(rule), PAGE_SIZE).get_page(request.GET.get("sida"))
    versions = Version.objects.with_heads().defer("frozen").in_bulk([line.version for line in page])
    context = {
        "rule_set": shown,
        "rule": rule,
        "title": RULES[rule].title if rule else "",
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "query": f"regel={rule}" if rule else "",
        "lines": [(versions[line.version], line) for line in page if line.version in versions],
    }
    return render(request, "agreements/rule_set_changed.html", context)
