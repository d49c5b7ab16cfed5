"""Everything that has happened to an agreement, newest first."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agreements.models import TemplateSection
from agreements.presenters import Section, present
from agreements.talk import own_subjects
from agreements.views.doors import open_version
from contacts.access import reach_of
from contacts.models import Event

PAGE_SIZE = 50


@require_safe
def agreement_history(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk)
    reach = reach_of(request.user)
    names = reach.sees_names(whole.organisation_ids)
    events = Event.objects.about(whole.version.subject, *own_subjects(whole, reach)).newest_first()
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("sida"))
    sections = _sections(whole.version.template_id)
    context = {
        "version": whole.version,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "lines": [present(event, sections, names=names) for event in page],
        "sees_names": names,
    }
    return render(request, "agreements/history.html", context)


def _sections(template_id: int) -> dict[str, Section]:
    rows = TemplateSection.objects.filter(version=template_id).defer("locked", "guidance")
    return {row.key: Section(row.number, row.title, row.fields) for row in rows}
