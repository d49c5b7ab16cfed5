"""Naming a filter of the list of agreements, so that one finds back to it."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from agreements.content import clean_line
from agreements.models import SavedView
from contacts.access import reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import record
from contacts.models import User
from contacts.personbound import find_identity_numbers
from municipalities.models import Organisation

MOST = 30
KNOWN = ("q", "status", "visa")
"""What of an address belongs to the filter."""


@transaction.atomic
def save_view(*, by: User, name: str, query: str, shared_with: Organisation | None = None) -> SavedView:
    """Keep a filter under a name; one that has the name already gets the new filter.

    Raises Refused for a name that is empty or too many views, and NotAllowed for sharing where one has no role.
    """
    name, query = _name(name), filter_of(query)
    _one_at_a_time(by)
    if shared_with is not None and not _belongs(by, shared_with):
        raise NotAllowed
    view = SavedView.objects.select_for_update().filter(user=by, name=name).first()
    if view is None and SavedView.objects.filter(user=by).count() >= MOST:
        raise Refused(f"Högst {MOST} vyer kan sparas. Ta bort någon först.")
    before = _facts(view) if view else {}
    view = view or SavedView(user=by, name=name)
    view.query, view.shared_with = query, shared_with
    view.save()
    record("saved_view.saved", by=by, subject=_subject(by), before=before, after=_facts(view))
    return view


def _one_at_a_time(by: User) -> None:
    """What a user keeps is written by one request at a time, so that a name that is taken is seen to be."""
    User.objects.select_for_update().get(pk=by.pk)


@transaction.atomic
def rename_view(*, by: User, view_id: int, name: str) -> SavedView:
    """Raises SavedView.DoesNotExist for a view that is not one's own, and Refused when the name is taken."""
    _one_at_a_time(by)
    view, name = _own(by, view_id), _name(name)
    if SavedView.objects.filter(user=by, name=name).exclude(pk=view.pk).exists():
        raise Refused("Du har redan en vy med det namnet.")
    before = _facts(view)
    view.name = name
    view.save(update_fields=["name"])
    record("saved_view.renamed", by=by, subject=_subject(by), before=before, after=_facts(view))
    return view


@transaction.atomic
def delete_view(*, by: User, view_id: int) -> SavedView:
    """Raises SavedView.DoesNotExist for a view that is not one's own."""
    view = _own(by, view_id)
    record("saved_view.deleted", by=by, subject=_subject(by), before=_facts(view))
    view.delete()
    return view


def filter_of(query: str) -> str:
    """The filter in an address's query, and nothing else that stands there."""
    asked, kept = QueryDict(query), QueryDict(mutable=True)
    for name in KNOWN:
        if value := asked.get(name):
            kept[name] = value
    return kept.urlencode()[:500]


def _own(user: User, view_id: int) -> SavedView:
    return SavedView.objects.select_for_update(of=("self",)).get(user=user, pk=view_id)


def _name(text: str) -> str:
    name = clean_line(text)[:60]
    if not name:
        raise Refused("Skriv ett namn på vyn.")
    if find_identity_numbers(name):
        raise Refused("Namnet får inte innehålla personnummer.")
    return name


def _belongs(user: User, organisation: Organisation) -> bool:
    held = reach_of(user).by_permission.values()
    return any(organisation.pk in organisations for organisations in held)


def _facts(view: SavedView) -> dict[str, object]:
    return {"name": view.name, "query": view.query, "shared_with": view.shared_with_id}


def _subject(user: User) -> str:
    return f"user:{user.pk}"
