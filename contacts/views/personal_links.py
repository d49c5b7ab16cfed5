"""Personal links in letters. The secret leaves the address at once; then one logs in, and only one's own link works."""

from __future__ import annotations

from typing import Final, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contacts.actions import personal_links
from contacts.links import hash_of
from contacts.models import User

KEPT_AS: Final = "personal link"
AHEAD: Final = ("prefetch", "prerender")


@login_not_required
@never_cache
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Remember which link it was, by its hash, and go on to an address without the secret. Nothing is used up."""
    if request.method == "GET" and not is_ahead(request):
        request.session[KEPT_AS] = hash_of(secret)
    answer = redirect("link_open")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def link_open(request: HttpRequest) -> HttpResponse:
    """A button that uses the link up. Somebody else's link is no page, however one came by it."""
    user, now, sha256 = cast(User, request.user), timezone.now(), str(request.session.get(KEPT_AS, ""))
    if request.method == "POST":
        path = personal_links.use_link(sha256=sha256, by=user, now=now)
        request.session.pop(KEPT_AS, None)
        return redirect(path) if path else _used_up(request)
    found = personal_links.open_link(sha256=sha256, by=user, now=now)
    if found is None:
        request.session.pop(KEPT_AS, None)
        return _used_up(request)
    return render(request, "contacts/personal_link.html")


def is_ahead(request: HttpRequest) -> bool:
    """Whether a browser fetches before anybody has asked."""
    purpose = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return any(word in purpose for word in AHEAD)


def _used_up(request: HttpRequest) -> HttpResponse:
    """The same for one that is used, too old, invented or somebody else's."""
    return render(request, "contacts/personal_link_used_up.html", status=404)
