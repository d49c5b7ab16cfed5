"""The page where a signatory reads the fixed text and signs for a party."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agreements.actions import signing
from agreements.actions.opening import note_opened
from agreements.actions.signing import Unproven, has_signed
from agreements.assurance import LEVEL_WORDS, why_not_proven
from agreements.attached import attached_lines
from agreements.commissions import Giver, givers_for
from agreements.forms.signing import SignatureForm
from agreements.gather import Whole
from agreements.models import OpenedText, Party, Signature, Version
from agreements.sheets import sheets
from agreements.states import TRANSITIONS, Move, State, refusal
from agreements.turns import order_words, why_wait
from agreements.views.body import parties_for, staffing
from agreements.views.doors import open_version, posted
from agreements.views.reading import lines_of, reader_of
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import Function, User
from contacts.proof import proof_of
from contacts.views.personal_links import is_ahead


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    whole = open_version(request, pk, Permission.SIGN_AGREEMENTS)
    party = own_party(request, whole, party_pk)
    if request.method == "POST":
        return _sign(request, whole, party)
    obstacle = _obstacle(whole, party)
    if obstacle:
        messages.info(request, obstacle)
        return redirect("agreement", pk)
    initial = {"function": party.signing_function} | _kept(request, whole, party)
    form = SignatureForm(givers=_givers(request, party), initial=initial | {"seen_hash": whole.version.text_hash})
    answer = _page(request, whole, party, form)
    if request.method == "GET" and not is_ahead(request):
        _note_shown(request, whole)
    return answer


def own_party(request: HttpRequest, whole: Whole, party_pk: int) -> Party:
    """404 for a party that is not of this agreement, 403 for one the user does not sign for."""
    party = next((party for party in whole.parties if party.pk == party_pk), None)
    if party is None:
        raise Http404("Parten finns inte i överenskommelsen.")
    if party.organisation_id not in reach_of(request.user).organisations(Permission.SIGN_AGREEMENTS):
        raise PermissionDenied
    return party


def _givers(request: HttpRequest, party: Party) -> list[Giver]:
    return givers_for(party, by=cast(User, request.user), on=timezone.localdate())


def _obstacle(whole: Whole, party: Party) -> str:
    """Why the party can't sign now, in words; empty when it can."""
    signed = set(Signature.objects.filter(version=whole.version).values_list("party", flat=True))
    if party.pk in signed:
        return has_signed(party)
    if whole.version.state not in TRANSITIONS[Move.SIGN].sources:
        return refusal(Move.SIGN, whole.version.state)
    return why_wait(party, whole.parties, signed)


def _sign(request: HttpRequest, whole: Whole, party: Party) -> HttpResponse:
    form = SignatureForm(posted(request), givers=_givers(request, party))
    if not form.is_valid():
        return _page(request, whole, party, form, status=422)
    try:
        version = _signed(request, whole, party, form)
    except NotAllowed:
        raise PermissionDenied from None
    except Unproven as reason:
        return _prove_first(request, whole, party, form, str(reason))
    except Refused as reason:
        fresh = open_version(request, whole.version.pk, Permission.SIGN_AGREEMENTS)
        return _refused(request, fresh, party, form, str(reason))
    request.session.pop(_key(party), None)
    messages.success(request, _thanks(version, party))
    return redirect("agreement", version.pk)


def _signed(request: HttpRequest, whole: Whole, party: Party, form: SignatureForm) -> Version:
    now = timezone.now()
    return signing.sign(
        by=cast(User, request.user),
        version_id=whole.version.pk,
        party_id=party.pk,
        decision=form.decision(),
        commission=form.on_behalf(),
        seen_hash=form.cleaned_data["seen_hash"],
        proof=proof_of(request, now),
        now=now,
    )


def _prove_first(request: HttpRequest, whole: Whole, party: Party, form: SignatureForm, reason: str) -> HttpResponse:
    """What was typed is kept meanwhile, and filled in again afterwards."""
    request.session[_key(party)] = form.kept()
    messages.info(request, reason)
    return redirect(_prove_address(whole, party))


def _prove_address(whole: Whole, party: Party) -> str:
    onward = f"{reverse('sign', args=(whole.version.pk, party.pk))}#underteckna"
    return f"{reverse('prove')}?{urlencode({'next': onward})}"


def _key(party: Party) -> str:
    return f"signature {party.pk}"


def _kept(request: HttpRequest, whole: Whole, party: Party) -> dict[str, Any]:
    """What was typed before the signatory went to show who it is; for the same text alone."""
    kept: dict[str, Any] = request.session.get(_key(party), {})
    return kept if kept.get("seen_hash") == whole.version.text_hash else {}


def _note_shown(request: HttpRequest, whole: Whole) -> None:
    """The page has been made with the whole text: the signatory has opened it."""
    if whole.version.is_frozen:
        facts: dict[str, Any] = {
            "text_hash": whole.version.text_hash,
            "how": OpenedText.How.PAGE,
            "now": timezone.now(),
        }
        note_opened(by=cast(User, request.user), version=whole.version, **facts)


def _refused(request: HttpRequest, whole: Whole, party: Party, form: SignatureForm, reason: str) -> HttpResponse:
    """Back to the form with the reason, or to the agreement when there is nothing left to sign."""
    if whole.version.is_frozen and _obstacle(whole, party):
        messages.info(request, reason)
        return redirect("agreement", whole.version.pk)
    form.add_error(None, reason)
    answer = _page(request, whole, party, form, status=409)
    _note_shown(request, whole)
    return answer


def _thanks(version: Version, party: Party) -> str:
    if version.state == State.IN_FORCE:
        return "Alla parter har undertecknat. Överenskommelsen är nu bindande och arkivexemplaret framställs."
    return f"Du har undertecknat för {party.name}."


def _page(request: HttpRequest, whole: Whole, party: Party, form: SignatureForm, status: int = 200) -> HttpResponse:
    if whole.version.frozen is None:
        messages.error(request, "Överenskommelsen har öppnats igen och kan inte undertecknas.")
        return redirect("agreement", whole.version.pk)
    if status == 409:
        _ask_to_read_again(form, whole.version.text_hash)
    reader = reader_of(whole, reach_of(request.user))
    context = {
        "version": whole.version,
        "party": party,
        "parties": parties_for(whole, reader),
        "sees_names": reader.names,
        "staffing": staffing(whole) if reader.names else None,
        "serious": lines_of(whole, reader).serious,
        "sheets": sheets(whole.version.frozen, []),
        "document": whole.version.frozen,
        "attached": attached_lines(whole.attachments, names=reader.names),
        "form": form,
        "functions": Function.objects.filter(active=True, signing=True, side=party.side),
        "order": order_words(whole.parties),
        **_identity(request),
    }
    return render(request, "agreements/sign.html", context, status=status)


def _identity(request: HttpRequest) -> dict[str, Any]:
    """How surely and how lately the signatory has shown who it is, and what is demanded."""
    now = timezone.now()
    proof = proof_of(request, now)
    why = why_not_proven(proof, demanded=settings.SIGNING_LEVEL, minutes=settings.SIGNING_PROOF_MINUTES, now=now)
    return {
        "proven_at": None if why or proof is None else proof.at,
        "demanded": LEVEL_WORDS[settings.SIGNING_LEVEL],
        "minutes": settings.SIGNING_PROOF_MINUTES,
    }


def _ask_to_read_again(form: SignatureForm, text_hash: str) -> None:
    """The page shows the text anew, so it is that text which is signed next, once it has been read."""
    data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, as posted
    data["seen_hash"] = text_hash
    data.pop("read", None)
    form.data = data
