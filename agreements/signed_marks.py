"""Which text a signed PDF is of, by the marks that the portal prints on each page. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from typing import Final

SHORT: Final = 16
"""Letters of the text's SHA-256 that stand in the foot of each page."""
_FOOT: Final = re.compile(rf"Textens\s+SHA-256:\s*([0-9a-f]{{{SHORT}}})(?![0-9a-f])")


class Mark(StrEnum):
    """What the marks say of a file."""

    OWN = "own"
    NONE = "none"
    OTHER_AGREEMENT = "other_agreement"
    OTHER_TEXT = "other_text"


def short_hashes_in(text: str) -> list[str]:
    """The beginnings of hashes that stand in the feet of the pages, each once."""
    return list(dict.fromkeys(_FOOT.findall(text)))


def judge_marks(
    hashes: Collection[str],
    text_hash: str,
    *,
    elsewhere: Collection[str],
    agreements: Collection[int],
    agreement: int,
) -> Mark:
    """hashes: what stands on the pages; elsewhere: those of them that are known as other agreements' texts.

    agreements: whose codes stand on the pages. A file that bears our text and also another's is another's: nobody can
    tell which of the two was signed.
    """
    if any(pk != agreement for pk in agreements) or elsewhere:
        return Mark.OTHER_AGREEMENT
    if any(found != text_hash[:SHORT] for found in hashes):
        return Mark.OTHER_TEXT
    return Mark.OWN if hashes else Mark.NONE
