"""Reading a version of the national template."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from agreements.models import TemplateVersion
from contacts.access import Permission, reach_of


@require_safe
def template(request: HttpRequest, number: int) -> HttpResponse:
    """Published versions for everyone who has logged in; drafts for those who edit them."""
    versions = TemplateVersion.objects.all()
    if not reach_of(request.user).nationally(Permission.EDIT_TEMPLATE):
        versions = versions.filter(published_at__isnull=False)
    version = get_object_or_404(versions, number=number)
    sections = [
        {
            "section": section,
            "locked": mark_safe(section.locked),  # noqa: S308 - SKR's own text, cleaned when it was loaded
            "guidance": mark_safe(section.guidance),  # noqa: S308 - as above
            "fields": section.fields,
        }
        for section in version.sections.all()
    ]
    context = {"template_version": version, "sections": sections, "versions": versions.only("number", "name")}
    return render(request, "agreements/template.html", context)
