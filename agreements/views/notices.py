"""Giving notice for a party, and taking it back: pages that say what will happen, then the act."""

from __future__ import annotations

import datetime
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agreements.actions import giving_notice
from agreements.dates import spelled
from agreements.ending import notice_ends, why_not_leave
from agreements.forms.ending import AskBackForm, NoticeForm
from agreements.gather import Whole
from agreements.models import Notice, Party, Version
from agreements.notices import MUNICIPALITY
from agreements.states import Move, State, refusal
from agreements.views.doors import open_version, posted
from contacts.access import Permission, reach_of
from contacts.errors import Refused
from contacts.models import Function, User


@require_http_methods(["GET", "HEAD", "POST"])
def notice_give(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    whole = open_version(request, pk, Permission.SIGN_AGREEMENTS)
    party, today = _own_party(request, whole, party_pk), timezone.localdate()
    choices = [] if party.side == MUNICIPALITY else _not_told(whole, today)
    if request.method != "POST" and (obstacle := _obstacle(whole, party, choices, today)):
        messages.info(request, obstacle)
        return redirect("agreement", pk)
    initial = {"function": party.signing_function, "leaving": [one.pk for one in choices if len(choices) == 1]}
    form = NoticeForm(posted(request), version=whole.version, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid() and (version := _give(request, form, pk, party)):
        messages.success(request, f"Överenskommelsen är uppsagd{_until(version)}.")
        return redirect("agreement", pk)
    return _page(request, whole, party, form, today)


def _own_party(request: HttpRequest, whole: Whole, party_pk: int) -> Party:
    """404 for a party that is not of this agreement, 403 for one the user does not sign for."""
    party = next((party for party in whole.parties if party.pk == party_pk), None)
    if party is None:
        raise Http404("Parten finns inte i överenskommelsen.")
    if party.organisation_id not in reach_of(request.user).organisations(Permission.SIGN_AGREEMENTS):
        raise PermissionDenied
    return party


def _not_told(whole: Whole, today: datetime.date) -> list[Party]:
    """The municipalities that are bound and that nobody has given notice for."""
    told = set(Notice.objects.standing().filter(version=whole.version).values_list("leaving", flat=True))
    return [
        party
        for party in whole.parties
        if party.side == MUNICIPALITY and party.pk not in told and not _why_not(party, today, None)
    ]


def _why_not(party: Party, today: datetime.date, successor: int | None) -> str:
    days = party.in_force
    begins, ends = (days.lower, days.upper) if days else (None, None)
    return why_not_leave(begins=begins, ends=ends, today=today, successor=successor)


def _obstacle(whole: Whole, party: Party, choices: list[Party], today: datetime.date) -> str:
    """Why notice can't be given now, in words; empty when it can. The action asks again."""
    if whole.version.state != State.IN_FORCE:
        return refusal(Move.GIVE_NOTICE, whole.version.state)
    if why := _why_not(party, today, giving_notice.successor_of(whole.version)):
        return why
    told = Notice.objects.standing().filter(leaving=party).exists() if party.side == MUNICIPALITY else not choices
    return "Överenskommelsen är redan uppsagd." if told else ""


def _give(request: HttpRequest, form: NoticeForm, pk: int, party: Party) -> Version | None:
    try:
        return giving_notice.give_notice(
            by=cast(User, request.user),
            version_id=pk,
            party_id=party.pk,
            wish=form.wish(),
            decision=form.decision(),
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


def _until(version: Version) -> str:
    return f" och upphör {spelled(version.notice_until)}" if version.notice_until else ""


def _page(request: HttpRequest, whole: Whole, party: Party, form: NoticeForm, today: datetime.date) -> HttpResponse:
    version = whole.version
    context = {
        "version": version,
        "party": party,
        "form": form,
        "last_day": notice_ends(today, version.notice_months, version.period_end),
        "today": today,
        "others": [other for other in whole.parties if other.side == MUNICIPALITY and other != party],
        "functions": Function.objects.filter(active=True, signing=True, side=party.side),
    }
    return render(request, "agreements/notice.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_back(request: HttpRequest, pk: int, notice_pk: int) -> HttpResponse:
    """Whoever gave notice asks to take it back; the other party reads why, and consents."""
    whole = open_version(request, pk, Permission.SIGN_AGREEMENTS)
    notice = Notice.objects.filter(version=whole.version, pk=notice_pk).select_related("leaving", "giver").first()
    if notice is None:
        raise Http404("Uppsägningen finns inte.")
    asks = notice.asked_back_at is None
    party = notice.giver if asks else giving_notice.consenter(notice, whole)
    if party.organisation_id not in reach_of(request.user).organisations(Permission.SIGN_AGREEMENTS):
        raise PermissionDenied
    form = AskBackForm(posted(request), needed=asks)
    if request.method == "POST" and form.is_valid() and _back(request, form, notice):
        return redirect("agreement", pk)
    context = {"version": whole.version, "notice": notice, "asks": asks, "form": form, "party": party}
    return render(request, "agreements/notice_back.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest, form: AskBackForm, notice: Notice) -> bool:
    user, now = cast(User, request.user), timezone.now()
    try:
        if notice.asked_back_at is None:
            giving_notice.ask_back(by=user, notice_id=notice.pk, now=now, **form.facts())
            messages.success(request, "Den andra parten är tillfrågad. Uppsägningen gäller tills den har samtyckt.")
        else:
            giving_notice.take_back(by=user, notice_id=notice.pk, now=now)
            messages.success(request, "Uppsägningen är tillbakatagen. Överenskommelsen gäller som förut.")
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True
