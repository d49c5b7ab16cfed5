"""The national template to read: its versions, one of them, and the way on for those who edit it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from agreements.actions.template_publishing import faults_of
from agreements.models import TemplateSection, TemplateVersion
from agreements.presenters import present
from contacts.access import Permission, reach_of
from contacts.models import Event

PAGE_SIZE = 50


def edits(request: HttpRequest) -> bool:
    return reach_of(request.user).nationally(Permission.EDIT_TEMPLATE)


def open_template(request: HttpRequest, number: int, *, write: bool = False) -> TemplateVersion:
    """A published version, or for those who edit them also a draft. 404 to others, 403 to readers who write."""
    editor = edits(request)
    rows = TemplateVersion.objects.all() if editor else TemplateVersion.objects.published()
    version = rows.filter(number=number).first()
    if version is None:
        raise Http404("Mallen finns inte.")
    if write and not editor:
        raise PermissionDenied
    return version


class Applies(NamedTuple):
    """A template version and how it stands on the day: draft, coming, open or closed."""

    version: TemplateVersion
    when: str


def timeline(versions: Iterable[TemplateVersion], today: datetime.date) -> list[Applies]:
    return [Applies(version, when(version, today)) for version in versions]


def when(version: TemplateVersion, today: datetime.date) -> str:
    if version.is_draft or version.valid_from is None:
        return "draft"
    if version.valid_from > today:
        return "coming"
    return "closed" if version.valid_to is not None and version.valid_to <= today else "open"


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    editor = edits(request)
    rows = TemplateVersion.objects.all() if editor else TemplateVersion.objects.published()
    lines = timeline(rows, timezone.localdate())
    may_start = editor and all(line.when != "draft" for line in lines)
    return render(request, "agreements/template_list.html", {"lines": lines, "edits": editor, "may_start": may_start})


@require_safe
def template(request: HttpRequest, number: int) -> HttpResponse:
    """Published versions for everyone who has logged in; drafts for those who edit them."""
    version = open_template(request, number)
    editor, today = edits(request), timezone.localdate()
    rows = list(version.sections.all())
    others = TemplateVersion.objects.published().exclude(pk=version.pk).only("number", "name")
    events = Event.objects.about(version.subject).newest_first()[:PAGE_SIZE] if editor else []
    faults = faults_of(rows, today) if editor and version.is_draft else []
    context = {
        "template_version": version,
        "when": when(version, today),
        "sections": [shown(section) for section in rows],
        "others": others,
        "edits": editor,
        "faults": faults,
        "stops": any(fault.blocks for fault in faults),
        "events": [present(event, {}, names=True) for event in events],
    }
    return render(request, "agreements/template.html", context)


def shown(section: TemplateSection) -> dict[str, Any]:
    return {
        "section": section,
        "locked": mark_safe(section.locked),  # noqa: S308 - SKR's own text, cleaned when it was saved or shipped
        "guidance": mark_safe(section.guidance),  # noqa: S308 - as above
        "fields": section.fields,
    }
