"""The calendar of an organisation: the page about it, and the file that calendars fetch by a secret address."""

from __future__ import annotations

import datetime
import hashlib
from typing import Final, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from agreements.actions import subscribing
from agreements.calendar_days import days_of, name_of
from agreements.ical import calendar_file
from agreements.models import CalendarFeed
from contacts.access import Permission, Reach, reach_of
from contacts.errors import Refused
from contacts.kept import near
from contacts.links import absolute
from contacts.models import User
from contacts.views.doors import open_organisation, trail_to
from municipalities.models import Organisation

READ = Permission.READ_AGREEMENTS
SHOWN_ONCE: Final = "kalenderadress"
SHOWN_FOR: Final = 5 * 60
"""Seconds within which the address must be looked at after it was made."""
MOST_AN_HOUR: Final = 120
KEPT_FOR: Final = 15 * 60


@require_safe
def organisation_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """How to subscribe, and which addresses there are."""
    organisation = open_organisation(request, pk, READ)
    user, reach = cast(User, request.user), reach_of(request.user)
    manages = reach.may(Permission.EDIT_AGREEMENTS, [pk])
    rows = CalendarFeed.objects.filter(organisation=organisation, revoked_at__isnull=True).select_related("user")
    feeds = list(rows.order_by("-created_at") if manages else rows.filter(user=user))
    secret = request.get_signed_cookie(SHOWN_ONCE, None, salt=_salt(user, pk), max_age=SHOWN_FOR)
    address = absolute(reverse("calendar_feed", args=(secret,))) if secret else ""
    context = {
        "organisation": organisation,
        "trail": trail_to(organisation),
        "own": next((feed for feed in feeds if feed.user_id == user.pk), None),
        "others": [feed for feed in feeds if feed.user_id != user.pk],
        "sees_names": reach.sees_names([pk]),
        "address": address,
        "webcal": address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
        "is_party": organisation.side != Organisation.Side.NONE,
    }
    answer = render(request, "agreements/calendar.html", context)
    if secret:
        answer.delete_cookie(SHOWN_ONCE, path=request.path)
    return answer


@require_POST
def calendar_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an address, or a new one in the place of the old. It travels in a cookie to the page that shows it once."""
    organisation = open_organisation(request, pk, READ)
    user, page = cast(User, request.user), reverse("organisation_calendar", args=(pk,))
    answer = redirect(page)
    try:
        opened = subscribing.open_feed(by=user, organisation=organisation)
    except Refused as refusal:
        messages.info(request, str(refusal))
        return answer
    answer.set_signed_cookie(
        SHOWN_ONCE,
        opened.secret,
        salt=_salt(user, pk),
        max_age=SHOWN_FOR,
        path=page,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    return answer


def _salt(user: User, organisation: int) -> str:
    """An address is shown to the one who made it, on the page of its organisation."""
    return f"calendar.{user.pk}.{organisation}"


@require_POST
def calendar_shut(request: HttpRequest, pk: int, feed_pk: int) -> HttpResponse:
    open_organisation(request, pk, READ)
    feed = get_object_or_404(CalendarFeed, pk=feed_pk, organisation=pk)
    subscribing.shut_feed(by=cast(User, request.user), feed_id=feed.pk)
    messages.success(request, "Adressen är avslutad. Kalendrar som använder den får inga nya uppgifter.")
    return redirect("organisation_calendar", pk)


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar itself: whoever has the address reads it, for as long as its maker reads the organisation."""
    feed = _feed(secret)
    if feed is None:
        return _shut(HttpResponse("Kalendern finns inte.\n", status=404, content_type="text/plain; charset=utf-8"))
    if _asked_too_often(feed):
        answer = HttpResponse("Försök igen senare.\n", status=429, content_type="text/plain; charset=utf-8")
        answer["Retry-After"] = "3600"
        return _shut(answer)
    body = _body(feed, timezone.localdate())
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="overenskommelser.ics"'
    answer["ETag"] = etag
    answer["Cache-Control"] = f"private, max-age={KEPT_FOR}"
    conditional = get_conditional_response(request, etag=etag, response=answer)
    return _shut(cast(HttpResponse, conditional))


def _feed(secret: str) -> CalendarFeed | None:
    """An open feed whose maker still reads its organisation."""
    if len(secret) != subscribing.LENGTH:
        return None
    rows = CalendarFeed.objects.filter(address_hash=subscribing.hashed(secret), revoked_at__isnull=True)
    feed = rows.select_related("organisation", "user").first()
    return feed if feed and _reach(feed).may(READ, [feed.organisation_id]) else None


def _reach(feed: CalendarFeed) -> Reach:
    return reach_of(feed.user)


def _body(feed: CalendarFeed, today: datetime.date) -> bytes:
    """Made once for all who subscribe to the organisation.

    The days are read again when anything has been written anywhere, the file is made again when they differ: to make
    it takes a millisecond a day, and the whole authority has a thousand.
    """
    organisation = feed.organisation
    key = ("calendar", organisation.pk, today)
    entries = near.keep(key, _reach(feed).mark, lambda: days_of(organisation, today))
    name = name_of(organisation)
    found = hashlib.sha256(repr((name, entries)).encode()).hexdigest()
    return near.keep(("calendar file", organisation.pk), found, lambda: calendar_file(name, entries))


def _asked_too_often(feed: CalendarFeed) -> bool:
    """Counted by the hour in the cache; with no cache nobody is counted."""
    key = f"calendar:{feed.pk}:{timezone.now():%Y%m%d%H}"
    if cache.add(key, 1, 3600):
        return False
    try:
        return cache.incr(key) > MOST_AN_HOUR
    except ValueError:
        return False


def _shut(answer: HttpResponse) -> HttpResponse:
    """The address is a key: it is not handed on, nor found by search engines."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    if "Cache-Control" not in answer.headers:
        answer["Cache-Control"] = "no-store"
    return answer
