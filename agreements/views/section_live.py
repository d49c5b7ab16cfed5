"""What a section's page asks for while it is open: to save what is typed, who else is there, what is left."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agreements import presence
from agreements.actions import writing
from agreements.content import InvalidContent
from agreements.forms.editor import Typed, Unfit
from agreements.models import Section
from agreements.sheets import progress, section_addresses
from agreements.views.body import left_of
from agreements.views.doors import open_section, open_version, posted
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused, Stale


@require_POST
def section_autosave(request: HttpRequest, pk: int, key: str) -> JsonResponse:
    """Save what is typed as far as it can be saved. A short answer: the page stays as it is."""
    typed = Typed(key, reach_of(request.user), posted(request) or QueryDict())
    try:
        saved = writing.autosave(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            version_id=pk,
            key=key,
            change=typed.sparing_change,
            revision=typed.revision,
        )
    except (Section.DoesNotExist, NotAllowed):
        open_section(request, pk, key)
        raise PermissionDenied from None
    except (Unfit, InvalidContent):
        return JsonResponse({"refused": "Allt på sidan kom inte fram. Ladda om sidan."}, status=422)
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=409)
    except Stale as stale:
        return JsonResponse({"stale": saved_by(stale.current, reach_of(request.user), typed)}, status=409)
    return JsonResponse(receipt(typed, saved))


def receipt(typed: Typed, saved: writing.Autosaved) -> dict[str, Any]:
    """The revision that the next save builds on, and what is to be mended where."""
    complaints = typed.complaints(saved.complaints)
    now = timezone.localtime(saved.section.changed_at)
    return {
        "revision": saved.section.revision,
        "at": now.strftime("%H.%M") if saved.section.changed_at else "",
        "base": typed.editor.base if typed.editor else "",
        "errors": [{"id": control, "message": message} for control, _label, message in complaints],
    }


def saved_by(section: Section, reach: Any, typed: Typed) -> str:
    """Who was before, for those who may see names."""
    names = typed.editor is not None and reach.sees_names(typed.editor.whole.organisation_ids)
    return section.changed_by if names and section.changed_by else "Någon annan"


@require_POST
def section_presence(request: HttpRequest, pk: int, key: str) -> JsonResponse:
    """A sign of life from an open page; who else is there, and which revision is saved now."""
    whole = open_section(request, pk, key)
    user = request.user
    if "left" in request.POST:
        presence.left(whole, key, user)  # type: ignore[arg-type]  # login is demanded by middleware
        return JsonResponse({})
    names = reach_of(user).sees_names(whole.organisation_ids)
    others = presence.seen(whole, key, user)  # type: ignore[arg-type]  # as above
    words = " ".join(writer.words(names=names) for writer in others)
    return JsonResponse({"others": words, "revision": whole.sections[key].revision})


@require_safe
def section_progress(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The side navigation alone, with what is left in each section now."""
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    rows = progress(whole.sources, left_of(whole), whole.open_flags, section_addresses(pk))
    current = next((row.title for row in rows if row.key == key), "")
    return render(request, "agreements/_nav.html", {"progress": rows, "here": key, "current": current})
