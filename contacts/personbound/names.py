"""Names of persons in running Swedish text: stretches of capitalised words, weighed with what stands around them."""

import re

from .candidates import NAME, Token, run_pattern, tokens_of
from .evidence import GIVEN, SURNAME
from .findings import Confidence, Finding, Kind
from .lexicon import cues, endings
from .segments import NOT_SINGLE, Segment, segments_of, single_of
from .surroundings import (
    after_weight,
    before_weight,
    begins_sentence,
    is_listed_title,
    is_quoted,
    is_title,
    is_work_title,
    place_nouns,
    role_before,
)

ACCEPT, STRONG = 3.0, 4.5
BEYOND_DOUBT = 5.5
NEARLY = 1.5
MOST_CONTEXT = 5.0
LINKS = (", ", " och ", " samt ", " & ", " med ", " mot ", " före ", " , ")


def find_names(text: str) -> list[Finding]:
    """Every full name, and every single name after a title."""
    found: list[Finding] = []
    nearly: list[Finding] = []
    for match in run_pattern().finditer(text):
        run, start = match.group(), match.start()
        if " " in run or "\u00a0" in run:
            if run[1] in " \u00a0" and start and text[start - 1] == "/":
                continue  # "M/S Birger Jarl"
            for segment in segments_of(run, begins_sentence(text, start)):
                found += _in_context(text, start, segment, nearly)
        elif start > 3 and text[start - 1] == " " and text[start - 2].islower():
            found += _after_title(text, start, run)
    return found + _beside_names(text, found, nearly) if nearly and found else found


def _beside_names(text: str, found: list[Finding], nearly: list[Finding]) -> list[Finding]:
    """What almost was a name is one when it stands in a list with names."""
    ends = {each.end for each in found if " " in each.text}
    starts = {each.start for each in found if " " in each.text}
    joined = []
    for each in (*nearly, *reversed(nearly)):
        before = any(
            text[each.start - len(link) : each.start] == link and each.start - len(link) in ends for link in LINKS
        )
        after = any(text.startswith(link, each.end) and each.end + len(link) in starts for link in LINKS)
        if before or after:
            joined.append(each)
            starts.add(each.start)
            ends.add(each.end)
    return joined


def _after_title(text: str, start: int, run: str) -> list[Finding]:
    title = role_before(text, start)
    if not is_title(title) and title not in cues("calls"):
        return []
    return [
        each for segment in single_of(tokens_of(run, 0)[0], title) for each in _in_context(text, start, segment, [])
    ]


def _in_context(text: str, offset: int, segment: Segment, nearly: list[Finding]) -> list[Finding]:
    start, end = offset + segment.start, offset + segment.end
    if place_nouns().match(text, end) or text[end : end + 1] in ("-", "@"):
        return []
    if segment.single:
        return _single(text, start, end, segment)
    score = segment.score
    if score >= BEYOND_DOUBT and not is_quoted(text, start, end):
        return [finding(text, start, end, Confidence.STRONG, segment.reason)]
    if score + MOST_CONTEXT < ACCEPT:
        return []
    score += 0.0 if segment.title else before_weight(text, start)
    score += after_weight(text, end) - 2.0 * is_quoted(text, start, end)
    if score < ACCEPT:
        if score >= NEARLY:
            nearly.append(
                finding(text, start, end, Confidence.WEAK, "Ord som skrivs som ett namn, i en uppräkning av namn")
            )
        return []
    confidence = Confidence.STRONG if score >= STRONG else Confidence.WEAK
    return [finding(text, start, end, confidence, segment.reason)]


def _single(text: str, start: int, end: int, segment: Segment) -> list[Finding]:
    title = segment.title or role_before(text, start)
    if title in cues("calls"):
        return _called(text, start, end, segment, title)
    if (
        not title
        or not is_title(title)
        or title in cues("things")
        or (title.endswith(endings("agent_endings")) and not is_listed_title(title))
    ):
        return []
    if segment.genitive and text[end + 1 : end + 2].isupper():
        return []
    sure = is_work_title(title) and segment.common
    confidence = Confidence.STRONG if sure else Confidence.WEAK
    return [finding(text, start, end, confidence, f"Namn efter titeln {title}")]


def _called(text: str, start: int, end: int, segment: Segment, call: str) -> list[Finding]:
    """ "Kontakta Anna": weak, and only for well-known names."""
    if not segment.common or segment.genitive:
        return []
    return [finding(text, start, end, Confidence.WEAK, f"Namn efter {call}")]


def single_name(text: str, token: Token, title: str) -> list[Finding]:
    """A name alone after a heading such as "Kontaktpersoner:"; the token stands at its place in the text."""
    if not single_of(token) or place_nouns().match(text, token.end) or text[token.end : token.end + 1] in ("-", "@"):
        return []
    confidence = Confidence.STRONG if single_of(token)[0].common else Confidence.WEAK
    return [finding(text, token.start, token.end, confidence, f"Namn efter {title}:")]


def finding(text: str, start: int, end: int, confidence: Confidence, reason: str) -> Finding:
    return Finding(start, end, text[start:end], Kind.PERSON_NAME, confidence, reason)


def is_bare_name(text: str) -> bool:
    """Is the whole text nothing but a name, full or single?"""
    written = text.strip()
    tokens = tokens_of(written.title() if written.islower() else written, 0)
    words = [token for token in tokens if not token.particle]
    if not words or len(words) > 5 or not re.fullmatch(r"[\w.'’ \u00a0-]+", written):
        return False
    if any(token.flags & NOT_SINGLE or not (token.flags & NAME or token.initial) for token in words):
        return False
    return bool(words[0].flags & GIVEN or words[-1].flags & SURNAME)
