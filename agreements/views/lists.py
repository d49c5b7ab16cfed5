"""The list of agreements one may see; its filters are in the address."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agreements import listing
from agreements.forms.lists import ENDING, FLAGGED, NOTICE, AgreementFilter
from agreements.models import Party
from agreements.views.doors import is_part
from agreements.views.saved_views import views_panel
from contacts.access import Permission, Reach, reach_of
from contacts.kept import near
from contacts.models import User

PAGE_SIZE = 50
ROWS_KEPT = 4000  # about a kilobyte each
MOST = 1000
"""No list is counted or leafed through beyond this; the reader is asked to filter instead."""


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # not subscriptable at run time
    """Counts no further than MOST, so that the cost does not grow with the nation."""

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Party]", self.object_list)
        return rows.order_by().values("pk")[:MOST].count()


@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    filters = AgreementFilter.read(request.GET)
    rows = kept_list(request, filters)
    if is_part(request, "lista"):
        answer = HttpResponse(rows)
    else:
        reach = reach_of(request.user)
        may_start = bool(reach.organisations(Permission.EDIT_AGREEMENTS))
        may_archive = bool(reach.organisations(Permission.READ_AGREEMENTS))
        user = cast("User", request.user)
        panel = views_panel(user, urlencode(filters.in_address))
        context = {"list": rows, "filters": filters_html(filters), "may_start": may_start, "may_archive": may_archive}
        answer = render(request, "agreements/list.html", context | panel)
    patch_vary_headers(answer, ["HX-Target"])
    return answer


def kept_list(request: HttpRequest, filters: AgreementFilter) -> SafeString:
    """A page of the list; the same for everybody with the same reach."""
    reach, today = reach_of(request.user), timezone.localdate()
    number, query = request.GET.get("sida", ""), _rest_of_address(request)
    key = ("list", reach.whole, filters, number, query, today)
    return near.keep(key, reach.mark, lambda: draw_list(reach, filters, number, query, today))


def draw_list(reach: Reach, filters: AgreementFilter, number: str, query: str, today: datetime.date) -> SafeString:
    page = BoundedPaginator(filtered(reach, filters, today), PAGE_SIZE).get_page(number)
    listed = listing.with_parties(listing.described(cast("QuerySet[Party]", page.object_list)))
    choosable = bool(reach.organisations(Permission.EDIT_AGREEMENTS))
    context: dict[str, Any] = {
        "page": page,
        "choosable": choosable,
        "filters": filters,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": SafeString("".join(row_html(row, choosable) for row in listed)),
        "query": query,
        "is_cut": page.paginator.count >= MOST,
        "is_filtered": bool(filters),
    }
    return render_to_string("agreements/_list.html", context)


@lru_cache(maxsize=64)
def filters_html(filters: AgreementFilter) -> SafeString:
    return render_to_string("agreements/_filters.html", {"filters": filters})


@lru_cache(maxsize=ROWS_KEPT)
def row_html(row: listing.Listed, choosable: bool) -> str:
    """A row looks the same as long as its values are the same. choosable: it can be ticked, to do things with many."""
    return render_to_string("agreements/_row.html", {"row": row, "choosable": choosable})


def filtered(reach: Reach, filters: AgreementFilter, today: datetime.date) -> QuerySet[Party]:
    rows = listing.in_state(listing.matching(listing.heads(reach), filters.q), filters.status)
    if filters.only == FLAGGED:
        rows = listing.flagged(rows, timezone.localdate())
    if filters.only == ENDING:
        rows = listing.ending(rows, today)
    if filters.only == NOTICE:
        rows = listing.given_notice(rows)
    return rows


def _rest_of_address(request: HttpRequest) -> str:
    """The filters as they stand in the address, without the page."""
    query = request.GET.copy()
    query.pop("sida", None)
    return query.urlencode()
