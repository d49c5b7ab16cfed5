"""Where a name might stand: runs of capitalised words, found in one linear pass."""

import re
from dataclasses import dataclass
from functools import cache

from .lexicon import Word, table

CAPITALS = "".join(
    chr(code) for code in (*range(0x41, 0x250), *range(0x386, 0x3AC), *range(0x400, 0x430), *range(0x1E00, 0x1F00)) if chr(code).isupper()
)
PARTICLES = (
    "von und zu van der den de af av zum zur vom da do dos das di du del della dei degli la le les los las el al ul ad ar as"
    " ibn bin bint ben abu ould ter ten te san y e st und och"
).split()
NAME_PARTICLES = frozenset(PARTICLES) - {"och", "av", "e", "den", "as", "ar"}

LOOSE = int(Word.GIVEN | Word.SURNAME)
GENITIVE_S = ("s", "S")


@dataclass(slots=True)
class Token:
    """One word of a run. `flags` are what the word lists know; a particle is a lower-case link between names."""

    start: int
    end: int
    text: str
    flags: int
    genitive: bool = False
    particle: bool = False
    initial: bool = False

    @property
    def caps(self) -> bool:
        return len(self.text) > 1 and self.text.isupper() and not self.initial


@cache
def run_pattern() -> re.Pattern[str]:
    """A run of words with capitals; between them particles in lower case."""
    particles = "|".join(sorted(NAME_PARTICLES, key=len, reverse=True))
    big = f"[{CAPITALS}]"
    word = rf"{big}(?:\.(?:[ -]?{big}\.){{0,4}}|[\w]{{0,40}}(?:[-'’´`][\w]{{1,40}}){{0,5}})"
    prefixed = rf"(?:[dl]|dell|dall|[ae][lnrsztd]h?|ben|bin|bint)['’-]{big}[\w'’-]{{0,40}}"
    unit = rf"(?:{word}|{prefixed})"
    return re.compile(rf"{big}(?<!\w\w){word[len(big):]}(?:[ \u00a0]{{1,2}}(?:(?:{particles})[ \u00a0]){{0,3}}{unit}){{0,15}}")


@cache
def _piece_pattern() -> re.Pattern[str]:
    return re.compile(r"[^ \u00a0]+")


def tokens_of(run: str, offset: int) -> list[Token]:
    """The run cut into tokens with offsets in the whole text."""
    return [_token(m.group(), offset + m.start()) for m in _piece_pattern().finditer(run)]


def _token(text: str, start: int) -> Token:
    token = Token(start, start + len(text), text, 0)
    if text in NAME_PARTICLES:
        token.particle = True
    elif "." in text:
        token.initial = True
    else:
        token.flags, token.genitive = look_up(text)
        token.initial = len(text) == 1
    return token


def look_up(text: str) -> tuple[int, bool]:
    """(flags, is it a genitive?) of a written word, by itself, without -s, or by its hyphenated parts."""
    words = table()
    key = text.lower().replace("’", "'")
    flags = words.get(key, 0)
    if flags:
        return flags, False
    if key[-1:] == "s" and len(key) > 3:
        flags = words.get(key[:-1], 0)
        if flags:
            return flags, True
    if "-" in key:
        return _hyphenated(key, words)
    if "'" in key:
        stem = key.rpartition("'")
        if stem[2] == "s":
            return words.get(stem[0], 0), True
        return words.get(key.replace("'", ""), 0) or (words.get(stem[2], 0) & LOOSE), False
    return 0, False


def _hyphenated(key: str, words: dict[str, int]) -> tuple[int, bool]:
    parts = key.split("-")
    first = words.get(parts[0], 0)
    last = words.get(parts[-1], 0)
    genitive = False
    if not last and parts[-1][-1:] == "s":
        last, genitive = words.get(parts[-1][:-1], 0), True
    return (first | last) & LOOSE if first & LOOSE and last & LOOSE else (first | last) & ~LOOSE, genitive
