"""The word lists, compact on disk and read the first time somebody asks.

A word's value is a sum of flags; its size class tells how many people in Sweden bear it. The table is built by
`python -m contacts.personbound.build_lexicon` from the lists in data/.
"""

import zlib
from enum import IntFlag
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
TABLE = DATA / "lexicon.zz"


class Word(IntFlag):
    """What is known of one word, in lower case."""

    GIVEN = 1
    GIVEN_COMMON = 2
    SURNAME = 4
    SURNAME_COMMON = 8
    PLACE = 16
    ORGANISATION = 32
    TITLE = 64
    STOP = 128
    FOLDED_GIVEN = 256
    FOLDED_SURNAME = 512
    FUNCTION = 1024
    DOUBTFUL = 2048
    FORM = 4096
    LEAD = 8192


@cache
def table() -> dict[str, int]:
    """Lower-case word to flags. One shared int per combination of flags keeps it small."""
    words: dict[str, int] = {}
    for block in zlib.decompress(TABLE.read_bytes()).decode().split("\n\n"):
        head, _, body = block.partition("\n")
        words.update(dict.fromkeys(body.split("\n"), int(head)))
    return words


@cache
def phrases() -> frozenset[str]:
    """Names of places, organisations and works that look like the name of a person, in lower case."""
    return frozenset(_lines("not_persons.txt"))


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    """The lists of cues.txt by their headings."""
    sections: dict[str, list[str]] = {}
    words: list[str] = []
    for line in (DATA / "lists" / "cues.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            words += line.split()
    return {name: tuple(dict.fromkeys(words)) for name, words in sections.items()}


@cache
def cues(name: str) -> frozenset[str]:
    """A list of words around names, for asking whether a word is in it."""
    return frozenset(_sections()[name])


def endings(name: str) -> tuple[str, ...]:
    """A list of words around names, for `str.endswith`."""
    return _sections()[name]


def _lines(name: str) -> list[str]:
    text = (DATA / "lists" / name).read_text(encoding="utf-8")
    return [line.strip().lower() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def fold(word: str) -> str:
    """As the word is written in an e-mail address: no diacritics, Swedish and Nordic letters as a, o."""
    return word.lower().translate(_FOLDING)


_FOLDING = str.maketrans(
    {
        **dict.fromkeys("áàâäãåāăąǎ", "a"),
        **dict.fromkeys("éèêëēėęěĕ", "e"),
        **dict.fromkeys("íìîïīįıĩ", "i"),
        **dict.fromkeys("óòôöõøōőŏ", "o"),
        **dict.fromkeys("úùûüūůűųũ", "u"),
        **dict.fromkeys("ýÿ", "y"),
        **dict.fromkeys("çćčĉċ", "c"),
        **dict.fromkeys("ñńňņŋ", "n"),
        **dict.fromkeys("śšşșŝ", "s"),
        **dict.fromkeys("žźż", "z"),
        **dict.fromkeys("ðďđ", "d"),
        **dict.fromkeys("ľłĺļ", "l"),
        **dict.fromkeys("ťţțŧ", "t"),
        **dict.fromkeys("ğģĝġ", "g"),
        **dict.fromkeys("řŕŗ", "r"),
        **dict.fromkeys("ķ", "k"),
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "þ": "th",
    }
)
