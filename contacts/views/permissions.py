"""Who may do what and why: in one's own organisations, or everywhere for the administrator."""

from __future__ import annotations

import datetime
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from contacts.access import Permission, reach_of
from contacts.models import Event, Membership, User
from contacts.presenters import present
from contacts.roles import DEFINITIONS, Role
from contacts.rules import clean_line
from contacts.who_may import above, gives, held_in, national_roles, right_of, words

PAGE_SIZE = 50
HISTORY_LENGTH = 20


@require_safe
def permissions(request: HttpRequest) -> HttpResponse:
    user, today = cast(User, request.user), timezone.localdate()
    reach = reach_of(user)
    administrator = reach.nationally(Permission.ADMINISTER)
    mine = list(held_in(None, today).filter(user=user))
    own = {membership.organisation_id: membership.organisation for membership in mine}
    names = administrator or reach.sees_names(own)
    upper = held_in(above(own.values()), today)
    context = {
        "administrator": administrator,
        "mine": [right_of(membership, names=True) for membership in mine],
        "names": names,
        "above": [right_of(row, names=reach.sees_names([row.organisation_id])) for row in upper],
        "national": _national(today),
        "permissions": [words(permission) for permission in Permission],
        "matrix": [(str(role.label), [p in DEFINITIONS[role].permissions for p in Permission]) for role in Role],
    }
    context |= _page(request, None if administrator else list(own), today, names=names)
    return render(request, "contacts/permissions.html", context)


def _page(
    request: HttpRequest, organisation_ids: list[int] | None, today: datetime.date, *, names: bool
) -> dict[str, Any]:
    """One page of the roles held in the organisations, narrowed by what is searched for."""
    text = clean_line(request.GET.get("q", ""))[:100]
    page = Paginator(held_in(organisation_ids, today, text, names=names), PAGE_SIZE).get_page(request.GET.get("sida"))
    subjects = {f"organisation:{row.organisation_id}" for row in page} | {f"user:{row.user_id}" for row in page}
    events = Event.objects.about(*subjects).newest_first()[:HISTORY_LENGTH]
    return {
        "text": text,
        "rights": [right_of(membership, names=names) for membership in page],
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1),
        "query": urlencode({"q": text}) if text else "",
        "history": present(events, names=names),
    }


def _national(today: datetime.date) -> list[tuple[str, int, tuple[str, ...]]]:
    """The roles that reach the whole country, how many hold each, and what it gives."""
    held = Membership.objects.current(today).filter(user__is_active=True, role__in=national_roles())
    counts = dict(held.values_list("role").annotate(Count("pk")))
    return [(str(role.label), counts[role], gives(role)) for role in national_roles() if role in counts]
