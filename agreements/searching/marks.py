"""What of a hit is shown: the part of the text where the words stand, with the words marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from agreements.searching.stem import stem
from agreements.searching.words import is_beginning
from municipalities.models import fold

BEFORE, LENGTH = 60, 260
"""Letters shown before the first marked word, and in all."""
MOST_TRIES: Final = 200
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Marker:
    """Knows which words of a text are what somebody asked for."""

    words: tuple[str, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(map(stem, self.words))

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        return tuple(word for word in self.words[-1:] if is_beginning(word))

    @cached_property
    def starts(self) -> re.Pattern[str]:
        """Finds where a word may begin that is asked for; whether it is one `hits` tells."""
        parts = sorted({fold(found) for found in (*self.stems, *self.beginnings)}, key=len, reverse=True)
        return re.compile("|".join(rf"\b{re.escape(part)}" for part in parts))

    def hits(self, word: str) -> bool:
        for spelling in {word, fold(word)}:
            if stem(spelling) in self.stems or (self.beginnings and spelling.startswith(self.beginnings)):
                return True
        return False

    def marked(self, text: str) -> SafeString:
        """The text, escaped, with <mark> around the words that are asked for."""
        parts: list[str] = []
        done = 0
        for found in _WORD.finditer(text):
            if self.hits(found.group().lower()):
                parts += [escape(text[done : found.start()]), "<mark>", escape(found.group()), "</mark>"]
                done = found.end()
        return mark_safe("".join([*parts, escape(text[done:])]))  # noqa: S308 - every piece is escaped above

    def excerpt(self, text: str) -> SafeString:
        """The part around the first word that is asked for, from word to word; the beginning when none stands there."""
        place = self._first(text)
        start = max(0, place - BEFORE)
        if start:
            start = text.find(" ", start, place) + 1 or place
        end = start + LENGTH
        if end < len(text):
            end = text.rfind(" ", start + 1, end) if " " in text[start + 1 : end] else end
        piece = " ".join(text[start:end].split())
        return mark_safe(("… " if start else "") + self.marked(piece) + (" …" if end < len(text) else ""))  # noqa: S308

    def _first(self, text: str) -> int:
        if not self.words:
            return 0
        plain = fold_in_place(text)
        for tries, found in enumerate(self.starts.finditer(plain)):
            word = _WORD.match(text, found.start())
            if word and self.hits(word.group().lower()):
                return found.start()
            if tries > MOST_TRIES:
                break
        return 0


def fold_in_place(text: str) -> str:
    """Folded letter by letter, so that every place stays what it was."""
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return folded.translate(FOLDED_LETTERS)


FOLDED_LETTERS: Final = str.maketrans({letter: fold(letter) for letter in "åäöéèüáà"})


def marker(words: Sequence[str]) -> Marker:
    return Marker(tuple(words))
