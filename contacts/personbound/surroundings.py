"""What stands before and after a candidate, and what it says about its being a person."""

import re
from functools import cache

from .lazy import Lazy
from .lexicon import Word, cues, endings, table

TITLE = int(Word.TITLE)

AGE_OR_PARTY = Lazy(
    r" ?,? ?\(?[1-9][0-9](?: år)?\)?(?![\w.:%/-])"
    r"|,? ?\( ?(?:s|m|c|l|v|mp|kd|sd|fp|pp|fi|nyd|opol|oberoende|ordf[a-z.]*) ?\)",
    re.IGNORECASE,
)
AFTER_COMMA = Lazy(r" ?, ?([^,.()\n]{2,60})")

QUOTES = "\"'”“’»«„"


@cache
def title_endings() -> tuple[str, ...]:
    return endings("work_titles") + endings("title_endings")


@cache
def place_nouns() -> re.Pattern[str]:
    """What makes a street, a school or a foundation of the name before it."""
    return re.compile(" ?(?:" + "|".join(re.escape(word) for word in endings("place_nouns")) + r")s?(?!\w)")


@cache
def is_title(word: str) -> bool:
    """A title or role, in lower case."""
    return (
        word.endswith(title_endings())
        or (word.endswith(endings("agent_endings")) and len(word) > 6)
        or is_listed_title(word)
    )


def _is_sure_title(word: str) -> bool:
    return word[:1].islower() and (word.endswith(title_endings()) or is_listed_title(word))


def is_listed_title(word: str) -> bool:
    return bool(table().get(word, 0) & TITLE)


def is_work_title(word: str) -> bool:
    """A role in an office, where a single name after it stands for a colleague."""
    return word.endswith(endings("work_titles"))


def word_before(text: str, start: int) -> str:
    """The word just before, in lower case and with its colon; nothing if something else stands between."""
    if start < 2 or text[start - 1] not in " \u00a0":
        return ""
    return text[max(text.rfind(" ", 0, start - 1), text.rfind("\n", 0, start - 1), start - 40) + 1 : start - 1].lower()


def role_before(text: str, start: int) -> str:
    """The title a single name may answer to: "handläggare Anna", "handläggare är Anna", "kontakta Anna"."""
    word = word_before(text, start)
    if word in ("är", "heter"):
        return word_before(text, start - len(word) - 1)
    return word


def before_weight(text: str, start: int) -> float:
    """Evidence of the word before."""
    word = word_before(text, start).lstrip("([\"'”“»–-")
    if not word:
        return 0.0
    bare = word.rstrip(":")
    if (is_listed_title(bare) or bare.endswith(title_endings())) and bare not in cues("things"):
        return 2.5
    if bare in cues("speech") or word in cues("speech"):
        return 1.5
    if (is_title(bare) and bare not in cues("things")) or (bare.endswith("ske") and len(bare) > 5):
        return 1.75
    if bare == "på" and text[max(0, start - 14) : start - 4].endswith(("mordet", "mord", "attentatet", "dråpet")):
        return 1.5
    if word in cues("things"):
        return -2.5
    if bare.endswith(endings("definite")) and bare not in cues("neutral"):
        return 0.5
    return -1.0 if bare in cues("in_place") else 0.0


def after_weight(text: str, end: int) -> float:
    """Evidence of what follows: age, party, title after a comma, a verb only people do."""
    if AGE_OR_PARTY.match(text, end):
        return 2.5
    apposition = AFTER_COMMA.match(text, end)
    if apposition and any(_is_sure_title(word) for word in apposition[1].split()[:3]):
        return 2.0
    if text[end : end + 1] not in (" ", "\u00a0"):
        return 0.0
    following = text[end + 1 : end + 20].split(maxsplit=1)
    if not following:
        return 0.0
    return 1.25 if following[0] in cues("after") else 0.4 if following[0] in cues("after_mild") else 0.0


def is_quoted(text: str, start: int, end: int) -> bool:
    """Alone between quotation marks: more often a work than a person."""
    return start > 0 and text[start - 1] in QUOTES and text[end : end + 1] in tuple(QUOTES)


def begins_sentence(text: str, start: int) -> bool:
    """Would the first word stand with a capital whatever it is?"""
    at = start - 1
    while at >= 0 and text[at] in " \u00a0\t\"'”“»«([–—-•*·>" and start - at < 12:
        at -= 1
    return at < 0 or text[at] in ".!?:\n\r|…"
