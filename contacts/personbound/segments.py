"""A run of capitalised words cut into the stretches that may be names, each with the evidence of its own words.

Depends on nothing but the run, so that a run that comes back costs nothing.
"""

from dataclasses import dataclass
from functools import lru_cache

from . import evidence
from .candidates import NAME, Token, tokens_of
from .evidence import (
    DOUBTFUL,
    FORM,
    GIVEN,
    GIVEN_COMMON,
    LEAD,
    ORGANISATION,
    PLACE,
    STOP,
    SURNAME,
    SURNAME_COMMON,
    TITLE,
)
from .lexicon import phrases

NOT_SINGLE = PLACE | STOP | ORGANISATION | FORM | TITLE | LEAD | DOUBTFUL


LEADS_IN_NAMES = frozenset(
    [
        "San",
        "Le",
        "La",
        "Les",
        "El",
        "Santa",
        "Santo",
        "Saint",
        "Los",
        "Las",
        "Monte",
        "Costa",
        "Rio",
        "Via",
        "Villa",
        "Casa",
        "Campo",
        "Mont",
        "West",
        "East",
    ]
)
ENGLISH = frozenset(
    [
        "The",
        "Of",
        "And",
        "For",
        "In",
        "On",
        "At",
        "To",
        "By",
        "From",
        "With",
        "Without",
        "Your",
        "His",
        "Her",
        "Our",
        "Their",
        "Its",
        "This",
        "That",
    ]
)
NAMES_AND_WORDS = frozenset(["Per", "Bo", "Stig", "Siv", "Jan", "Hans", "Sten", "Max", "Björn", "Maj", "Klara", "Dag"])
BARE_LETTERS = frozenset(["I", "Å", "Ö"])
PRONOUNS = frozenset(["Mina", "Dina", "Sina", "Alla", "Min", "Inga", "Per"])


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the run, `run[start:end]`, that may be a name.

    `title` is the title in the run just before it; `single` tells that it is one word, which needs a title.
    """

    start: int
    end: int
    score: float
    reason: str
    title: str = ""
    single: bool = False
    common: bool = False
    genitive: bool = False


@lru_cache(maxsize=4096)
def segments_of(run: str, at_start: bool) -> tuple[Segment, ...]:
    """The stretches of a run; `at_start` when its first word would have a capital anyhow."""
    return tuple(_Run(tokens_of(run, 0), at_start).segments())


def single_of(token: Token, title: str = "") -> list[Segment]:
    """A given name or surname alone."""
    if not token.flags & NAME or token.caps or token.initial:
        return []
    if token.flags & NOT_SINGLE and token.text not in NAMES_AND_WORDS:
        return []
    common = bool(token.flags & (GIVEN_COMMON | SURNAME_COMMON))
    return [Segment(token.start, token.end, 0.0, "", title, single=True, common=common, genitive=token.genitive)]


class _Run:
    def __init__(self, tokens: list[Token], at_start: bool) -> None:
        self.tokens = tokens
        self.at_start = at_start
        self.all_caps = all(token.caps or token.initial or token.tail for token in tokens)
        self.penalty = 0.0

    def segments(self) -> list[Segment]:
        found: list[Segment] = []
        segment: list[Token] = []
        title = ""
        skip = False
        self.penalty = 0.0
        for place, token in enumerate(self.tokens):
            kind = "lead" if skip else self._break(place, segment)
            skip = kind == "lead" and not skip
            if not kind:
                segment.append(token)
                if token.genitive and self._ends_here(place, segment):
                    found += self._segments(segment, title, self._is_form(place + 1))
                    segment, title, self.penalty = [], "", 0.0
                continue
            found += self._segments(segment, title, kind)
            segment, title = [], token.text.lower() if kind == "title" else ""
            joined = (
                not token.caps and kind in ("organisation", "form", "lead") and not token.text.endswith(("s", "n", "t"))
            )
            self.penalty = 1.0 if joined else 0.0
        return found + self._segments(segment, title, "")

    def _ends_here(self, place: int, segment: list[Token]) -> bool:
        """Is the -s a genitive? Not in "Mies van der Rohe": a first word before a particle or a surname."""
        following = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        if following is None or len(segment) > 1:
            return True
        return not following.particle and (bool(following.flags & GIVEN) or not following.flags & NAME)

    def _is_form(self, place: int) -> str:
        """ "Karin Bloms Café": what comes after the genitive makes an organisation of it."""
        following = self.tokens[place] if place < len(self.tokens) else None
        return "form" if following and following.flags & FORM and not following.flags & GIVEN else ""

    def _break(self, place: int, segment: list[Token]) -> str:
        """Why the word cannot be part of a name, or nothing."""
        token = self.tokens[place]
        if token.initial and token.text in BARE_LETTERS and not segment:
            return "stop"
        if token.particle or token.initial or token.tail:
            return ""
        compound = evidence.compound_of(token)
        if compound:
            return "title" if compound == "title" else "form"
        flags = token.flags
        after_s = bool(segment) and segment[-1].text.endswith("s")
        if flags & FORM and segment and not flags & NAME and (after_s or not flags & STOP):
            return "form"
        following = next((each for each in self.tokens[place + 1 :] if not each.particle), None)
        if flags & (STOP | TITLE):
            if self._name_after_all(token, segment, following) or self._answers_to_title(place):
                return ""
            return "title" if flags & TITLE else "stop"
        if token.caps and not self.all_caps:
            return self._capitals(token, segment, following)
        if flags & LEAD and not (segment and (token.text in LEADS_IN_NAMES or flags & SURNAME)):
            return "" if flags & GIVEN and following and following.flags & SURNAME_COMMON else "lead"
        if flags & FORM and not flags & NAME:
            return "form"
        if flags & (PLACE | ORGANISATION) and token.genitive and not segment and following and following.flags & GIVEN:
            return "place"
        if flags & PLACE and segment and segment[-1].flags & GIVEN and following and following.flags & SURNAME:
            return ""
        if flags & (PLACE | ORGANISATION) and not flags & NAME:
            return "place" if flags & PLACE else "organisation"
        return self._unknown(token)

    def _name_after_all(self, token: Token, segment: list[Token], following: Token | None) -> bool:
        """Words such as Per, Bo, Stig, Lind and Berg are names between names; so is Mitt within a sentence."""
        flags = token.flags
        if token.text in ENGLISH:
            return False
        if flags & GIVEN and following is not None:
            sure_place = not (self.at_start and token is self.tokens[0])
            sure = flags & GIVEN_COMMON or sure_place
            if sure and (following.flags & SURNAME or following.initial or _shaped(following)):
                return True
            unknown = not following.flags and not evidence.is_common_word(following)
            if flags & GIVEN_COMMON and unknown and (sure_place or token.text not in PRONOUNS):
                return True
            return bool(flags & GIVEN_COMMON and following.flags & GIVEN_COMMON and not following.flags & STOP)
        return bool(flags & SURNAME and segment and (segment[-1].flags & GIVEN or segment[-1].initial))

    def _answers_to_title(self, place: int) -> bool:
        """ "Avtalssamordnare Per": a name that is a word as well, just after a title."""
        before = self.tokens[place - 1] if place else None
        known = self.tokens[place].text in NAMES_AND_WORDS
        return known and before is not None and bool(before.flags & TITLE or evidence.is_title_word(before))

    def _unknown(self, token: Token) -> str:
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

    def _segments(self, tokens: list[Token], title: str, after: str) -> list[Segment]:
        """A list of names without commas is several segments."""
        found: list[Segment] = []
        rest = tokens
        while (cut := _second_name(rest)) is not None:
            found += self._weigh(rest[:cut], title, "")
            rest, title = rest[cut:], ""
        return found + self._weigh(rest, title, after)

    def _weigh(self, tokens: list[Token], title: str, after: str) -> list[Segment]:
        tokens = self._trim(tokens)
        words = [token for token in tokens if not token.particle and not token.tail]
        if not words or after == "form":
            return []
        if len(words) < 2 and not (len(tokens) > 1 and (words[0].flags & GIVEN or title)):
            return single_of(words[0], title)
        if (len(words) > 2 and words[-1].flags & FORM) or _is_phrase(tokens):
            return []
        if self.all_caps and not (words[0].flags & GIVEN and words[-1].flags & SURNAME):
            return []
        score = self._score(tokens, words, title)
        return [Segment(tokens[0].start, tokens[-1].end, score, _reason(words), title)]

    def _score(self, tokens: list[Token], words: list[Token], title: str) -> float:
        first, last = words[0], words[-1]
        score = evidence.first_weight(first, at_start=self.at_start and first is self.tokens[0])
        score += evidence.last_weight(last) if last is not first else 0.0
        score += evidence.middle_weight([token for token in tokens[1:] if token is not last])
        if title:
            score += 2.5 if first.flags & NAME or title.endswith(("n", "t")) else 1.0
        return score + 1.5 * tokens[-1].tail - self.penalty

    def _trim(self, tokens: list[Token]) -> list[Token]:
        while tokens and (tokens[0].particle or tokens[0].tail):
            tokens = tokens[1:]
        while tokens and (tokens[-1].particle or (len(tokens) > 1 and tokens[-1].initial)):
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


def _is_phrase(tokens: list[Token]) -> bool:
    """A place, organisation or work on the list, whole or as the first two words; with genitive too."""
    words = [token.text.lower() for token in tokens]
    written = {" ".join(words), " ".join(words[:2])}
    return bool((written | {each.removesuffix("s") for each in written}) & phrases())


def _is_owned(tokens: list[Token], at: int) -> bool:
    """ "Saab Automobiles Victor Muller": an unknown word in -s before a given name that is not the last word."""
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
