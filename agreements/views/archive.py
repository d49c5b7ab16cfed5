"""Taking out the archive package of one agreement, and archives of many that are asked for and fetched later."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements import happenings
from agreements.actions.archive_orders import fetch_archive, order_archive
from agreements.actions.taking_out import take_out
from agreements.archive_choices import choices_of
from agreements.forms.archive import ArchiveForm
from agreements.models import ArchiveOrder, ArchiveRow
from agreements.package.gathered import Gathered
from agreements.presenters import present
from agreements.views.doors import is_part, open_version, posted
from contacts.access import Permission, Reach, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import Event, User

logger = logging.getLogger(__name__)

PAGE_SIZE = 50
FILE_MISSING = "En fil i arkivet saknas i portalens lager. Beställ arkivet på nytt."


@require_POST
def archive_package(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The ZIP, sent as it is made. It is posted for, since who takes out what is written down."""
    open_version(request, pk)
    try:
        package = take_out(by=cast(User, request.user), version_id=pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("agreement", pk)
    return _as_zip(package.chunks(), package.file_name)


def _as_zip(chunks: Iterator[bytes], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# ------------------------------------------------------------------------------------------------------ many at once


@require_http_methods(["GET", "HEAD", "POST"])
def archive_orders(request: HttpRequest) -> HttpResponse:
    """What one's organisation has asked for, and the form to ask for more."""
    user, reach = cast(User, request.user), reach_of(request.user)
    if not reach.organisations(Permission.READ_AGREEMENTS):
        raise PermissionDenied
    form = ArchiveForm(posted(request), choices_of(user, reach, timezone.localdate()))
    if request.method == "POST" and form.is_valid() and (order := _ordered(user, form)):
        return redirect("archive_order", order.pk)
    orders = ArchiveOrder.objects.visible_to(reach).with_progress().select_related("organisation")[:PAGE_SIZE]
    context = {"form": form, "orders": orders, "days": settings.ARCHIVE_ORDER_DAYS}
    return render(request, "agreements/archive_orders.html", context, status=422 if form.errors else 200)


def _ordered(user: User, form: ArchiveForm) -> ArchiveOrder | None:
    try:
        return order_archive(by=user, choice=form.chosen(), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    except Refused as refusal:
        form.add_error("choice", str(refusal))
        return None


@require_safe
def archive_order(request: HttpRequest, order_pk: int) -> HttpResponse:
    """How far it has come, what could not be packed, and who has fetched it; htmx gets the changing part alone."""
    reach = reach_of(request.user)
    order = _open(reach, order_pk)
    rows = Gathered(order, reach).rows.exclude(outcome="")
    left_out = rows.exclude(outcome=ArchiveRow.Outcome.PACKED)
    page = Paginator(left_out, PAGE_SIZE).get_page(request.GET.get("sida"))
    context = {
        "order": order,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "days": settings.ARCHIVE_ORDER_DAYS,
        "fetched": _fetched(order, names=reach.sees_names([order.organisation_id])),
    }
    part = is_part(request, "arkiv")
    return render(request, "agreements/_archive_order.html" if part else "agreements/archive_order.html", context)


def _fetched(order: ArchiveOrder, *, names: bool) -> list[dict[str, Any]]:
    events = Event.objects.about(order.subject).filter(type="archive.fetched").newest_first()[:PAGE_SIZE]
    return [
        {
            "at": event.at,
            "who": happenings.who_of(event.actor_name, event.actor_function, names=names),
            "text": present(event, {}, names=names).text,
        }
        for event in events
    ]


@require_POST
def archive_download(request: HttpRequest, order_pk: int) -> HttpResponse | StreamingHttpResponse:
    """The archive, put together as it is sent; what its reader no longer sees is left out."""
    reach = reach_of(request.user)
    order = _open(reach, order_pk)
    if order.finished_at is None or order.purged_at is not None:
        messages.error(
            request, "Arkivet är inte klart än." if order.purged_at is None else "Arkivets filer är borttagna."
        )
        return redirect("archive_order", order_pk)
    gathered = Gathered(order, reach)
    if missing := gathered.missing():
        logger.error("the archive order %s lacks %s files, the first is %s", order.pk, len(missing), missing[0])
        messages.error(request, FILE_MISSING)
        return redirect("archive_order", order_pk)
    fetch_archive(by=cast(User, request.user), order=order)
    return _as_zip(gathered.chunks(), f"{gathered.folder}.zip")


def _open(reach: Reach, order_pk: int) -> ArchiveOrder:
    orders = ArchiveOrder.objects.visible_to(reach).with_progress().select_related("organisation", "user")
    order = orders.filter(pk=order_pk).first()
    if order is None:
        raise Http404("Arkivet finns inte eller är inte ditt.")
    return order
