"""The PDF copies of an agreement: the panel that waits for them, ordering, and handing them out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from agreements.actions import printing
from agreements.actions.opening import note_opened
from agreements.actions.publishing import public_copy_of
from agreements.gather import Whole
from agreements.models import OpenedText, PrintedCopy, Seal, Version
from agreements.states import SIGNED, WORKING
from agreements.views.doors import may, open_version
from contacts.access import Permission, Reach, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import User
from contacts.views.personal_links import is_ahead

logger = logging.getLogger(__name__)

MOST_ROUNDS = 60
"""How many times the panel asks anew while a copy is being made, two seconds apart."""
OF_SIGNED = frozenset({PrintedCopy.Variant.ARCHIVE, PrintedCopy.Variant.READING})
FILE_WORDS = {
    PrintedCopy.Variant.ARCHIVE: "arkiv",
    PrintedCopy.Variant.READING: "las",
    PrintedCopy.Variant.DRAFT: "utkast",
    PrintedCopy.Variant.COMPARISON: "jamforelse",
    PrintedCopy.Variant.PUBLIC: "offentlig",
}


@dataclass(frozen=True)
class CopyLine:
    """A copy as the panel shows it."""

    copy: PrintedCopy
    is_current: bool
    sealed: bool = False

    @property
    def waits(self) -> bool:
        return self.copy.made_at is None and self.copy.failed_at is None


@require_safe
def copies(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel alone, for a page that waits."""
    whole = open_version(request, pk)
    asked = request.GET.get("varv", "")
    spent = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    return render(request, "agreements/_copies.html", copies_panel(whole, reach_of(request.user), spent=spent))


def copies_panel(whole: Whole, reach: Reach, *, spent: int = 0) -> dict[str, Any]:
    """What _copies.html shows: the copies of the signed text, or the draft's latest, and whether one can be ordered."""
    sees = sees_copies(whole, reach)
    lines = copy_lines(whole) if sees else []
    public = _public(whole.version)
    waiting = any(line.waits for line in lines)
    can_order = may(reach, Permission.EDIT_AGREEMENTS, whole)
    is_work = whole.version.state in WORKING
    return {
        "version_pk": whole.version.pk,
        "sees_copies": sees,
        "copies": lines,
        "public_copy": public,
        "can_take_out": _can_take_out(lines, public, sees),
        "copies_wait": waiting,
        "copies_ask_again": waiting and spent < MOST_ROUNDS,
        "copies_round": spent + 1,
        "can_order_copies": can_order,
        "can_order_draft": can_order and is_work and not any(line.is_current for line in lines),
        "can_order_signed": can_order and whole.version.signed_at is not None and not lines,
    }


def _can_take_out(lines: Iterable[CopyLine], public: PrintedCopy | None, sees: bool) -> bool:
    """Whether the archive package is whole enough to be taken out; without names it rests on the public copy."""
    if not sees:
        return public is not None
    return any(line.copy.variant == PrintedCopy.Variant.ARCHIVE and line.copy.made_at for line in lines)


def sees_copies(whole: Whole, reach: Reach) -> bool:
    """The PDFs hold names: of those who signed, and of whoever is named in the text."""
    return reach.sees_names(whole.organisation_ids)


def copy_lines(whole: Whole) -> list[CopyLine]:
    is_work = whole.version.state in WORKING
    current = whole.current_hash
    sealed = Exists(Seal.objects.stored().filter(copy=OuterRef("pk")))
    rows: list[Any] = list(whole.version.copies.defer("document").annotate(sealed=sealed).order_by("pk"))
    if is_work:
        drafts = [row for row in rows if row.variant == PrintedCopy.Variant.DRAFT]
        return [CopyLine(row, row.text_hash == current) for row in drafts[-1:]]
    signed = [row for row in rows if row.variant in OF_SIGNED]
    return [CopyLine(row, is_current=True, sealed=row.sealed) for row in signed if row.text_hash == current]


@require_safe
def copy_download(request: HttpRequest, pk: int, variant: str) -> HttpResponse | FileResponse:
    """The newest made copy, to those who read the agreement. Asked for again, it is only sent when it has changed."""
    whole = open_version(request, pk)
    if variant != PrintedCopy.Variant.PUBLIC and not sees_copies(whole, reach_of(request.user)):
        return render(request, "agreements/copy_refused.html", {"version": whole.version}, status=403)
    copy = newest_made(whole, variant)
    answer = sent(request, copy, file_name(whole.version, copy))
    if request.method == "GET":
        _note_opened(request, whole, copy)
    return answer


