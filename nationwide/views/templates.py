"""How the country stands to the national template, for those who read the nation."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from agreements.models import TemplateSection
from municipalities.models import County
from nationwide import templates
from nationwide.templates import STANDINGS, Asked
from nationwide.views.national import PAGE_SIZE
from nationwide.views.national import Asked as Day
from nationwide.views.national import asked as asked_day


@require_safe
def national_templates(request: HttpRequest) -> HttpResponse:
    ask, county = asked_day(request), county_asked(request)
    key = f"templates:{county.pk if county else ''}:{ask.form.today}"
    body = ask.kept.page(key, ask.day, lambda: draw(ask, county))
    counties = County.objects.order_by("code").values_list("code", "name")
    context = {"ask": ask, "county": county, "counties": counties, "body": body, "carried": carried(county)}
    return render(request, "nationwide/templates.html", context)


def county_asked(request: HttpRequest) -> County | None:
    code = request.GET.get("county", "")
    county = County.objects.filter(code=code).first() if code else None
    if code and county is None:
        raise Http404
    return county


def carried(county: County | None) -> list[tuple[str, str]]:
    return [("county", county.pk)] if county else []


def draw(ask: Day, county: County | None) -> str:
    """Everything that is counted."""
    code = county.pk if county else ""
    rows = templates.signed_rows(ask.kept.rows(ask.day), code)
    versions = templates.versions_on(ask.day)
    current = versions[0][0] if versions else 0
    context: dict[str, Any] = {
        "day": ask.linked_day,
        "of": len(rows),
        "current": current,
        "versions": templates.version_counts(rows, versions, code),
        "clauses": templates.clause_counts(rows, ask.day, code, current),
    }
    return render_to_string("nationwide/_templates.html", context)


@require_safe
def national_template_list(request: HttpRequest) -> HttpResponse:
    """The municipalities behind one of the numbers, in Swedish order."""
    ask, county = asked_day(request), county_asked(request)
    if not request.GET:
        return redirect("national_templates")
    asked = read_asked(request, county)
    versions = templates.versions_on(ask.day)
    rows = templates.signed_rows(ask.kept.rows(ask.day), asked.county)
    found = templates.listed(rows, asked, ask.day, versions[0][0] if versions else 0)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("sida"))
    context = {
        "ask": ask,
        "county": county,
        "title": title_of(asked),
        "agreements": len({row.agreement for row in found}),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "query": asked.query(ask.linked_day),
        "carried": [(name, value) for name, value in asked._asdict().items() if value],
    }
    return render(request, "nationwide/template_list.html", context)


def read_asked(request: HttpRequest, county: County | None) -> Asked:
    number, lage = request.GET.get("mall", ""), request.GET.get("lage", "")
    if (number and not (number.isascii() and number.isdecimal() and len(number) < 5)) or lage not in ("", *STANDINGS):
        raise Http404
    key = request.GET.get("avsnitt", "")
    if not (number or (key and lage)):
        raise Http404
    return Asked(int(number) if number else None, key, lage, county.pk if county else "")


def title_of(asked: Asked) -> str:
    """What holds of those in the list. 404 for a section that no template has."""
    if not asked.lage:
        return f"Bygger på mall {asked.mall}"
    rows = TemplateSection.objects.filter(key=asked.avsnitt, version__published_at__isnull=False)
    section = rows.order_by("-version__number").first()
    if section is None:
        raise Http404
    return f"{section.number} {section.title}: {STANDINGS[asked.lage]}"
