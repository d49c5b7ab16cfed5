"""The list of agreements one may see; its filters are in the address."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

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
from agreements.forms.lists import ENDING, FLAGGED, AgreementFilter
from agreements.models import Party
from agreements.views.doors import is_part
from contacts.access import Permission, reach_of

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
    heads = listing.described(_rows(request, filters))
    page = BoundedPaginator(heads, PAGE_SIZE).get_page(request.GET.get("sida"))
    context: dict[str, Any] = {
        "filters": filters,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": SafeString("".join(row_html(row) for row in listing.with_parties(page))),
        "query": _rest_of_address(request),
        "is_cut": page.paginator.count >= MOST,
        "may_start": bool(reach_of(request.user).organisations(Permission.EDIT_AGREEMENTS)),
        "is_filtered": bool(filters),
    }
    page_or_part = "agreements/_list.html" if is_part(request, "lista") else "agreements/list.html"
    answer = render(request, page_or_part, context)
    patch_vary_headers(answer, ["HX-Target"])
    return answer


@lru_cache(maxsize=ROWS_KEPT)
def row_html(row: listing.Listed) -> str:
    """A row looks the same as long as its values are the same."""
    return render_to_string("agreements/_row.html", {"row": row})


def _rows(request: HttpRequest, filters: AgreementFilter) -> QuerySet[Party]:
    rows = listing.heads(reach_of(request.user))
    rows = listing.in_state(listing.matching(rows, filters.q), filters.status)
    if filters.only == FLAGGED:
        rows = listing.flagged(rows)
    if filters.only == ENDING:
        rows = listing.ending(rows, timezone.localdate())
    return rows


def _rest_of_address(request: HttpRequest) -> str:
    """The filters as they stand in the address, without the page."""
    query = request.GET.copy()
    query.pop("sida", None)
    return query.urlencode()
