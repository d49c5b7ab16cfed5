"""Names that only what is around gives away: after "Kontaktpersoner:", turned about in a list, in lower case, or beside
their own address.
"""

import re
from functools import cache

from .candidates import ACCENTS, CAPITALS, NAME, PARTICLES, look_up, tokens_of
from .evidence import GIVEN_COMMON, LEAD, ORGANISATION, PLACE, SURNAME_COMMON, TITLE, surname_shape
from .findings import Confidence, Finding
from .lexicon import Word, cues, fold
from .names import finding, single_name
from .segments import NOT_SINGLE
from .surroundings import is_work_title

OWNER = NAME | int(Word.FOLDED_GIVEN | Word.FOLDED_SURNAME)
NOT_TURNED = PLACE | ORGANISATION | TITLE | LEAD
BLOCKED = NOT_SINGLE & ~int(Word.DOUBTFUL)


@cache
def _list_item() -> re.Pattern[str]:
    return re.compile(
        rf"[ \u00a0]*(?:(?:och|samt|eller|&|,|;|/)[ \u00a0]*)?"
        rf"([{CAPITALS}][\w-]{{1,30}}(?:[ \u00a0][{CAPITALS}][\w-]{{1,30}}){{0,3}})"
    )


@cache
def _lower_name() -> re.Pattern[str]:
    return re.compile(r"[ ,\n:]{1,4}([a-zåäöéèüáëøæ-]{2,25}) ([a-zåäöéèüáëøæ-]{2,30})(?![\w@.-])")


def after_heads(text: str) -> list[Finding]:
    """Single names in a list after a word such as "Kontaktpersoner:"."""
    found: list[Finding] = []
    colon = text.find(":")
    while colon >= 0:
        head = text[max(0, colon - 20) : colon].rstrip().lower().rpartition(" ")[2].lstrip("-•*\n\t(")
        head = head.rpartition("\n")[2]
        if head not in cues("heads") and not is_work_title(head):
            head = _beginning(text, colon)
        if head in cues("heads") or is_work_title(head):
            found += _list_after(text, colon + 1, head)
        colon = text.find(":", colon + 1)
    return found


def _beginning(text: str, colon: int) -> str:
    """The first word of what stands before the colon: "ansvarig" of "Ansvarig för insatsen:"."""
    before = text[max(0, colon - 60) : colon]
    phrase = before[max(before.rfind(mark) for mark in "\n.;:,") + 1 :]
    return phrase.strip(" -•*\t(").partition(" ")[0].lower() if len(phrase) < colon or colon < 60 else ""


def _list_after(text: str, at: int, head: str) -> list[Finding]:
    found: list[Finding] = []
    for _ in range(30):
        item = _list_item().match(text, at)
        if not item:
            break
        at = item.end()
        if " " not in item[1]:
            found += single_name(text, tokens_of(item[1], item.start(1))[0], head)
    return found


@cache
def _turned() -> re.Pattern[str]:
    """The first comma between two words with capitals, with what may end such an item of a list after the second."""
    word = rf"[{CAPITALS}][\w{ACCENTS}]{{1,30}}(?:-[{CAPITALS}]\w{{1,30}})?"
    return re.compile(
        rf", ({word})(?:[ \u00a0](?:{word}|[{CAPITALS}]\.?)){{0,2}}(?=[ \u00a0]*(?:[\n;,(/|–\t]|\.?\Z| - ))"
    )


@cache
def _surname_at_end() -> re.Pattern[str]:
    """A surname that begins a line or an item of a list."""
    particles = "|".join(sorted(PARTICLES, key=len, reverse=True))
    begins = r"(?:\A|[\n;:(•*|\t–]|\d[.)]|- )[ \u00a0]*"
    return re.compile(
        rf"{begins}((?:(?:{particles})[ \u00a0]){{0,2}}[{CAPITALS}][\w{ACCENTS}]{{1,30}}(?:-[{CAPITALS}]\w{{1,30}})?)\Z"
    )


def turned_about(text: str) -> list[Finding]:
    """ "Lindqvist, Anna" where a line or an item of a list is nothing else: both names well known."""
    found = []
    for match in _turned().finditer(text):
        at = max(0, match.start() - 60)
        before = _surname_at_end().search(text, at, match.start())
        if before and (at == 0 or before.start() > at) and _is_turned(before[1], match[1]):
            reason = "Efternamn och förnamn i en uppräkning"
            found.append(finding(text, before.start(1), match.end(), Confidence.STRONG, reason))
    return found


def _is_turned(last: str, first: str) -> bool:
    surname, given = look_up(last.rpartition(" ")[2])[0], look_up(first)[0]
    known = surname & SURNAME_COMMON or surname_shape().fullmatch(last.rpartition(" ")[2])
    return bool(known and given & GIVEN_COMMON and not surname & NOT_TURNED and not given & NOT_TURNED)


def in_lower_case(text: str) -> list[Finding]:
    """ "mvh erik karlsson": both names well known, after a word that names follow."""
    found = []
    for cue in cues("greetings"):
        at = text.find(cue)
        while at >= 0:
            match = _lower_name().match(text, at + len(cue))
            if match and _is_known_pair(match[1], match[2]):
                reason = "För- och efternamn med små bokstäver"
                found.append(finding(text, match.start(1), match.end(2), Confidence.WEAK, reason))
            at = text.find(cue, at + 1)
    return found


def _is_known_pair(first: str, last: str) -> bool:
    given, surname = look_up(first)[0], look_up(last)[0]
    if given & BLOCKED or surname & BLOCKED:
        return False
    return bool(given & GIVEN_COMMON and surname & SURNAME_COMMON)


def beside_address(text: str, addresses: list[Finding]) -> list[Finding]:
    """The name of the owner, however it is written, within a line's length of the personal address."""
    found = []
    for address in addresses:
        words = re.findall(r"[a-z]{2,}", fold(address.text.partition("@")[0]))
        if len(words) < 2 or not (look_up(words[0])[0] | look_up(words[-1])[0]) & OWNER:
            continue
        for start, end in ((max(0, address.start - 80), address.start), (address.end, address.end + 80)):
            found += _same_words(text, start, text[start:end], words)
    return found


def _same_words(text: str, start: int, window: str, words: list[str]) -> list[Finding]:
    folded = fold(window)
    if len(folded) != len(window):
        return []
    match = re.search(rf"\b{words[0]}[ \u00a0](?:\w{{1,30}}[ \u00a0])?{words[-1]}\b", folded)
    if not match:
        return []
    reason = "Samma namn som i e-postadressen intill"
    return [finding(text, start + match.start(), start + match.end(), Confidence.STRONG, reason)]
