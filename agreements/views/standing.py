"""How an agreement stands to the national template in force."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.gather import Whole
from agreements.models import TemplateVersion
from agreements.standing_on import StandsOn, newer_lines, newest_published, page_of, stands_on
from agreements.views.doors import open_version
from contacts.access import Permission, Reach, reach_of
from contacts.kept import near


@require_safe
def agreement_standing(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk)
    reach = reach_of(request.user)
    names = reach.sees_names(whole.organisation_ids)
    context = {
        "version": whole.version,
        "standing": page_of(whole, newest_template(reach), names=names),
        "writes": reach.may(Permission.EDIT_AGREEMENTS, whole.organisation_ids),
    }
    return render(request, "agreements/standing.html", context)


def newest_template(reach: Reach) -> TemplateVersion | None:
    """Asked anew when anything has been written, since loading or publishing a template leaves an event."""
    return near.keep(("newest template", timezone.localdate()), reach.mark, newest_published)


def stands_of(whole: Whole, reach: Reach) -> StandsOn:
    return stands_on(whole.version.template, newest_template(reach))


def section_note(whole: Whole, key: str, reach: Reach) -> dict[str, object]:
    """What a section's own page says when the newest template has another text of it."""
    newest = newest_template(reach)
    return {"stands": stands_on(whole.version.template, newest), "newer_lines": newer_lines(whole, key, newest)}
