"""Declining to sign, taking one's signature back, and setting the order of the parties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agreements.actions import declining, ordering
from agreements.actions.signing import has_signed
from agreements.forms.signing import NotSigningForm, OrderForm
from agreements.gather import Whole
from agreements.models import Party, signature_of
from agreements.states import TRANSITIONS, Move, refusal
from agreements.turns import order_words
from agreements.views.doors import open_version, posted
from agreements.views.signing import own_party
from contacts.access import Permission
from contacts.errors import NotAllowed, Refused
from contacts.models import User


@dataclass(frozen=True)
class Words:
    title: str
    lead: str
    button: str
    done: str


WORDS = {
    Move.DECLINE: Words(
        "Avböj att underteckna",
        "Överenskommelsen blir ett utkast igen, och underskrifter som redan har lämnats gäller inte längre. Alla "
        "parter får veta att {party} avböjer, och varför.",
        "Avböj för {party}",
        "Du har avböjt för {party}. Överenskommelsen är ett utkast igen och alla parter får brev om det.",
    ),
    Move.WITHDRAW: Words(
        "Ta tillbaka underskriften",
        "Underskriften för {party} gäller inte längre. Texten är densamma och kan undertecknas på nytt. Alla parter "
        "får veta det, och varför.",
        "Ta tillbaka underskriften",
        "Underskriften för {party} är tillbakatagen. Alla parter får brev om det.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def not_sign(request: HttpRequest, pk: int, party_pk: int, move: Move) -> HttpResponse:
    whole = open_version(request, pk, Permission.SIGN_AGREEMENTS)
    party = own_party(request, whole, party_pk)
    form = NotSigningForm(posted(request))
    if request.method == "POST":
        return _act(request, whole, party, move, form)
    if obstacle := _obstacle(request, whole, party, move):
        messages.info(request, obstacle)
        return redirect("agreement", pk)
    return _page(request, whole, party, move, form)


def _obstacle(request: HttpRequest, whole: Whole, party: Party, move: Move) -> str:
    """Why it can't be done now, in words; empty when it can. The action asks again."""
    signature = signature_of(party)
    if whole.version.state not in TRANSITIONS[move].sources:
        return refusal(move, whole.version.state)
    if move is Move.DECLINE:
        return f"{has_signed(party)} Ta först tillbaka underskriften." if signature else ""
    if signature is None:
        return f"{party.name} har inte undertecknat."
    mine = signature.user_id == cast(User, request.user).pk
    return "" if mine else "Bara den som har undertecknat kan ta tillbaka underskriften."


def _act(request: HttpRequest, whole: Whole, party: Party, move: Move, form: NotSigningForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, whole, party, move, form, status=422)
    deed = declining.decline if move is Move.DECLINE else declining.withdraw
    facts: dict[str, Any] = {"version_id": whole.version.pk, "party_id": party.pk, "now": timezone.now()}
    try:
        deed(by=cast(User, request.user), reason=form.cleaned_data["reason"], **facts)
    except NotAllowed:
        raise PermissionDenied from None
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, whole, party, move, form, status=409)
    messages.success(request, WORDS[move].done.format(party=party.name))
    return redirect("agreement", whole.version.pk)


def _page(
    request: HttpRequest, whole: Whole, party: Party, move: Move, form: NotSigningForm, status: int = 200
) -> HttpResponse:
    words = WORDS[move]
    context = {
        "version": whole.version,
        "form": form,
        "title": words.title,
        "lead": words.lead.format(party=party.name),
        "button": words.button.format(party=party.name),
        "color": "danger",
        "left": [],
        "serious": [],
    }
    return render(request, "agreements/move.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def signing_order(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    form = OrderForm(posted(request), parties=whole.parties)
    if request.method == "POST":
        return _set_order(request, whole, form)
    if why := ordering.why_not_order(whole.version.state):
        messages.info(request, why)
        return redirect("agreement", pk)
    return _order_page(request, whole, form)


def _set_order(request: HttpRequest, whole: Whole, form: OrderForm) -> HttpResponse:
    if not form.is_valid():
        return _order_page(request, whole, form, status=422)
    user, now = cast(User, request.user), timezone.now()
    try:
        version = ordering.order_signatures(by=user, version_id=whole.version.pk, turns=form.turns(), now=now)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _order_page(request, whole, form, status=409)
    order = order_words(list(version.parties.all()))
    messages.success(request, f"Ordningen är {order}." if order else "Parterna kan underteckna samtidigt.")
    return redirect("agreement", version.pk)


def _order_page(request: HttpRequest, whole: Whole, form: OrderForm, status: int = 200) -> HttpResponse:
    return render(request, "agreements/signing_order.html", {"version": whole.version, "form": form}, status=status)
