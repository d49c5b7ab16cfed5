"""The agreement as a PDF: from its frozen document to HTML, from HTML to bytes."""

from __future__ import annotations

from typing import Any, Final

from django.template.loader import render_to_string

from agreements.models import PrintedCopy
from agreements.printed_comparison import printed_comparison
from agreements.printout import printout

STANDARD: Final = {
    PrintedCopy.Variant.ARCHIVE: "pdf/a-3a",
    PrintedCopy.Variant.READING: "pdf/ua-1",
    PrintedCopy.Variant.DRAFT: "pdf/ua-1",
    PrintedCopy.Variant.COMPARISON: "pdf/ua-1",
}
"""A file claims one standard: the archive copy can be kept, the others can be read by everybody."""


def render(document: dict[str, Any], *, variant: str, demo: bool) -> bytes:
    """The copy as PDF. The same document gives the same bytes."""
    # WeasyPrint takes 0.3 s to import and is needed by workers only
    from agreements.typesetter import typeset  # noqa: PLC0415

    return typeset(as_html(document, variant=variant, demo=demo), variant=STANDARD[PrintedCopy.Variant(variant)])


def as_html(document: dict[str, Any], *, variant: str, demo: bool) -> str:
    """The page that is typeset. It names its assets by the addresses in agreements.typesetter."""
    if variant == PrintedCopy.Variant.COMPARISON:
        context = {"copy": printed_comparison(document, demo=demo)}
        return render_to_string("agreements/pdf/comparison.html", context)
    draft = variant == PrintedCopy.Variant.DRAFT
    return render_to_string("agreements/pdf/agreement.html", {"copy": printout(document, draft=draft, demo=demo)})
