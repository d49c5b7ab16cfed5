"""The agreement as a PDF: from its frozen document to HTML, from HTML to bytes."""

from __future__ import annotations

from typing import Any, Final

from django.template.loader import render_to_string
from django.urls import reverse

from agreements.document import attached
from agreements.models import PrintedCopy
from agreements.printed_comparison import printed_comparison
from agreements.printout import printout
from agreements.square_code import CodeMark
from contacts.links import absolute

STANDARD: Final = {
    PrintedCopy.Variant.ARCHIVE: "pdf/a-3a",
    PrintedCopy.Variant.READING: "pdf/ua-1",
    PrintedCopy.Variant.DRAFT: "pdf/ua-1",
    PrintedCopy.Variant.COMPARISON: "pdf/ua-1",
    PrintedCopy.Variant.PUBLIC: "pdf/ua-1",
}
"""A file claims one standard: the archive copy can be kept, the others can be read by everybody."""
ATTACHED: Final = "overenskommelse.json"
"""The agreement as data, inside the archive copy; see docs/agreement-schema.md."""
NEVER: Final = "1970-01-01T00:00:00+00:00"


def render(document: dict[str, Any], *, variant: str, demo: bool, code: str = "") -> bytes:
    """The copy as PDF. The same document, code and address of the portal give the same bytes."""
    # WeasyPrint takes 0.3 s to import and is needed by workers only
    from agreements.typesetter import Enclosure, typeset  # noqa: PLC0415

    html = as_html(document, variant=variant, demo=demo, code=code)
    enclosures = []
    if variant == PrintedCopy.Variant.ARCHIVE:
        made = max((row["signed_at"] for row in document["signatures"]), default=NEVER)
        enclosures = [Enclosure(ATTACHED, "Överenskommelsen som data (JSON)", attached(document), made)]
    return typeset(html, variant=STANDARD[PrintedCopy.Variant(variant)], enclosures=enclosures)


def as_html(document: dict[str, Any], *, variant: str, demo: bool, code: str = "") -> str:
    """The page that is typeset. It names its assets by the addresses in agreements.typesetter."""
    if variant == PrintedCopy.Variant.COMPARISON:
        context = {"copy": printed_comparison(document, demo=demo)}
        return render_to_string("agreements/pdf/comparison.html", context)
    draft = variant == PrintedCopy.Variant.DRAFT
    shown: dict[str, Any] = {
        "copy": printout(document, draft=draft, demo=demo),
        "mark": code_mark(code) if code else None,
    }
    return render_to_string("agreements/pdf/agreement.html", shown)


def code_mark(code: str) -> CodeMark:
    return CodeMark(code, absolute(reverse("verify_code", args=[code])), absolute(reverse("verify")))
