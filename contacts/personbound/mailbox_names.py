"""Whose mailbox is it? Judged by the part before the @ alone."""

import re
from collections.abc import Sequence
from functools import cache

from .findings import Confidence
from .lazy import Lazy
from .lexicon import Word, endings, fold, table

Judgement = tuple[bool, str, Confidence]

STRONG, WEAK = Confidence.STRONG, Confidence.WEAK
GIVEN = Word.GIVEN | Word.FOLDED_GIVEN
SURNAME = Word.SURNAME | Word.FOLDED_SURNAME
GIVEN_I, SURNAME_I = int(GIVEN), int(SURNAME)
NOT_A_NAME = int(Word.PLACE | Word.STOP | Word.FUNCTION | Word.TITLE | Word.ORGANISATION)
WORK = int(Word.FUNCTION | Word.TITLE)

_USER_ID = Lazy(r"[a-z]{2,4}[0-9]{2,5}|[a-z]{5,6}[0-9]{1,4}|[a-z][0-9]{3,8}|[0-9]{4,10}|[a-z]{1,3}[0-9]{1,3}[a-z]{1,3}")
_WORK_ENDING = Lazy(
    r"(?:enhet(?:en)?|forvaltning(?:en)?|namnd(?:en)?|kontor(?:et)?|avdelning(?:en)?|cent(?:er|ret|rum|rumet)|skol(?:a|an|or)"
    r"|gymnasi(?:et|um)|service|support|team(?:et)?|grupp(?:en)?|chef(?:en)?|samordn(?:are|ing)|coach(?:er)?|handlaggare"
    r"|radgivare|radgivning|ombud(?:et)?|kansli(?:et)?|expedition(?:en)?|reception(?:en)?|vaxel|bibliotek(?:et)?|boende"
    r"|stod(?:et)?|utbildning(?:en)?|integration(?:en)?|hjalp(?:en)?|tjanst(?:en)?|verket|verksamhet(?:en)?|museet|museum"
    r"|halsa|vard(?:en)?|mottagning(?:en)?|jour(?:en)?|byra(?:n)?|bolag(?:et)?|hus(?:et)?|hemmet|gard(?:en)?|hall(?:en)?"
    r"|insats(?:er)?|projekt(?:et)?|marknad(?:en)?|ansvarig|sekreterare|larare|ledning(?:en)?|post|kontakt|arkiv(?:et)?"
    r"|komvux|kommun(?:en)?|region(?:en)?|forbund(?:et)?|omrade(?:t)?|rad(?:et)?|plats(?:en)?|portal(?:en)?|omsorg(?:en)?|bistand)"
)
_WORK_START = Lazy(
    r"arbetsmarknad|socialtj|kommun|komvux|naringsliv|vuxenutb|forsorj|registrat|dataskydd|upphandl|medborgar|samverkan"
)
_SURNAME_SHAPE = Lazy(
    r"[a-z]{2,}(?:sson|sdotter|qvist|kvist|strom|gren|lund|berg|dahl|holm|stedt|blad|blom|lof|strand|fors|back|hult|ander|feldt)"
)


ABBREVIATIONS = frozenset(
    [
        "ekb",
        "bou",
        "vof",
        "sbf",
        "mhn",
        "kfn",
        "ssn",
        "amv",
        "nmn",
        "kst",
        "uf",
        "an",
        "bun",
        "kun",
        "tn",
        "mbn",
        "sn",
        "gn",
        "vn",
        "smn",
        "nf",
        "hsn",
        "ron",
        "osn",
        "vfn",
        "ksau",
        "bin",
        "uan",
        "uen",
        "amf",
        "amn",
        "ams",
        "aof",
        "aoi",
        "ami",
        "afa",
        "omn",
        "son",
        "sof",
        "ifn",
        "kon",
        "tkn",
        "sbn",
        "bmn",
        "mrn",
        "gvn",
        "gyvux",
        "vuc",
        "cvl",
        "clc",
        "dua",
        "kia",
        "tia",
        "rpa",
        "kfa",
        "bmf",
        "lots",
        "navet",
        "gnu",
        "spf",
        "pro",
    ]
)
PARTICLES = frozenset(["von", "af", "de", "van", "der"])
NOT_GIVEN = frozenset(["vara", "sala", "nora", "region", "team", "alla", "ung", "unga"])


def flags(token: str) -> int:
    return table().get(token, 0)


def is_work(token: str) -> bool:
    """A word for a task, a unit or a role."""
    if flags(token) & WORK:
        return True
    return bool(
        _WORK_ENDING.fullmatch(token, max(0, len(token) - 14)) or _ends_with_work(token) or _WORK_START.match(token)
    )


def _ends_with_work(token: str) -> bool:
    return any(_WORK_ENDING.fullmatch(token, at) for at in range(2, max(2, len(token) - 2)))


