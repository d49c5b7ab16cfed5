"""Writing in a section: its own fields, and those kept in tables of their own. Nothing typed is ever lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods

from agreements.actions import writing
from agreements.content import InvalidContent
from agreements.forms.editor import Editor
from agreements.forms.section import with_added_row
from agreements.gather import Whole
from agreements.models import Version
from agreements.sheets import progress, section_addresses, sheets
from agreements.states import FIXED, State
from agreements.steps import AMEND
from agreements.views.body import happened, left_of, staffing
from agreements.views.doors import is_part, open_version, posted
from agreements.views.reading import flag_panel, lines_of, reader_of
from agreements.views.standing import section_note
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused, Stale
from contacts.models import Function

FORM = "avsnitt-formular"


@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    if key not in whole.sections:
        raise Http404("Avsnittet finns inte i mallen.")
    if request.method != "POST":
        if whole.version.state != State.DRAFT:
            messages.info(request, not_now(whole.version))
            return redirect("agreement", pk)
        return _page(request, whole, Editor(whole, key, reach_of(request.user)))
    data = posted(request) or QueryDict()
    if "add_row" in data:
        return _page(request, whole, Editor(whole, key, reach_of(request.user), with_added_row(data)))
    return _save(request, whole, key, data)


def not_now(version: Version) -> SafeString | str:
    """Why nothing can be written, with the way on where there is one."""
    state = State(version.state)
    if state not in AMEND:
        return FIXED[state]
    return format_html('{} <a href="{}">{}</a>', FIXED[state], reverse("new_version", args=(version.pk,)), AMEND[state])


def _save(request: HttpRequest, whole: Whole, key: str, data: QueryDict) -> HttpResponse:
    editor = Editor(whole, key, reach_of(request.user), data)
    if not editor.is_valid():
        return _page(request, whole, editor, status=422)
    try:
        writing.save(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            version_id=whole.version.pk,
            key=key,
            change=editor.change(),
            revision=editor.revision,
        )
    except NotAllowed:
        raise PermissionDenied from None
    except InvalidContent as invalid:
        editor.own.place(invalid.errors)
        return _page(request, whole, editor, status=422)
    except Refused as refusal:
        editor.complaints.append(str(refusal))
        return _page(request, whole, editor, status=409)
    except Stale:
        return _conflict(request, whole, key, data)
    return _saved(request, whole, key)


def _saved(request: HttpRequest, whole: Whole, key: str) -> HttpResponse:
    messages.success(request, f"Avsnitt {whole.template_section(key).number} är sparat.")
    following = _neighbour(whole, key, +1)
    if "next" in request.POST and following:
        address = reverse("section_edit", args=(whole.version.pk, following.key))
    elif "next" in request.POST:
        address = reverse("agreement", args=(whole.version.pk,))
    else:
        address = request.path
    if is_part(request, FORM):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _conflict(request: HttpRequest, whole: Whole, key: str, data: QueryDict) -> HttpResponse:
    """Somebody saved first: theirs beside mine, and mine can be saved over theirs when I have looked."""
    fresh = open_version(request, whole.version.pk, Permission.EDIT_AGREEMENTS)
    editor = Editor(fresh, key, reach_of(request.user), data)
    editor.accept_revision()
    theirs = next(sheet for sheet in sheets(fresh.document, []) if sheet.key == key)
    parties = [(party, None) for party in fresh.parties]
    return _page(request, fresh, editor, status=409, theirs=theirs, document=fresh.document, parties=parties)


def _page(request: HttpRequest, whole: Whole, editor: Editor, status: int = 200, **more: Any) -> HttpResponse:
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
        "following": _neighbour(whole, editor.key, +1),
        "previous": _neighbour(whole, editor.key, -1),
        "left": [item for item in left_of(whole) if item.section == editor.key],
        "theirs": None,
        "marks_address": f"{reverse('marks', args=(whole.version.pk,))}?avsnitt={editor.key}",
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


def _neighbour(whole: Whole, key: str, step: int) -> Any:
    """The next or previous section that has something to write in."""
    sections = whole.template_sections
    place = next(index for index, section in enumerate(sections) if section.key == key)
    onward = sections[place + 1 :] if step > 0 else list(reversed(sections[:place]))
    return next((section for section in onward if section.definition), None)
