"""Names of persons in running Swedish text: runs of capitalised words are cut into segments and weighed."""

import re

from . import evidence
from .candidates import NAME, Token, run_pattern, tokens_of
from .evidence import FORM, GIVEN, GIVEN_COMMON, LEAD, ORGANISATION, PLACE, STOP, SURNAME, SURNAME_COMMON, TITLE
from .findings import Confidence, Finding, Kind
from .lexicon import Word, phrases
from .surroundings import (
    PLACE_NOUNS,
    after_weight,
    before_weight,
    begins_sentence,
    is_quoted,
    is_title,
    is_work_title,
    word_before,
)

ACCEPT, STRONG = 3.0, 4.5
NOT_SINGLE = PLACE | STOP | ORGANISATION | FORM | TITLE | LEAD | int(Word.DOUBTFUL)


def find_names(text: str) -> list[Finding]:
    """Every full name, and every single name after a title."""
    found: list[Finding] = []
    for match in run_pattern().finditer(text):
        run = match.group()
        if " " in run or "\u00a0" in run:
            found += _Run(text, tokens_of(run, match.start())).findings()
        else:
            found += _after_title(text, match.start(), run)
    return found


def _after_title(text: str, start: int, run: str) -> list[Finding]:
    if start < 4 or text[start - 1] != " " or not text[start - 2].isalpha():
        return []
    before = word_before(text, start)
    return single_name(text, tokens_of(run, start)[0], before) if is_title(before) else []


def single_name(text: str, token: Token, title: str) -> list[Finding]:
    """A given name or surname alone, after a title."""
    if not token.flags & NAME or token.flags & NOT_SINGLE or token.caps or token.initial:
        return []
    if token.genitive and text[token.end + 1 : token.end + 2].isupper():
        return []
    if PLACE_NOUNS.match(text, token.end) or text[token.end : token.end + 1] in ("-", "@"):
        return []
    sure = is_work_title(title) and token.flags & (GIVEN_COMMON | SURNAME_COMMON)
    confidence = Confidence.STRONG if sure else Confidence.WEAK
    return [finding(text, token.start, token.end, confidence, f"Namn efter titeln {title}")]


def finding(text: str, start: int, end: int, confidence: Confidence, reason: str) -> Finding:
    return Finding(start, end, text[start:end], Kind.PERSON_NAME, confidence, reason)


