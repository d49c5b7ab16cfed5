"""Writing in a section: its own fields, and those kept in tables of their own. Nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from agreements.actions import writing
from agreements.content import InvalidContent
from agreements.forms.editor import Editor, Typed, Unfit
from agreements.forms.section import with_added_row
from agreements.models import Section, Version
from agreements.states import FIXED, State
from agreements.steps import AMEND
from agreements.views.conflict import conflict_page
from agreements.views.doors import is_part, open_section, open_version, posted
from agreements.views.section_page import FORM, neighbour, section_page
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused, Stale

__all__ = ["FORM", "not_now", "section_edit"]

DRAWN_ANEW = frozenset({"add_row", "redraw"})
"""What asks for the page with all that was typed, and saves nothing."""


@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    data = posted(request)
    if data is not None and not DRAWN_ANEW & set(data):
        return _save(request, pk, key, data)
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    if key not in whole.sections:
        raise Http404("Avsnittet finns inte i mallen.")
    if data is None:
        if whole.version.state != State.DRAFT:
            messages.info(request, not_now(whole.version))
            return redirect("agreement", pk)
        new = request.GET.get("kontakt", "")
        return section_page(request, whole, Editor(whole, key, reach_of(request.user), new_contact=new))
    return section_page(request, whole, Editor(whole, key, reach_of(request.user), with_added_row(data)))


def not_now(version: Version) -> SafeString | str:
    """Why nothing can be written, with the way on where there is one."""
    state = State(version.state)
    if state not in AMEND:
        return FIXED[state]
    return format_html('{} <a href="{}">{}</a>', FIXED[state], reverse("new_version", args=(version.pk,)), AMEND[state])


def _save(request: HttpRequest, pk: int, key: str, data: QueryDict) -> HttpResponse:
    typed = Typed(key, reach_of(request.user), data)
    try:
        section = writing.save(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            version_id=pk,
            key=key,
            change=typed.change,
            revision=typed.revision,
        )
    except (Section.DoesNotExist, NotAllowed):
        open_section(request, pk, key)
        raise PermissionDenied from None
    except Unfit:
        return _again(request, pk, typed, status=422)
    except InvalidContent as invalid:
        return _again(request, pk, typed, status=422, errors=invalid.errors)
    except Refused as refusal:
        return _again(request, pk, typed, status=409, refusal=str(refusal))
    except Stale:
        return conflict_page(request, pk, key, data)
    return _saved(request, section, typed)


def _again(
    request: HttpRequest,
    pk: int,
    typed: Typed,
    *,
    status: int,
    errors: Mapping[str, str] | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The page with what was typed and what is wrong with it; all of the agreement is read only now."""
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    editor = typed.editor_in(whole)
    editor.own.place(errors or {})
    editor.complaints += [refusal] if refusal else []
    return section_page(request, whole, editor, status=status)


def _saved(request: HttpRequest, section: Section, typed: Typed) -> HttpResponse:
    messages.success(request, f"Avsnitt {section.template_section.number} är sparat.")
    following = neighbour(typed.sections, section.key, +1)
    if "next" in request.POST and following:
        address = reverse("section_edit", args=(section.version_id, following.key))
    elif request.POST.get("new_contact", "").isdecimal():
        add = reverse("contact_point_add", args=(int(request.POST["new_contact"][:9]),))
        address = f"{add}?{urlencode({'till': request.path})}"
    elif "next" in request.POST:
        address = reverse("agreement", args=(section.version_id,))
    else:
        address = request.path
    if is_part(request, FORM):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
