"""WeasyPrint, shut in: it reads the assets named here and nothing else. Import this module inside functions only."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

logger = logging.getLogger(__name__)

_FONTS = settings.NODE_MODULES / "@expo-google-fonts"
_STYLES = settings.BASE_DIR / "static" / "css"

ASSETS: Final[dict[str, Path]] = {
    "asset:pdf.css": _STYLES / "pdf.css",
    "asset:pdf-code.css": _STYLES / "pdf-code.css",
    "asset:pdf-demo.css": _STYLES / "pdf-demo.css",
    "asset:pdf-draft.css": _STYLES / "pdf-draft.css",
    "asset:pdf-redline.css": _STYLES / "pdf-redline.css",
    "asset:serif-400.ttf": _FONTS / "source-serif-4/400Regular/SourceSerif4_400Regular.ttf",
    "asset:serif-400-italic.ttf": _FONTS / "source-serif-4/400Regular_Italic/SourceSerif4_400Regular_Italic.ttf",
    "asset:serif-600.ttf": _FONTS / "source-serif-4/600SemiBold/SourceSerif4_600SemiBold.ttf",
    "asset:serif-600-italic.ttf": _FONTS / "source-serif-4/600SemiBold_Italic/SourceSerif4_600SemiBold_Italic.ttf",
    "asset:sans-400.ttf": _FONTS / "inter/400Regular/Inter_400Regular.ttf",
    "asset:sans-600.ttf": _FONTS / "inter/600SemiBold/Inter_600SemiBold.ttf",
}
"""Every address the renderer may ask for, and the file it gets."""

_TYPES: Final = {".css": "text/css; charset=utf-8", ".ttf": "font/ttf"}


class Refused(ValueError):
    """The document asked for something that is not ours."""


class BundledAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Answers for the assets above. No protocol of the base class is ever used: its opener is not called."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        path = ASSETS.get(url)
        if path is None:
            logger.warning("the PDF renderer was asked for %.200r and refused", url)
            raise Refused(f"not an asset of ours: {url:.200}")
        try:
            body = _read(path)
        except OSError as error:
            raise FatalURLFetchingError(f"the asset {url} is missing: {error}") from error
        return URLFetcherResponse(url, body, {"Content-Type": _TYPES[path.suffix]})


@cache
def _read(path: Path) -> bytes:
    return path.read_bytes()


@dataclass(frozen=True)
class Enclosure:
    """A file inside the PDF; given as bytes, so that no address is ever opened for it."""

    name: str
    description: str
    content: bytes
    made: str
    """ISO 8601."""

    def as_attachment(self) -> Attachment:
        made = datetime.datetime.fromisoformat(self.made).astimezone(datetime.UTC)
        return Attachment(
            string=self.content,
            url_fetcher=BundledAssets(),
            name=self.name,
            description=self.description,
            created=made,
            modified=made,
            relationship="Source",
        )


def typeset(html: str, *, variant: str, enclosures: Iterable[Enclosure] = (), **options: Any) -> bytes:
    """The HTML as a PDF of the variant, for example "pdf/a-3a". The same HTML gives the same bytes."""
    try:
        pdf: bytes = HTML(string=html, url_fetcher=BundledAssets()).write_pdf(
            pdf_variant=variant,
            pdf_identifier=True,
            finisher=_finish,
            attachments=[enclosure.as_attachment() for enclosure in enclosures],
            **options,
        )
    except FatalURLFetchingError as error:  # not an Exception of Python's, so nobody would catch it
        raise RuntimeError(str(error)) from error
    return pdf


def _finish(document: Any, pdf: Any) -> None:
    """Links are shown in print, as PDF/A demands; metadata are not packed, so that any program can read them.

    WeasyPrint names each attached file twice; once is enough.
    """
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
    for part in pdf.objects:
        if isinstance(part, dict) and part.get("Type") == "/Annot":
            part["F"] = 4
        elif getattr(part, "extra", {}).get("Type") == "/Metadata":
            part.compress = False
