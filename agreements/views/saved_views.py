"""Saved views of the list of agreements: naming the filter one stands in, renaming and removing one's own."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.actions import saved_views
from agreements.models import SavedView
from agreements.views.doors import posted
from contacts.access import reach_of
from contacts.errors import Refused
from contacts.kept import near
from contacts.models import Membership, User
from municipalities.models import Organisation


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    data = posted(request) or request.POST
    user, query = cast(User, request.user), data.get("query", "")
    own = _organisations(user)
    shared = next((o for o in own if str(o.pk) == data.get("delas")), None)
    try:
        view = saved_views.save_view(by=user, name=data.get("name", ""), query=query, shared_with=shared)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('agreement_list')}?{saved_views.filter_of(query)}")
    messages.success(request, f"Vyn {view.name} är sparad.")
    return redirect(f"{reverse('agreement_list')}?{view.query}")


@require_safe
def view_list(request: HttpRequest) -> HttpResponse:
    """One's own views, to rename and remove; and where they are shared."""
    own = SavedView.objects.filter(user=request.user.pk).select_related("shared_with").order_by("name", "pk")
    return render(request, "agreements/saved_views.html", {"views": own})


@require_http_methods(["GET", "HEAD", "POST"])
def view_change(request: HttpRequest, view_pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, user=request.user.pk, pk=view_pk)
    data = posted(request)
    if data is None:
        return render(request, "agreements/saved_view.html", {"view": view, "name": view.name, "error": ""})
    user = cast(User, request.user)
    try:
        if data.get("ta-bort"):
            saved_views.delete_view(by=user, view_id=view_pk)
            messages.success(request, f"Vyn {view.name} är borttagen.")
        else:
            saved_views.rename_view(by=user, view_id=view_pk, name=data.get("name", ""))
            messages.success(request, "Vyn har fått ett nytt namn.")
    except Refused as refused:
        context = {"view": view, "name": data.get("name", ""), "error": str(refused)}
        return render(request, "agreements/saved_view.html", context, status=422)
    except SavedView.DoesNotExist:
        raise Http404("Vyn finns inte längre.") from None
    return redirect("view_list")


def _organisations(user: User) -> list[Organisation]:
    """Where the user has a role: with these a view can be shared."""
    mine = Membership.objects.filter(user=user, to_date__isnull=True).values("organisation")
    return list(Organisation.objects.filter(pk__in=mine).in_swedish_order())


def views_panel(user: User, query: str) -> dict[str, object]:
    """The views above the list, and the form that saves the present filter. Kept until anything is written."""
    saved, organisations = near.keep(("views", user.pk), reach_of(user).mark, lambda: _read(user))
    views = [{"name": n, "query": q, "here": q == query, "shared": shared} for n, q, shared in saved]
    known = any(view["here"] for view in views)
    return {"views": views, "query": query, "can_save": bool(query) and not known, "organisations": organisations}


def _read(user: User) -> tuple[list[tuple[str, str, bool]], list[Organisation]]:
    rows = SavedView.objects.for_user(user)
    return [(row.name, row.query, row.user_id != user.pk) for row in rows], _organisations(user)
