"""Where a name might stand: runs of capitalised words, found in one linear pass, and what is known of each word."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from .lazy import Lazy
from .lexicon import Word, table

CAPITALS = "".join(
    letter
    for letter in map(chr, (*range(0x41, 0x250), *range(0x386, 0x3AC), *range(0x400, 0x430), *range(0x1E00, 0x1F00)))
    if letter.isupper()
)
ACCENTS = "\u0300-\u036f"
PARTICLES = frozenset(
    [
        "von",
        "zu",
        "van",
        "der",
        "de",
        "af",
        "zum",
        "zur",
        "vom",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "du",
        "del",
        "della",
        "dei",
        "degli",
        "la",
        "le",
        "les",
        "los",
        "las",
        "el",
        "al",
        "ul",
        "ibn",
        "bin",
        "bint",
        "ben",
        "abu",
        "ould",
        "ter",
        "ten",
        "te",
        "san",
        "y",
        "und",
        "wa",
    ]
)
NAME_FLAGS = int(
    Word.GIVEN | Word.GIVEN_COMMON | Word.SURNAME | Word.SURNAME_COMMON | Word.FOLDED_GIVEN | Word.FOLDED_SURNAME
)
NAME = int(Word.GIVEN | Word.SURNAME)


@dataclass(slots=True)
class Token:
    """One word of a run. `flags` are what the word lists know; a particle is a lower-case link between names."""

    start: int
    end: int
    text: str
    flags: int = 0
    genitive: bool = False
    particle: bool = False
    initial: bool = False
    tail: bool = False

    @property
    def caps(self) -> bool:
        return len(self.text) > 1 and self.text.isupper() and not self.initial


@cache
def run_pattern() -> re.Pattern[str]:
    """A run of words with capitals; between them particles in lower case. It never gives back what it has read."""
    particles = "|".join(sorted(PARTICLES, key=len, reverse=True))
    big = f"[{CAPITALS}]"
    letter = f"[\\w{ACCENTS}]"
    rest = rf"(?:\.(?:[ -]?{big}\.){{0,4}}(?!\w)|{letter}{{0,40}}+(?:[-'’]{letter}{{1,40}}+){{0,5}}+(?::son)?)"
    prefixed = rf"(?:[dl]|dell|dall|a[ldnrsztl]h?|el|bin|ben)['’-]{big}[\w{ACCENTS}'’-]{{0,40}}+"
    linked = rf"[ \u00a0]{{1,2}}+(?:(?:{particles})[ \u00a0]){{0,3}}+(?:{big}{rest}|{prefixed})"
    return re.compile(rf"{big}(?<!\w\w){rest}(?:{linked}){{0,15}}+")


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(r"[^ \u00a0]+")


_TAIL = Lazy(r"(?:II|III|IV|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV|XVI|XVII|XVIII|XXIII)s?|Jr\.?|Sr\.?|Junior|Senior")
_INITIALS = Lazy(rf"[{CAPITALS}](?:[-.]+[{CAPITALS}]){{0,4}}\.?")


def tokens_of(run: str, offset: int) -> list[Token]:
    """The run cut into tokens with offsets in the whole text."""
    return [_token(match.group(), offset + match.start()) for match in _piece().finditer(run)]


def _token(text: str, start: int) -> Token:
    token = Token(start, start + len(text), text)
    if text in PARTICLES:
        token.particle = True
    elif _TAIL.fullmatch(text):
        token.tail = True
    elif _INITIALS.fullmatch(text):
        token.initial = True
    else:
        token.flags, token.genitive = look_up(text.rstrip("."))
    return token


def look_up(text: str) -> tuple[int, bool]:
    """(flags, is it a genitive?) of a written word: as it stands, without -s, or by its hyphenated parts."""
    words = table()
    key = text.lower().replace("’", "'")
    if not key.isascii():
        key = unicodedata.normalize("NFC", key)
    flags = words.get(key, 0)
    if flags:
        return flags, False
    if key[-1:] == "s" and len(key) > 3:
        flags = words.get(key[:-2] if key[-2] == "'" else key[:-1], 0)
        if flags:
            return flags, True
    if "-" in key:
        flags, genitive = _hyphenated(key, words)
        return (flags or _half_known(text, words)), genitive
    if "'" in key:
        return words.get(key.replace("'", ""), 0) or words.get(key.rpartition("'")[2], 0) & NAME, False
    return 0, False


def _half_known(text: str, words: dict[str, int]) -> int:
    """ "Dlamini-Zuma", "Britt-Xyz": one half a name, the other unknown, both with a capital."""
    first, _, last = text.partition("-")
    if not last[:1].isupper():
        return 0
    return words.get(last.lower(), 0) & int(Word.SURNAME) | words.get(first.lower(), 0) & int(Word.GIVEN)


def _hyphenated(key: str, words: dict[str, int]) -> tuple[int, bool]:
    """Both parts names: a double name. One part a place or an organisation: not a name."""
    parts = [part for part in key.split("-") if part]
    first = words.get(parts[0], 0) if parts else 0
    last = words.get(parts[-1], 0) if parts else 0
    genitive = False
    if not last and parts and parts[-1][-1:] == "s":
        last, genitive = words.get(parts[-1][:-1], 0), True
    if first & NAME and last & NAME:
        return (first & last & NAME) | (first & ~NAME & last) | last & NAME, genitive
    if parts and parts[0] in ("al", "el", "ben", "bin"):
        return last & NAME_FLAGS, genitive
    return (first | last) & ~NAME, genitive
