"""The code on each page of an archive copy, and the same as a square that a telephone reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET: Final = 2
"""Empty modules around the square; the margin of the page gives the rest of the four that readers want."""


@dataclass(frozen=True)
class CodeMark:
    code: str
    address: str
    """Leads straight to what the code says."""
    page: str
    """Where the code can be typed, or the file dropped."""

    @property
    def place(self) -> str:
        """The page's address as people write it."""
        return self.page.partition("://")[2].rstrip("/")

    @property
    def square(self) -> SafeString:
        drawn = segno.make_qr(self.address, error="m").svg_inline(border=QUIET, omitsize=True, dark="#1d1c1a")
        return mark_safe(drawn)  # noqa: S308 - drawn of rectangles by segno; the address is in their places alone
