"""The search: one box, over all that one may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agreements import search
from agreements.models import SearchDocument
from agreements.models.agreement import reference_of
from agreements.search import Hit
from agreements.searching.marks import Marker, marker
from agreements.searching.words import asked, corrected
from agreements.states import State
from agreements.views.doors import is_part
from contacts.access import reach_of
from contacts.rules import without_controls

PAGE_SIZE: Final = 50
LONGEST: Final = 200
"""Letters of what is typed that are looked at."""
KINDS: Final = (
    ("", "Allt"),
    (SearchDocument.Kind.AGREEMENT, "Överenskommelser"),
    (SearchDocument.Kind.SECTION, "Avsnitt"),
    (SearchDocument.Kind.ATTACHMENT, "Bifogade filer"),
    (SearchDocument.Kind.CONTACT, "Kontaktytor"),
    (SearchDocument.Kind.ORGANISATION, "Organisationer"),
)
ICONS: Final = {
    SearchDocument.Kind.AGREEMENT: "signature",
    SearchDocument.Kind.SECTION: "document",
    SearchDocument.Kind.ATTACHMENT: "download",
    SearchDocument.Kind.CONTACT: "function",
    SearchDocument.Kind.ORGANISATION: "people",
}


@dataclass(frozen=True)
class Line:
    """A hit as the page shows it; title and excerpt are escaped, with the words marked."""

    address: str
    title: SafeString
    excerpt: SafeString
    kind: str
    icon: str
    place: str
    state: str
    state_label: str


@dataclass(frozen=True)
class Asked:
    """What somebody asks for."""

    text: str
    words: tuple[str, ...]
    kind: str
    page: int

    @classmethod
    def read(cls, request: HttpRequest) -> Asked:
        text = " ".join(without_controls(request.GET.get("q", ""))[:LONGEST].split())
        kind, page = request.GET.get("slag", ""), request.GET.get("sida", "")
        return cls(
            text=text,
            words=tuple(asked(text)),
            kind=kind if kind in SearchDocument.Kind.values else "",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 4 else 1,
        )

    def address(self, **changes: str) -> str:
        facts = {"q": self.text, "slag": self.kind} | changes
        return urlencode({name: value for name, value in facts.items() if value})


class Counted(Paginator):  # type: ignore[type-arg]  # not subscriptable at run time
    """Pages of a list of which only one page has been read."""

    def __init__(self, total: int) -> None:
        super().__init__(range(total), PAGE_SIZE)


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    wanted = Asked.read(request)
    reach = reach_of(request.user)
    start = (wanted.page - 1) * PAGE_SIZE
    hits = search.find(reach, wanted.words, wanted.kind, start=start, end=start + PAGE_SIZE) if wanted.words else []
    alike = search.find_alike(reach, wanted.words) if wanted.words and not hits and wanted.page == 1 else []
    context = _context(wanted, hits, alike)
    page = "agreements/_search.html" if is_part(request, "traffar") else "agreements/search.html"
    answer = render(request, page, context)
    patch_vary_headers(answer, ["HX-Target"])
    return answer


def _context(wanted: Asked, hits: Sequence[Hit], alike: Sequence[Hit]) -> dict[str, Any]:
    total = hits[0].total if hits else 0
    page: Page[int] = Counted(total).get_page(wanted.page)
    better = corrected(wanted.words, (hit.title for hit in alike))
    return {
        "asked": wanted,
        "tabs": [(label, f"?{wanted.address(slag=kind)}", kind == wanted.kind) for kind, label in KINDS],
        "query_everywhere": wanted.address(slag=""),
        "lines": list(lines(hits, marker(wanted.words))),
        "alike": list(lines(alike, marker(asked(better)))),
        "better": better,
        "better_address": f"?{wanted.address(q=better)}",
        "total": total,
        "is_cut": total >= search.MOST,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "query": wanted.address(),
    }


def lines(hits: Iterable[Hit], words: Marker) -> Iterable[Line]:
    for hit in hits:
        yield Line(
            address=address_of(hit),
            title=words.marked(hit.title),
            excerpt=words.excerpt(hit.text),
            kind=SearchDocument.Kind(hit.kind).label,
            icon=ICONS[SearchDocument.Kind(hit.kind)],
            place=_place(hit),
            state=hit.state or "",
            state_label=State(hit.state).label if hit.state else "",
        )


def _place(hit: Hit) -> str:
    """The agreement it stands in: "ÖK-2026-0042, version 2"."""
    if hit.agreement is None or hit.begun is None:
        return ""
    reference = reference_of(hit.begun, hit.agreement)
    return f"{reference}, version {hit.number}" if (hit.number or 1) > 1 else reference


def address_of(hit: Hit) -> str:
    kind = SearchDocument.Kind(hit.kind)
    if kind is SearchDocument.Kind.CONTACT:
        return reverse("contact_point", args=(hit.contact_point,))
    if kind is SearchDocument.Kind.ORGANISATION:
        return reverse("organisation", args=(hit.organisation,))
    if kind is SearchDocument.Kind.ATTACHMENT:
        return reverse("attachments", args=(hit.version,))
    agreement = reverse("agreement", args=(hit.version,))
    return f"{agreement}#avsnitt-{hit.section}" if kind is SearchDocument.Kind.SECTION else agreement
