"""The one door to an agreement: fetches and checks together. 404 to outsiders, 403 to readers who try to write."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict

from agreements.desk import section_of
from agreements.gather import Whole
from agreements.models import Version
from contacts.access import Permission, Reach, reach_of
from contacts.rules import without_controls


def open_version(request: HttpRequest, pk: int, permission: Permission | None = None) -> Whole:
    """The version with all that belongs to it, if this user reads it; with `permission` also held for a party."""
    reach = reach_of(request.user)
    version = Version.objects.visible_to(reach).with_heads().defer("frozen").filter(pk=pk).first()
    if version is None:
        raise Http404("Överenskommelsen finns inte eller är inte din.")
    whole = Whole(version)
    if permission is not None and not reach.may(permission, whole.organisation_ids):
        raise PermissionDenied
    return whole


def open_section(request: HttpRequest, pk: int, key: str) -> Whole:
    """The version with one section alone, for somebody who writes in it."""
    whole = section_of(pk, key, by=request.user)  # type: ignore[arg-type]  # login is demanded by middleware
    if whole is None or not reach_of(request.user).reads(whole.organisation_ids):
        raise Http404("Avsnittet finns inte eller är inte ditt.")
    if not reach_of(request.user).may(Permission.EDIT_AGREEMENTS, whole.organisation_ids):
        raise PermissionDenied
    return whole


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, without the characters that no page can show again; None when the page is only looked at."""
    if request.method != "POST":
        return None
    data = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        data.setlist(without_controls(name), [without_controls(str(value)) for value in values])
    return data


def is_part(request: HttpRequest, target: str) -> bool:
    """Whether htmx asks for this part of the page alone; a page it restores from history is asked for whole."""
    headers = request.headers
    return headers.get("HX-Target") == target and "HX-History-Restore-Request" not in headers


def may(reach: Reach, permission: Permission, whole: Whole) -> bool:
    """Whether buttons for this permission are shown; the action asks again."""
    return reach.may(permission, whole.organisation_ids)
