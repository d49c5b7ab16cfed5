"""The Swedish stem of a word as PostgreSQL's `swedish` dictionary makes it (Snowball), to mark what was found. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_VOWELS: Final = "aeiouyåäö"
_ENDINGS: Final = (
    "a arna erna heterna orna ad e ade ande arne are aste en anden aren heten ern ar er heter or as arnas ernas ornas "
    "es ades andes ens arens hetens erns at andet het ast"
)
_FIRST: Final = sorted(_ENDINGS.split(), key=len, reverse=True)
_PAIRS: Final = ("dd", "gd", "nn", "dt", "gt", "kt", "tt")
_BEFORE_S: Final = frozenset("bcdfghjklmnoprtvy")
_REGION: Final = re.compile(f"[{_VOWELS}][^{_VOWELS}]")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """ "kommunerna" and "kommunen" are both "kommun"."""
    found = _REGION.search(word)
    if not found:
        return word
    start = max(found.end(), 3)
    return _third(_second(_first(word, start), start), start)


def _first(word: str, start: int) -> str:
    region = word[start:]
    for ending in _FIRST:
        if region.endswith(ending):
            return word[: -len(ending)]
    if region.endswith("s") and word[-2:-1] in _BEFORE_S:
        return word[:-1]
    return word


def _second(word: str, start: int) -> str:
    return word[:-1] if word[start:].endswith(_PAIRS) else word


def _third(word: str, start: int) -> str:
    region = word[start:]
    for ending in ("lig", "ig", "els"):
        if region.endswith(ending):
            return word[: -len(ending)]
    if region.endswith(("löst", "fullt")):
        return word[:-1]
    return word
