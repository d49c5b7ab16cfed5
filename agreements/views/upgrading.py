"""The upgrade assistant: what a newer template asks of an agreement, point by point until all is decided."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agreements.actions import amending, upgrading
from agreements.gather import Whole
from agreements.models import TemplateVersion, UpgradePoint, Version
from agreements.states import WORKING, State
from agreements.upgrade_page import places_for_text, upgrade_list
from agreements.views.amending import amendable
from agreements.views.body import siblings
from agreements.views.doors import may, open_version
from contacts.access import Permission, Reach, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.kept import near
from contacts.models import User


class Newer(NamedTuple):
    """A published template as the pages name it."""

    number: int
    name: str
    valid_from: datetime.date
    valid_to: datetime.date | None
    news: str

    def is_open(self, on: datetime.date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or self.valid_to > on)


def published_templates(reach: Reach) -> list[Newer]:
    """Every published version, the newest first; read anew only when something has been written."""
    return near.keep(("templates",), reach.mark, _read)


def _read() -> list[Newer]:
    rows = TemplateVersion.objects.published().values_list("number", "name", "valid_from", "valid_to", "news")
    return [Newer._make(row) for row in rows]


def newer_than(version: Version, reach: Reach) -> Newer | None:
    """The newest template after its own that new agreements are made from today, else one that is yet to apply."""
    later = [row for row in published_templates(reach) if row.number > version.template.number]
    today = timezone.localdate()
    return next((row for row in later if row.is_open(today)), next(iter(later), None))


def upgrade_panel(whole: Whole, reach: Reach) -> dict[str, Any]:
    """What the agreement's page says of templates: a newer one, and how much is left to decide."""
    version = whole.version
    newer = newer_than(version, reach) if version.state not in (State.ENDED, State.DISCARDED) else None
    asks = version.state in WORKING and version.template.number > 1
    points = list(version.upgrade_points.values_list("decided_at", "kind")) if asks else []
    left = sum(decided is None and kind != UpgradePoint.Kind.REQUIRED for decided, kind in points)
    applies = newer is not None and newer.is_open(timezone.localdate())
    return {"newer": newer, "newer_applies": applies, "points": len(points), "points_left": left}


@require_http_methods(["GET", "HEAD", "POST"])
def upgrade(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
        return _go_over(request, whole)
    whole, reach = open_version(request, pk), reach_of(request.user)
    writes = may(reach, Permission.EDIT_AGREEMENTS, whole)
    listed = upgrade_list(whole, names=reach.sees_names(whole.organisation_ids))
    newer = newer_than(whole.version, reach)
    if newer is None and not listed.total:
        messages.info(request, f"Överenskommelsen bygger på mall {whole.version.template.number}, som är den nyaste.")
        return redirect("agreement", pk)
    context = {
        "version": whole.version,
        "newer": newer,
        "list": listed,
        "sees_names": reach.sees_names(whole.organisation_ids),
        "editable": writes and whole.version.state == State.DRAFT,
        "places": places_for_text(whole.template_sections),
        **_way_over(whole, newer, writes=writes),
    }
    return render(request, "agreements/upgrade.html", context)


def _way_over(whole: Whole, newer: Newer | None, *, writes: bool) -> dict[str, Any]:
    """What going over would mean and which button does it; nothing when that can't be done here and now."""
    nothing: dict[str, Any] = {"foreseen": [], "button": "", "onward": None}
    if newer is None or not newer.is_open(timezone.localdate()):
        return nothing
    version, others = whole.version, siblings(whole.version)
    in_work = next((other for other in others if other.state in WORKING), None)
    if version.state == State.DRAFT:
        button = f"Gå över till mall {newer.number}"
    elif amendable(whole, others):
        button = f"Börja på en ny version på mall {newer.number}"
    else:
        return {**nothing, "onward": in_work}
    template = TemplateVersion.objects.get(number=newer.number)
    return {"foreseen": upgrading.foresee(whole, template), "button": button if writes else "", "onward": None}


def _go_over(request: HttpRequest, whole: Whole) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # login is demanded by middleware
    pk, today = whole.version.pk, timezone.localdate()
    try:
        if whole.version.state == State.DRAFT:
            new = upgrading.move_to_newest(by=user, version_id=pk, today=today)
        else:
            new = amending.start_amendment(by=user, version_id=pk, today=today)
    except NotAllowed:
        raise PermissionDenied from None
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("agreement", pk)
    messages.success(request, f"Utkastet bygger nu på mall {new.template.number}. Er text har följt med.")
    return redirect("upgrade" if new.upgrade_points.exists() else "agreement", new.pk)


@require_POST
def upgrade_decide(request: HttpRequest, pk: int, point_pk: int) -> HttpResponse:
    """Read, not needed, placed in a field, or asked again."""
    open_version(request, pk, Permission.EDIT_AGREEMENTS)
    section, _, field = request.POST.get("place", "").partition(".")
    where: dict[str, Any] = {"by": request.user, "version_id": pk, "point_id": point_pk}
    deeds: dict[str, Callable[[], Any]] = {
        "decide": lambda: upgrading.decide(**where, now=timezone.now()),
        "place": lambda: upgrading.place(**where, section_key=section, field_key=field, now=timezone.now()),
        "undo": lambda: upgrading.undo(**where),
    }
    try:
        deeds[request.POST.get("deed", "decide")]()
    except (KeyError, UpgradePoint.DoesNotExist):
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Sparat.")
    response = redirect("upgrade", pk)
    response["Location"] += f"#punkt-{point_pk}"
    return response