def judge(local: str, domain: str) -> Judgement:
    """(personal?, reason in Swedish, confidence)."""
    tokens = [token for token in re.split(r"[._'-]+", fold(local)) if token]
    words = [token.strip("0123456789") for token in tokens]
    words = [word for word in words if word]
    if not words:
        return True, "Siffror i stället för funktion, troligen ett användar-id", WEAK
    if len(words) > 1 and _is_full_name(words):
        return True, "Adressen är förnamn och efternamn", STRONG
    if any(is_work(word) for word in words):
        return _with_work_word(words)
    if len(words) == 1:
        return _single(tokens[0] if len(tokens) == 1 else words[0], words[0], domain)
    return _several(words)


def _is_full_name(words: Sequence[str]) -> bool:
    """A well-known given name and then a surname, even if that is a word as well: "max.nord", "per.lund"."""
    linked = len(words) > 2 and (words[1] in PARTICLES or len(words[1]) == 1 or flags(words[1]) & GIVEN_I)
    second = words[2] if linked else words[1]
    if not flags(words[0]) & int(Word.GIVEN_COMMON | Word.FOLDED_GIVEN) or words[0] in NOT_GIVEN:
        return False
    return bool(flags(second) & SURNAME_I or _SURNAME_SHAPE.fullmatch(second))


def _with_work_word(words: Sequence[str]) -> Judgement:
    others = [word for word in words if not is_work(word)]
    names = [word for word in others if flags(word) & (GIVEN_I | SURNAME_I) and not flags(word) & NOT_A_NAME]
    if len(names) >= 2 and flags(names[0]) & GIVEN_I:
        return True, "Adressen bär ett personnamn bredvid funktionens namn", WEAK
    return False, "Adressen är uppkallad efter en funktion", STRONG


def _single(token: str, word: str, domain: str) -> Judgement:
    known = flags(word)
    if word == domain.split(".")[0] or (known & NOT_A_NAME and not known & int(Word.GIVEN_COMMON)):
        return False, "Adressen är uppkallad efter en plats eller verksamhet", STRONG
    if known & GIVEN_I:
        return True, "Adressen är ett förnamn", STRONG
    if known & SURNAME_I or _SURNAME_SHAPE.fullmatch(word):
        return True, "Adressen är ett efternamn", STRONG
    if _USER_ID.fullmatch(token):
        return True, "Adressen är ett personligt användar-id", STRONG
    if len(word) <= 4 and not _is_common(word):
        return True, "Adressen är initialer", WEAK
    if _is_common(word):
        return False, "Adressen är ett vanligt ord", WEAK
    if any(flags(word[:-cut]) & int(Word.GIVEN_COMMON) for cut in (1, 2)):
        return True, "Adressen är ett förnamn och en initial", WEAK
    if (
        len(word) == 6
        and not word.endswith(("en", "et"))
        and word[:3] in _beginnings(GIVEN_I)
        and word[3:] in _beginnings(SURNAME_I)
    ):
        return True, "Adressen är början på för- och efternamn", WEAK
    if _run_together(word):
        return True, "Adressen är för- och efternamn i ett ord", WEAK
    return False, "Adressen innehåller inget personnamn", WEAK


@cache
def _common_endings() -> tuple[str, ...]:
    return tuple({fold(ending) for ending in endings("common_endings") if len(ending) > 3} | {"ling", "liv", "het"})


def _is_common(word: str) -> bool:
    return (len(word) > 6 and word.endswith(_common_endings())) or word in ABBREVIATIONS


@cache
def _beginnings(kind: int) -> frozenset[str]:
    """The first three letters of the common names."""
    common = int(Word.GIVEN_COMMON if kind == GIVEN_I else Word.SURNAME_COMMON)
    return frozenset(fold(word[:3]) for word, known in table().items() if known & common and len(word) > 3)


def _run_together(word: str) -> bool:
    if flags(word[1:]) & int(Word.SURNAME_COMMON) and len(word) >= 6:
        return True
    return any(
        flags(word[:at]) & int(Word.GIVEN_COMMON | Word.FOLDED_GIVEN) and flags(word[at:]) & SURNAME_I
        for at in range(3, len(word) - 3)
    )


def _several(words: Sequence[str]) -> Judgement:
    first, last = flags(words[0]), flags(words[-1])
    if first & GIVEN_I and not first & int(Word.STOP):
        return True, "Adressen är förnamn och efternamn", STRONG
    if len(words[0]) <= 2 and (last & SURNAME_I or _SURNAME_SHAPE.fullmatch(words[-1])):
        return True, "Adressen är initial och efternamn", STRONG
    if last & GIVEN_I and not last & NOT_A_NAME:
        return True, "Adressen är efternamn och förnamn", STRONG
    if any(flags(word) & NOT_A_NAME or _is_common(word) for word in words):
        return False, "Adressen är uppkallad efter en plats eller verksamhet", STRONG
    return True, "Adressen har formen förnamn.efternamn", WEAK
