"""Two texts of an agreement beside each other, as a redline and as PDF."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from agreements.actions import printing_comparisons
from agreements.comparables import Comparables, NothingToCompare, Source
from agreements.comparing import compare
from agreements.forms.comparing import Asked, address_query
from agreements.gather import Whole
from agreements.models import PrintedCopy
from agreements.redline import Redline, redline
from agreements.views.copies import MOST_ROUNDS, sent
from agreements.views.doors import open_version
from contacts.access import reach_of
from contacts.errors import NotAllowed

KEEP = 60 * 60
KEPT_AS = "jamforelse3"
LARGEST_KEPT = 2_000_000
"""Characters of a page's part that is kept: more than any agreement but one that fills every field to its limit."""
PARTS = ("agreements/_redline.html", "agreements/_redline_parts.html", "agreements/_redline_lines.html")


@dataclass(frozen=True)
class Pair:
    """What a request compares."""

    whole: Whole
    comparables: Comparables
    asked: Asked
    old: Source
    new: Source

    @property
    def query(self) -> str:
        return address_query(self.old.choice.value, self.new.choice.value, only_changes=self.asked.only_changes)

    @property
    def turned(self) -> str:
        return address_query(self.new.choice.value, self.old.choice.value, only_changes=self.asked.only_changes)

    @property
    def other_view(self) -> str:
        """The same with all the text, or with what has changed alone."""
        return address_query(self.old.choice.value, self.new.choice.value, only_changes=not self.asked.only_changes)

    @property
    def shown_as(self) -> str:
        """Names the redline exactly."""
        return f"{self.old.mark}:{self.new.mark}:{int(self.asked.only_changes)}"


def pair_of(request: HttpRequest, pk: int, chosen: QueryDict) -> Pair:
    """The two texts that are asked for, the usual ones where nothing is. 404 for what is not for this reader."""
    whole = open_version(request, pk)
    comparables = Comparables(whole, reach_of(request.user))
    asked = Asked.read(chosen)
    old, new = comparables.default()
    try:
        sources = comparables.read(asked.old or old.value), comparables.read(asked.new or new.value)
    except NothingToCompare:
        raise Http404("Det som ska jämföras finns inte eller är inte ditt.") from None
    return Pair(whole, comparables, asked, *sources)


@require_safe
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    pair = pair_of(request, pk, request.GET)
    found = pair.comparables.found(pair.asked.query)
    context = {
        "version": pair.whole.version,
        "pair": pair,
        "groups": pair.comparables.groups(found, (pair.old.choice, pair.new.choice)),
        "found_nothing": bool(pair.asked.query) and not found,
        "is_covered": pair.old.covered or pair.new.covered,
        "body": kept_body(pair),
        **copy_panel(pair),
    }
    return render(request, "agreements/compare.html", context)


def kept_body(pair: Pair) -> SafeString:
    """The summary and the redline. Its key says what it is made of, so that it can't grow old."""
    key = f"{KEPT_AS}:{hashlib.sha256(f'{pair.shown_as}:{_fashion()}'.encode()).hexdigest()}"
    body: SafeString | None = cache.get(key)
    if body is None:
        shown: Redline = redline(compare(pair.old.document, pair.new.document), only_changes=pair.asked.only_changes)
        body = render_to_string("agreements/_comparison.html", {"redline": shown})
        if len(body) <= LARGEST_KEPT:
            cache.set(key, body, KEEP)
    return body


@lru_cache(maxsize=1)
def _fashion() -> str:
    """Changes with the templates, so that a new release shows itself at once."""
    names = ("agreements/_comparison.html", *PARTS)
    sources = (get_template(name).template.source for name in names)  # type: ignore[attr-defined]  # Django's backend
    return hashlib.sha256("".join(sources).encode()).hexdigest()[:12]


# --------------------------------------------------------------------------------------------------------- PDF


def copy_panel(pair: Pair, spent: int = 0) -> dict[str, Any]:
    """The PDF of this very comparison: made, on its way, or to be ordered."""
    mark = printing_comparisons.mark_of(pair.old, pair.new, only_changes=pair.asked.only_changes)
    rows = pair.whole.version.copies.filter(variant=PrintedCopy.Variant.COMPARISON, text_hash=mark)
    copy = rows.defer("document").first()
    waits = copy is not None and copy.made_at is None and copy.failed_at is None
    return {
        "pair": pair,
        "copy": copy,
        "copy_waits": waits,
        "copy_asks_again": waits and spent < MOST_ROUNDS,
        "copy_round": spent + 1,
        "version_pk": pair.whole.version.pk,
    }


@require_safe
def comparison_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel alone, for a page that waits."""
    asked = request.GET.get("varv", "")
    spent = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    context = copy_panel(pair_of(request, pk, request.GET), spent)
    return render(request, "agreements/_comparison_copy.html", context)


@require_POST
def comparison_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Print the comparison; the same comparison is printed once, and a failed one is tried anew."""
    pair = pair_of(request, pk, request.POST)
    try:
        printing_comparisons.order_comparison(
            by=request.user,  # type: ignore[arg-type]  # login is demanded by middleware
            version_id=pk,
            old=pair.old,
            new=pair.new,
            only_changes=pair.asked.only_changes,
            now=timezone.now(),
        )
    except NotAllowed:
        raise PermissionDenied from None
    return redirect(f"{reverse('comparison', args=(pk,))}?{pair.query}#exemplar")


@require_safe
def comparison_download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The PDF of the comparison as this reader sees it: found by its content, so that nobody gets another's names."""
    pair = pair_of(request, pk, request.GET)
    copy = copy_panel(pair)["copy"]
    if copy is None or copy.made_at is None:
        raise Http404("PDF:en finns inte, eller är inte färdig än.")
    reference = pair.whole.version.agreement.reference.replace("Ö", "O")
    return sent(request, copy, f"{reference}-jamforelse.pdf")