class _Run:
    """One run of capitalised words, cut where a word cannot belong to a name."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.all_caps = all(token.caps or token.initial or token.tail for token in tokens)
        self.at_start = begins_sentence(text, tokens[0].start)

    def findings(self) -> list[Finding]:
        found: list[Finding] = []
        segment: list[Token] = []
        title = ""
        skip = False
        self.penalty = 0.0
        for place, token in enumerate(self.tokens):
            kind = "lead" if skip else self._break(place, segment)
            skip = kind == "lead" and not skip
            if not kind:
                segment.append(token)
                if token.genitive:
                    found += self._segments(segment, title, self._is_form(place + 1))
                    segment, title, self.penalty = [], "", 0.0
                continue
            found += self._segments(segment, title, kind)
            segment, title = [], token.text.lower() if kind == "title" else ""
            joined = kind in ("organisation", "form", "lead") and not token.text.endswith(("s", "n", "t"))
            self.penalty = 1.0 if joined else 0.0
        return found + self._segments(segment, title, "")

    def _is_form(self, place: int) -> str:
        """"Karin Bloms Café": what comes after the genitive makes an organisation of it."""
        following = self.tokens[place] if place < len(self.tokens) else None
        return "form" if following and following.flags & FORM and not following.flags & GIVEN else ""

    def _break(self, place: int, segment: list[Token]) -> str:
        """Why the word cannot be part of a name, or nothing."""
        token = self.tokens[place]
        if token.particle or token.initial or token.tail:
            return ""
        following = next((each for each in self.tokens[place + 1 :] if not each.particle), None)
        flags = token.flags
        if flags & (STOP | TITLE):
            if self._name_after_all(token, segment, following):
                return ""
            return "title" if flags & TITLE else "stop"
        if token.caps and not self.all_caps:
            return self._capitals(token, segment, following)
        if flags & LEAD and not segment:
            return "" if flags & GIVEN and following and following.flags & SURNAME_COMMON else "lead"
        if flags & FORM and not flags & NAME:
            return "form"
        if flags & (PLACE | ORGANISATION) and not flags & NAME:
            return "place" if flags & PLACE else "organisation"
        return self._unknown(token)

    def _name_after_all(self, token: Token, segment: list[Token], following: Token | None) -> bool:
        """Words such as Per, Bo, Stig, Lind and Berg are names between names; so is Mitt within a sentence."""
        flags = token.flags
        if flags & GIVEN and following is not None:
            sure = flags & GIVEN_COMMON or not (self.at_start and token is self.tokens[0])
            if sure and (following.flags & SURNAME or following.initial or _shaped(following)):
                return True
            return bool(flags & GIVEN_COMMON and following.flags & GIVEN_COMMON and not following.flags & STOP)
        return bool(flags & SURNAME and segment and (segment[-1].flags & GIVEN or segment[-1].initial))

    def _unknown(self, token: Token) -> str:
        compound = evidence.compound_of(token)
        if compound:
            return "title" if compound == "title" else "form"
        if evidence.is_title_word(token):
            return "title"
        return "stop" if evidence.is_common_word(token) else ""

    def _capitals(self, token: Token, segment: list[Token], following: Token | None) -> str:
        if segment and segment[-1].flags & GIVEN and token.flags & SURNAME:
            return ""
        short = len(token.text) == 2 and not token.flags & ORGANISATION
        fits = not segment or segment[-1].flags & GIVEN
        if short and fits and following and not following.caps and not following.flags & (PLACE | FORM | GIVEN):
            token.initial = True
            return ""
        return "organisation"

    def _segments(self, tokens: list[Token], title: str, after: str) -> list[Finding]:
        """A list of names without commas is several segments."""
        found: list[Finding] = []
        rest = tokens
        while (cut := _second_name(rest)) is not None:
            found += self._weigh(rest[:cut], title, "")
            rest, title = rest[cut:], ""
        return found + self._weigh(rest, title, after)

    def _weigh(self, tokens: list[Token], title: str, after: str) -> list[Finding]:
        tokens = self._trim(tokens)
        words = [token for token in tokens if not token.particle and not token.tail]
        if not words or after == "form":
            return []
        if len(words) < 2 and not (len(tokens) > 1 and (words[0].flags & GIVEN or title)):
            return self._alone(tokens, title)
        if len(words) > 2 and words[-1].flags & FORM:
            return []
        start, end = tokens[0].start, tokens[-1].end
        if self._is_something_else(start, end):
            return []
        score = self._score(tokens, words, title)
        if score < ACCEPT:
            return []
        confidence = Confidence.STRONG if score >= STRONG else Confidence.WEAK
        return [finding(self.text, start, end, confidence, _reason(words))]

    def _alone(self, tokens: list[Token], title: str) -> list[Finding]:
        before = title or word_before(self.text, tokens[0].start)
        return single_name(self.text, tokens[0], before) if before and is_title(before) else []

    def _is_something_else(self, start: int, end: int) -> bool:
        written = self.text[start:end].lower()
        two = " ".join(written.split()[:2])
        if {written, written.removesuffix("s"), two, two.removesuffix("s")} & phrases():
            return True
        return bool(PLACE_NOUNS.match(self.text, end)) or self.text[end : end + 1] in ("-", "@")

    def _score(self, tokens: list[Token], words: list[Token], title: str) -> float:
        first, last = words[0], words[-1]
        if self.all_caps and not (first.flags & GIVEN and last.flags & SURNAME):
            return 0.0
        start, end = tokens[0].start, tokens[-1].end
        score = evidence.first_weight(first, at_start=self.at_start and first is self.tokens[0])
        score += evidence.last_weight(last) if last is not first else 0.0
        score += evidence.middle_weight([token for token in tokens[1:] if token is not last])
        score += (2.5 if first.flags & NAME else 1.0) if title else before_weight(self.text, start)
        score += after_weight(self.text, end)
        score += 1.0 * tokens[-1].tail
        return score - self.penalty - 2.0 * is_quoted(self.text, start, end)

    def _trim(self, tokens: list[Token]) -> list[Token]:
        while tokens and (tokens[0].particle or tokens[0].tail):
            tokens = tokens[1:]
        while tokens and (tokens[-1].particle or len(tokens) > 1 and tokens[-1].initial):
            tokens = tokens[:-1]
        while len(tokens) > 2 and self._is_owner(tokens[0], tokens[1]):
            tokens = tokens[1:]
        for at in range(len(tokens) - 2, 1, -1):
            if _is_owned(tokens, at):
                return tokens[at:]
        return tokens

    def _is_owner(self, first: Token, second: Token) -> bool:
        """A word before the name proper: "Rosengårds Marta Vieira", "Storfavoriten Usain Bolt"."""
        if first.initial or first.flags & (GIVEN | evidence.FOLDED_GIVEN) or not second.flags & GIVEN:
            return False
        if first.text.endswith("s") and not first.flags & NAME:
            return True
        return self.at_start and first is self.tokens[0] and not first.flags & NAME


def _is_owned(tokens: list[Token], at: int) -> bool:
    """"Saab Automobiles Victor Muller": an unknown word in -s before a given name that is not the last word."""
    owner = tokens[at - 1]
    unknown = owner.text.endswith("s") and not owner.flags & NAME and not owner.particle
    return unknown and bool(tokens[at].flags & GIVEN)


def _shaped(token: Token) -> bool:
    return not token.flags and bool(evidence.surname_shape().fullmatch(token.text))


def _second_name(tokens: list[Token]) -> int | None:
    """Where the second name begins in "Anna Berg Erik Sten", or None."""
    for at in range(2, len(tokens) - 1):
        before, token, following = tokens[at - 1], tokens[at], tokens[at + 1]
        starts = token.flags & GIVEN_COMMON and not token.flags & SURNAME_COMMON
        ends = before.flags & SURNAME and not before.flags & GIVEN_COMMON
        if starts and ends and following.flags & SURNAME:
            return at
    return None


def _reason(words: list[Token]) -> str:
    first, last = words[0], words[-1]
    if first.initial:
        return "Initial och efternamn"
    if first.flags & GIVEN and last.flags & SURNAME:
        return "Förnamn och efternamn ur namnlistorna"
    if first.flags & GIVEN:
        return "Förnamn följt av ett ord som kan vara efternamn"
    return "Ord som skrivs som ett namn, i ett sammanhang där namn står"


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
