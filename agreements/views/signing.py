"""The page where a signatory reads the fixed text and signs for a party."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agreements.actions import signing
from agreements.actions.signing import has_signed
from agreements.attached import attached_lines
from agreements.forms.moves import SignForm
from agreements.gather import Whole
from agreements.models import Party, Signature, Version
from agreements.sheets import sheets
from agreements.states import TRANSITIONS, Move, State, refusal
from agreements.views.body import parties_for, staffing
from agreements.views.doors import open_version, posted
from agreements.views.reading import lines_of, reader_of
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import Function


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    whole = open_version(request, pk, Permission.SIGN_AGREEMENTS)
    party = _own_party(request, whole, party_pk)
    if request.method == "POST":
        return _sign(request, whole, party)
    obstacle = _obstacle(whole.version, party)
    if obstacle:
        messages.info(request, obstacle)
        return redirect("agreement", pk)
    initial = {"function": party.signing_function, "seen_hash": whole.version.text_hash}
    return _page(request, whole, party, SignForm(initial=initial, label_suffix=""))


def _own_party(request: HttpRequest, whole: Whole, party_pk: int) -> Party:
    """404 for a party that is not of this agreement, 403 for one the user does not sign for."""
    party = next((party for party in whole.parties if party.pk == party_pk), None)
    if party is None:
        raise Http404("Parten finns inte i överenskommelsen.")
    if party.organisation_id not in reach_of(request.user).organisations(Permission.SIGN_AGREEMENTS):
        raise PermissionDenied
    return party


def _obstacle(version: Version, party: Party) -> str:
    """Why the party can't sign now, in words; empty when it can."""
    if Signature.objects.filter(party=party).exists():
        return has_signed(party)
    return "" if version.state in TRANSITIONS[Move.SIGN].sources else refusal(Move.SIGN, version.state)


def _sign(request: HttpRequest, whole: Whole, party: Party) -> HttpResponse:
    form = SignForm(posted(request), label_suffix="")
    if not form.is_valid():
        return _page(request, whole, party, form, status=422)
    try:
        version = signing.sign(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            version_id=whole.version.pk,
            party_id=party.pk,
            decision=form.decision(),
            seen_hash=form.cleaned_data["seen_hash"],
            now=timezone.now(),
        )
    except NotAllowed:
        raise PermissionDenied from None
    except Refused as reason:
        fresh = open_version(request, whole.version.pk, Permission.SIGN_AGREEMENTS)
        return _refused(request, fresh, party, form, str(reason))
    messages.success(request, _thanks(version, party))
    return redirect("agreement", version.pk)


def _refused(request: HttpRequest, whole: Whole, party: Party, form: SignForm, reason: str) -> HttpResponse:
    """Back to the form with the reason, or to the agreement when there is nothing left to sign."""
    if whole.version.is_frozen and _obstacle(whole.version, party):
        messages.info(request, reason)
        return redirect("agreement", whole.version.pk)
    form.add_error(None, reason)
    return _page(request, whole, party, form, status=409)


def _thanks(version: Version, party: Party) -> str:
    if version.state == State.IN_FORCE:
        return "Alla parter har undertecknat. Överenskommelsen är nu bindande och arkivexemplaret framställs."
    return f"Du har undertecknat för {party.name}."


def _page(request: HttpRequest, whole: Whole, party: Party, form: SignForm, status: int = 200) -> HttpResponse:
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
    }
    return render(request, "agreements/sign.html", context, status=status)


def _ask_to_read_again(form: SignForm, text_hash: str) -> None:
    """The page shows the text anew, so it is that text which is signed next, once it has been read."""
    data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, as posted
    data["seen_hash"] = text_hash
    data.pop("read", None)
    form.data = data
