"""Showing once more who one is, before what binds."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from contacts.forms import ProofForm
from contacts.limits import is_over
from contacts.models import User
from contacts.proof import keep_password_proof

MOST_TRIES, WITHIN_SECONDS = 20, 15 * 60


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    user, onward = cast(User, request.user), _onward(request)
    if request.method != "POST":
        return render(request, "contacts/prove.html", {"form": ProofForm(user=user), "next": onward})
    form = ProofForm(request.POST, user=user)
    if is_over(f"prove:{user.pk}", request, most=MOST_TRIES, seconds=WITHIN_SECONDS):
        form.add_error(None, "För många försök. Vänta en kvart och försök igen.")
    if form.is_valid():
        keep_password_proof(request, user, timezone.now())
        return redirect(onward)
    return render(request, "contacts/prove.html", {"form": form, "next": onward}, status=422)


def _onward(request: HttpRequest) -> str:
    """Where to afterwards: to a page of our own, else to one's desk."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    own = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if own else resolve_url(settings.LOGIN_REDIRECT_URL)
