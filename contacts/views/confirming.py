"""Answering the yearly question by the signed link in the letter: open to whoever has the link, once."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from contacts.actions import confirming
from contacts.question_letter import can_be_judged, facts_of
from contacts.rules import without_names


@login_not_required
@csrf_exempt  # what lets one in is the link itself and no cookie; without referrer, browsers name no origin either
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The facts and a button. Reading changes nothing, since mail scanners open every link."""
    if request.method == "POST":
        answered = confirming.confirm_by_link(token=token, now=timezone.now())
        return _shut(redirect("confirmed_by_link") if answered else _used_up(request))
    question = confirming.asked_by_link(token)
    if question is None:
        return _shut(_used_up(request))
    point = question.contact_point
    context = {
        "point": point,
        "name": without_names(point.name),
        "facts": facts_of(point),
        "can_be_judged": can_be_judged(point),
        "organisation": point.organisation.name,
    }
    return _shut(render(request, "contacts/confirm_by_link.html", context))


@login_not_required
@require_safe
def confirmed_by_link(request: HttpRequest) -> HttpResponse:
    return render(request, "contacts/confirmed_by_link.html")


def _used_up(request: HttpRequest) -> HttpResponse:
    """The same for a link that is used, too old or invented."""
    return render(request, "contacts/link_used_up.html", status=404)


def _shut(answer: HttpResponse) -> HttpResponse:
    """The address is a key: it is not handed on to where the page leads."""
    answer["Referrer-Policy"] = "no-referrer"
    return answer
