"""Files that were signed outside the portal: handed in, looked at, vouched for, closed and handed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.actions import elsewhere
from agreements.actions.attaching import RefusedFile
from agreements.forms.elsewhere import CloseForm, HandIn, VouchForm
from agreements.gather import Whole
from agreements.models import AttachedFile, SignedFile, signature_of
from agreements.signed_lines import claim_lines, signed_line
from agreements.states import TRANSITIONS, Move, State, refusal
from agreements.steps import names as names_of
from agreements.views.attachments import file_response
from agreements.views.doors import may, open_version, posted
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import User

IN_FORCE = "Alla parter har undertecknat. Överenskommelsen är nu bindande och arkivexemplaret framställs."


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and taking in the file."""
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    waiting = SignedFile.objects.waiting().filter(version=whole.version).first()
    if whole.version.state not in TRANSITIONS[Move.SIGN].sources:
        messages.info(request, refusal(Move.SIGN, whole.version.state))
        return redirect("agreement", pk)
    if waiting is not None:
        messages.info(request, elsewhere.ONE_WAITS)
        return redirect("signed_file", pk, waiting.pk)
    unsigned = [party for party in whole.parties if signature_of(party) is None]
    is_post = request.method == "POST"
    form = HandIn(unsigned, timezone.localdate(), posted(request), request.FILES if is_post else None)
    if is_post and form.is_valid():
        return _handed_in(request, whole, form)
    return _form(request, whole, form, status=422 if is_post else 200)


def _handed_in(request: HttpRequest, whole: Whole, form: HandIn) -> HttpResponse:
    facts = form.file.cleaned_data
    try:
        row = elsewhere.hand_in(
            by=cast(User, request.user),
            version_id=whole.version.pk,
            upload=facts["upload"],
            kind=facts["kind"],
            claims=form.claims,
            now=timezone.now(),
        )
    except NotAllowed:
        raise PermissionDenied from None
    except Refused as refused:
        form.file.add_error("upload" if isinstance(refused, RefusedFile) else None, str(refused))
        return _form(request, whole, form, status=422)
    messages.success(request, "Filen är inlämnad. Den räknas när den andra parten har bekräftat den.")
    return redirect("signed_file", whole.version.pk, row.pk)


def _form(request: HttpRequest, whole: Whole, form: HandIn, status: int) -> HttpResponse:
    context = {"version": whole.version, "form": form}
    return render(request, "agreements/elsewhere.html", context, status=status)


@require_safe
def signed_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """The file, who it says has signed, what its signatures say, and what this user can do."""
    whole, row = _open(request, pk, file_pk)
    return _page(request, whole, row)


def _page(request: HttpRequest, whole: Whole, row: SignedFile, status: int = 200, **forms: Form) -> HttpResponse:
    names = reach_of(request.user).sees_names(whole.organisation_ids)
    is_waiting = row.counted_at is None and row.closed_at is None
    needed = {party.pk for party in elsewhere.needed(whole, row)} if is_waiting else set()
    own = {party.pk for party in elsewhere.own_parties(whole, cast(User, request.user))}
    vouchers = list(row.vouchers.select_related("party"))
    context: dict[str, Any] = {
        "version": whole.version,
        "row": row,
        "file": signed_line(row, names=names),
        "claims": claim_lines(row.claims.select_related("party"), names=names),
        "vouchers": vouchers,
        "sees_names": names,
        "is_waiting": is_waiting,
        "awaited": names_of([party for party in whole.parties if party.pk in needed]),
        "may_vouch": bool(own & needed) and not any(v.user_id == request.user.pk for v in vouchers),
        "may_close": is_waiting and may(reach_of(request.user), Permission.EDIT_AGREEMENTS, whole),
        "is_own": bool(own & {v.party_id for v in vouchers}),
        "vouch_form": forms.get("vouch", VouchForm(label_suffix="")),
        "close_form": forms.get("close", CloseForm(label_suffix="")),
    }
    return render(request, "agreements/signed_file.html", context, status=status)


@require_POST
def signed_file_vouch(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    whole, row = _open(request, pk, file_pk, Permission.EDIT_AGREEMENTS)
    form = VouchForm(posted(request), label_suffix="")
    if not form.is_valid():
        return _page(request, whole, row, status=422, vouch=form)

    def act(user: User) -> str:
        version = elsewhere.vouch(by=user, version_id=pk, signed_file_id=file_pk, now=timezone.now())
        return IN_FORCE if version.state == State.IN_FORCE else "Filen är bekräftad."

    return _done(request, whole, row, form, act, "vouch")


@require_POST
def signed_file_close(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    whole, row = _open(request, pk, file_pk, Permission.EDIT_AGREEMENTS)
    form = CloseForm(posted(request), label_suffix="")
    if not form.is_valid():
        return _page(request, whole, row, status=422, close=form)

    def act(user: User) -> str:
        reason = form.cleaned_data["reason"]
        closed = elsewhere.close(by=user, version_id=pk, signed_file_id=file_pk, reason=reason, now=timezone.now())
        if closed.closed_as == SignedFile.Closed.WITHDRAWN:
            return "Filen är tillbakatagen."
        return "Filen är avvisad. Skälet visas för den som lämnade in den."

    return _done(request, whole, row, form, act, "close")


def _done(
    request: HttpRequest, whole: Whole, row: SignedFile, form: Form, act: Callable[[User], str], which: str
) -> HttpResponse:
    try:
        said = act(cast(User, request.user))
    except NotAllowed:
        raise PermissionDenied from None
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, whole, row, status=409, **{which: form})
    messages.success(request, said)
    return redirect("agreement", whole.version.pk)


@require_safe
def signed_file_download(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse | FileResponse:
    """The very file, to those who read the agreement and see names, once it has been cleared."""
    whole, row = _open(request, pk, file_pk)
    if not reach_of(request.user).sees_names(whole.organisation_ids):
        return render(request, "agreements/attachment_refused.html", {"version": whole.version}, status=403)
    if row.file.status != AttachedFile.Status.CLEAR:
        raise Http404("Filen kontrolleras fortfarande, eller är stoppad.")
    return file_response(row.file, row.name)


def _open(
    request: HttpRequest, pk: int, file_pk: int, permission: Permission | None = None
) -> tuple[Whole, SignedFile]:
    whole = open_version(request, pk, permission)
    row = SignedFile.objects.with_files().filter(version=whole.version, pk=file_pk).first()
    if row is None:
        raise Http404("Filen finns inte, eller hör inte till överenskommelsen.")
    return whole, row
