"""From text to what is indexed, and from what somebody typed to what is asked. Pure.

å, ä and ö are letters: who types them asks for them. Who leaves them out finds words with and without, since each
word that has them is indexed in both spellings: "ostersund" finds Östersund, "får" does not find "far".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from contacts.rules import HIDDEN
from municipalities.models import fold

_WORD: Final = re.compile(r"[^\W_]+")
MOST_WORDS, LONGEST_WORD = 8, 60
"""Of what somebody types; more says no more."""
SHORTEST_BEGINNING: Final = 2
SHORTEST_MISSPELT: Final = 4
CLOSE: Final = 0.68
"""How alike two words must be for one to be the other misspelt."""
_STOPPED: Final = "är på för så då från än när där här över även åt må någon något några vår vårt våra"
STOPPED: Final = frozenset(_STOPPED.split())
"""Words that say nothing; without their dots they would pass for others."""


def words_of(text: str) -> list[str]:
    """The words and numbers of a text in lower case: "ÖK-2026-0042" is three of them."""
    return _WORD.findall(text.lower())


def indexed(text: str) -> str:
    """What PostgreSQL is given to index: the words, and once more those that are also spelt plainer."""
    words = words_of(text.replace(HIDDEN, " "))
    again = {_plain(word): None for word in words if word not in STOPPED and _plain(word) != word}
    return " ".join([*words, *again])


def _plain(word: str) -> str:
    """Without diacritics and, if it is a number, without zeros before it: 0042 is found as 42."""
    return word.lstrip("0") or word if word.isdecimal() else fold(word)


def title_key(title: str) -> str:
    """What a misspelt word is compared with."""
    return " ".join(words_of(fold(title.replace(HIDDEN, " "))))[:250]


def asked(text: str) -> list[str]:
    """The words of what somebody typed."""
    return [word[:LONGEST_WORD] for word in words_of(text)[:MOST_WORDS]]


def is_beginning(word: str) -> bool:
    """Whether the last word typed may be the beginning of a longer one."""
    return len(word) >= SHORTEST_BEGINNING and not word.isdecimal()


def corrected(words: Iterable[str], titles: Iterable[str]) -> str:
    """What was typed with each misspelt word as the titles spell it; empty when nothing comes close."""
    spelt = {fold(word): word for title in titles for word in words_of(title) if len(word) >= SHORTEST_MISSPELT}
    typed = list(words)
    better = [_closest(word, spelt) for word in typed]
    return " ".join(better) if better != typed else ""


def _closest(word: str, spelt: dict[str, str]) -> str:
    key = fold(word)
    if key in spelt or len(word) < SHORTEST_MISSPELT:
        return word
    alike = max(
        ((SequenceMatcher(None, key, other).ratio(), name) for other, name in spelt.items()), default=(0.0, word)
    )
    return alike[1] if alike[0] >= CLOSE else word
