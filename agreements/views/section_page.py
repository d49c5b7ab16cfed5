"""A section's page and its form, as they are shown: whole, or for htmx the form alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from agreements.forms.editor import Editor
from agreements.gather import Whole
from agreements.models import TemplateSection
from agreements.sheets import progress, section_addresses
from agreements.views.body import happened, left_of, staffing
from agreements.views.doors import is_part
from agreements.views.reading import flag_panel, lines_of, reader_of
from agreements.views.standing import section_note
from contacts.access import reach_of
from contacts.models import Function

FORM = "avsnitt-formular"


def section_page(request: HttpRequest, whole: Whole, editor: Editor, status: int = 200, **more: Any) -> HttpResponse:
    """The whole page, or for htmx the form alone."""
    reader = reader_of(whole, reach_of(request.user))
    section = whole.template_section(editor.key)
    context = {
        "whole": whole,
        "version": whole.version,
        "section": section,
        "locked": mark_safe(section.locked),  # noqa: S308 - SKR's own text, cleaned when it was loaded
        "guidance": mark_safe(section.guidance),  # noqa: S308 - as above
        "editor": editor,
        "saved": whole.sections[editor.key],
        "sees_names": reader.names,
        "staffing": staffing(whole) if editor.has_staffing and reader.names else None,
        "functions": _functions(),
        "following": neighbour(whole.template_sections, editor.key, +1),
        "previous": neighbour(whole.template_sections, editor.key, -1),
        "left": [item for item in left_of(whole) if item.section == editor.key],
        "theirs": None,
        "marks_address": f"{reverse('marks', args=(whole.version.pk,))}?avsnitt={editor.key}",
        "merged": False,
        "collisions": [],
        "differences": [],
        "as_typed": [],
        **flag_panel(lines_of(whole, reader, editor.key), whole.version.pk, reader, happened(whole), only=editor.key),
        **more,
    }
    if is_part(request, FORM):
        return render(request, "agreements/_section_form.html", context, status=status)
    addresses = section_addresses(whole.version.pk)
    context |= section_note(whole, editor.key, reach_of(request.user))
    context["progress"] = progress(whole.sources, left_of(whole), whole.open_flags, addresses)
    return render(request, "agreements/section.html", context, status=status)


def _functions() -> dict[str, list[Function]]:
    """Suggestions by side; one query."""
    rows = list(Function.objects.filter(active=True, other=False))
    sides = {side: [row for row in rows if row.side == side] for side in ("municipality", "af")}
    return {
        **sides,
        "all": [*sides["municipality"], *sides["af"]],
        "signing_municipality": [row for row in sides["municipality"] if row.signing],
        "signing_af": [row for row in sides["af"] if row.signing],
    }


def neighbour(sections: list[TemplateSection], key: str, step: int) -> TemplateSection | None:
    """The next or previous section that has something to write in."""
    place = next((index for index, section in enumerate(sections) if section.key == key), 0)
    onward = sections[place + 1 :] if step > 0 else list(reversed(sections[:place]))
    return next((section for section in onward if section.definition), None)