def _note_opened(request: HttpRequest, whole: Whole, copy: PrintedCopy) -> None:
    """Whoever signs and has got the file of exactly the fixed text has opened it."""
    signs = may(reach_of(request.user), Permission.SIGN_AGREEMENTS, whole)
    if signs and whole.version.is_frozen and copy.text_hash == whole.version.text_hash and not is_ahead(request):
        facts: dict[str, Any] = {"text_hash": copy.text_hash, "how": OpenedText.How.FILE, "now": timezone.now()}
        note_opened(by=cast(User, request.user), version=whole.version, **facts)


def sent(request: HttpRequest, copy: PrintedCopy, name: str, *, inline: bool = False) -> HttpResponse | FileResponse:
    """The file of a made copy; only that it is the same, to one who has it. inline: shown and not saved."""
    file, sha256 = copy.newest_file()
    etag = f'"{sha256}"'
    response: Any = get_conditional_response(request, etag=etag)
    if response is None:
        response = as_file(copy, name, file, inline=inline)
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response  # type: ignore[no-any-return]  # one of the two named above


def newest_made(whole: Whole, variant: str) -> PrintedCopy:
    copy = _public(whole.version) if variant == PrintedCopy.Variant.PUBLIC else _made(whole, variant)
    if copy is None:
        raise Http404("PDF:en finns inte, eller är inte färdig än.")
    return copy


def _public(version: Version) -> PrintedCopy | None:
    return public_copy_of(version) if version.state in SIGNED else None


def _made(whole: Whole, variant: str) -> PrintedCopy | None:
    made = whole.version.copies.filter(variant=variant, made_at__isnull=False).defer("document")
    made = made.exclude(variant=PrintedCopy.Variant.COMPARISON)
    if variant != PrintedCopy.Variant.DRAFT:
        made = made.filter(text_hash=whole.version.text_hash)
    return made.order_by("-pk").first()


def as_file(copy: PrintedCopy, name: str, file: str = "", *, inline: bool = False) -> FileResponse:
    file = file or str(copy.file.name)
    try:
        content = default_storage.open(file, "rb")
    except FileNotFoundError:
        logger.error("the file of copy %s is missing: %s", copy.pk, file)
        raise Http404("PDF:ens fil saknas. Felet är antecknat i systemets logg.") from None
    return FileResponse(content, as_attachment=not inline, filename=name, content_type="application/pdf")


def file_name(version: Version, copy: PrintedCopy) -> str:
    """For example OK-2026-0042-arkiv.pdf, or OK-2026-0042-v2-arkiv.pdf for an amendment."""
    number = f"-v{version.number}" if version.number > 1 else ""
    reference = version.agreement.reference.replace("Ö", "O")
    return f"{reference}{number}-{FILE_WORDS[PrintedCopy.Variant(copy.variant)]}.pdf"


@require_POST
def draft_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Print the draft as it stands."""
    open_version(request, pk, Permission.EDIT_AGREEMENTS)
    return _ordered(request, pk, lambda user: printing.order_draft(by=user, version_id=pk, now=timezone.now()))


@require_POST
def signed_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Print a signed agreement that has no copies yet."""
    open_version(request, pk, Permission.EDIT_AGREEMENTS)
    return _ordered(request, pk, lambda user: printing.order_signed(by=user, version_id=pk))


@require_POST
def copy_retry(request: HttpRequest, pk: int, copy_pk: int) -> HttpResponse:
    """Try a failed copy anew."""
    open_version(request, pk, Permission.EDIT_AGREEMENTS)
    now = timezone.now()
    return _ordered(request, pk, lambda user: printing.try_again(by=user, version_id=pk, copy_id=copy_pk, now=now))


def _ordered(request: HttpRequest, pk: int, order: Callable[[User], object]) -> HttpResponse:
    try:
        order(request.user)  # type: ignore[arg-type]  # login is demanded by middleware
    except NotAllowed:
        raise PermissionDenied from None
    except PrintedCopy.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("agreement", pk)
