"""What is new to the one who has logged in: marks beside the text, what has changed, and noting that it is read."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agreements.actions import looking
from agreements.gather import Whole
from agreements.models import Version
from agreements.since import changes, written_after
from agreements.talk import changed_in, looks_of, marks_of, unread_in
from agreements.views.body import happened
from agreements.views.doors import open_version, posted
from contacts.access import Permission, reach_of
from contacts.models import User

MOST_NEWS = 60


@require_safe
def marks(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of what is new, and the marks beside each section; asked for by the page once it is shown."""
    whole = open_version(request, pk)
    found, unseen = marks_of(whole, _user(request), reach_of(request.user))
    only = request.GET.get("avsnitt", "")
    context = {
        "version": whole.version,
        "marks": found,
        "unread": sum(mark.unread for mark in found),
        "changed": sum(mark.changed for mark in found),
        "open_threads": sum(mark.open_threads for mark in found),
        "only": next((mark for mark in found if mark.key == only), None),
        "headed": "rubriker" in request.GET,
        "unseen": unseen,
        "shown": _number(request.GET.get("sett", "")),
    }
    return render(request, "agreements/_marks.html", context)


@require_safe
def changed(request: HttpRequest, pk: int) -> HttpResponse:
    """What others have written since the user read each section."""
    whole = open_version(request, pk)
    user = _user(request)
    seen = {key: look.event for key, look in looks_of(user, whole.version).items()}
    written = written_after(whole.version.subject, min(seen.values(), default=0)) if seen else []
    names = reach_of(request.user).sees_names(whole.organisation_ids)
    context = {
        "version": whole.version,
        "changes": changes([e for e in written if e.actor_id != user.pk], whole.template_sections, seen, names=names),
        "sees_names": names,
        "has_read": bool(seen),
        "shown": happened(whole).last,
    }
    return render(request, "agreements/changed.html", context)


@require_POST
def looked(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what has been read: the sections that are named, or all of them."""
    whole = open_version(request, pk)
    data = posted(request)
    asked = data.getlist("section") if data else []
    looking.look(
        by=_user(request),
        version_id=pk,
        keys=asked or [section.key for section in whole.template_sections],
        shown=_number(request.POST.get("shown", "")),
        comment=_number(request.POST.get("comment", "")),
    )
    if "HX-Request" in request.headers:
        return HttpResponse(status=204)
    messages.success(request, "Markerat som läst.")
    return redirect(_back(whole, asked))


def _back(whole: Whole, asked: list[str]) -> str:
    if len(asked) == 1 and asked[0] in {section.key for section in whole.template_sections}:
        return reverse("section_talk", args=(whole.version.pk, asked[0]))
    return reverse("agreement", args=(whole.version.pk,))


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What is new in all agreements in work that the user has a part in."""
    context = {"news": news_of(request)}
    part = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    return render(request, "agreements/_news.html" if part else "agreements/news.html", context)


def news_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Each agreement with something new to this user, the latest talked of first: four queries, however many."""
    user, reach = _user(request), reach_of(request.user)
    mine = Version.objects.of(reach.organisations(Permission.READ_AGREEMENTS)).working()
    versions = list(mine.only("pk", "title", "state").order_by("-state_since")[:MOST_NEWS])
    ids = [version.pk for version in versions]
    unread, changed = unread_in(ids, user, reach), changed_in(ids, user)
    return [
        {"version": version, "unread": unread[version.pk].total(), "changed": changed[version.pk]}
        for version in versions
        if unread[version.pk] or changed[version.pk]
    ]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
