"""Evidence, word by word, for and against a run of capitalised words being the name of a person."""

import re
from functools import cache

from .candidates import CAPITALS, NAME, Token
from .lazy import Lazy
from .lexicon import Word, cues, endings, table
from .surroundings import title_endings

GIVEN, GIVEN_COMMON = int(Word.GIVEN), int(Word.GIVEN_COMMON)
SURNAME, SURNAME_COMMON = int(Word.SURNAME), int(Word.SURNAME_COMMON)
PLACE, STOP, TITLE = int(Word.PLACE), int(Word.STOP), int(Word.TITLE)
ORGANISATION, FORM, LEAD, DOUBTFUL = int(Word.ORGANISATION), int(Word.FORM), int(Word.LEAD), int(Word.DOUBTFUL)
FOLDED_GIVEN, FOLDED_SURNAME = int(Word.FOLDED_GIVEN), int(Word.FOLDED_SURNAME)
OTHER = PLACE | ORGANISATION | FORM | DOUBTFUL | LEAD


@cache
def surname_shape() -> re.Pattern[str]:
    """Endings of surnames, Swedish and foreign."""
    return re.compile(
        r"\w{2,}(?:sson|[rndlm]son|ason|sdotter|qvist|kvist|quist|berg|bergh|borg|ström|gren|lund|lundh|lind|dahl|dal|holm|stedt|städt|blad|blom"
        r"|löf|löv|strand|hult|ander|feldt|felt|mark|ell|éus|ius|sten|hag|gård|wall|vall|roth|skog|hielm|hjelm|sköld|crona|stierna"
        r"|ski|sky|skij|skyj|skaja|cki|ić|ic|ič|vić|wicz|vitj|witz|enko|tjenko|escu|poulos|idis|akis|ides|yan|ian|shvili|sjvili|dze"
        r"|oğlu|oglu|zadeh|nejad|pour|dottir|dóttir|sen|mann|berger|stein|baum|bach|ov|ova|jev|jeva|ev|eva|in|ina|ín|nen|mäki|järvi"
        r"|koski|niemi|lahti|ez|inho|ini|elli|etti|ucci|etto|ard|eau|ault|quez|guez|ães|eira|ong|ung|hara|moto|yama|awa|ura|shi"
        r"|ović|sveen|stad|vik|haug|rud|dijk|stra|sma|aert|aerts|én|lin|man|ner|ler|wala|ulo|uki|aho|ala|ola)s?",
        re.IGNORECASE,
    )


_STRONG_FORM = Lazy(
    rf"(?:Mc|Mac|O['’]|D['’]|L['’]|[aA]l-|[eE]l-|Ben-|Fitz)[{CAPITALS}]\w+|d['’][{CAPITALS}]\w+|[{CAPITALS}]['’][{CAPITALS}]\w+"
)
_SURE_SURNAME = Lazy(
    r"(?:sson|[rndlm]son|ason|wits?z|qvist|kvist|dottir|dóttir|vić|vič|ović|enko|escu|oğlu|shvili|sjvili|wicz|poulos|zadeh|hara|moto|yama|kawa|mura|shima|shita|skij|skyj)s?$"
)
_UNSWEDISH = Lazy(r"\w{3,9}(?<!an|en|et|er|or|ar|na|ta|la|da|de|te|ga|ge|ig|sk|ld|nd)")
_SYLLABLES = Lazy(rf"[{CAPITALS}][a-z]{{1,4}}-[a-z]{{2,5}}")
_ALIEN = Lazy(r"[ćčšžđñçğşıłńśżźřýþðøãõêőű]")
_FOREIGN = Lazy(r"[ćčšžđñçğşıłńśżźřýþðøæáàâãíìîóòôõúùûêëèïőű]|sh|zh|gh|kh|dj|tj|sj|aa|oo|ou|ij|cz|sz|ck$|tz$")


def is_common_word(token: Token) -> bool:
    """An unknown word with the ending of a Swedish noun, adjective or organisation."""
    return not token.flags & NAME and len(token.text) > 5 and token.text.lower().endswith(endings("common_endings"))


def is_title_word(token: Token) -> bool:
    if token.flags & NAME:
        return False
    word = token.text.lower()
    return word.endswith(title_endings()) or (word.endswith(endings("agent_endings")) and len(word) > 6)


def compound_of(token: Token) -> str:
    """What a name with a lower-case tail ("Palme-mordet", "Chelsea-stjärnan") is: "title", "thing" or nothing."""
    head, _, last = token.text.rpartition("-")
    if not head or not last[:1].islower() or token.flags & NAME:
        return ""
    if last.endswith(title_endings() + endings("agent_endings")) or table().get(last, 0) & TITLE:
        return "title"
    short = (
        len(last) <= 5
        and len(head) <= 5
        and not table().get(last, 0) & STOP
        and not head.isupper()
        and last not in cues("not_suffix")
    )
    return "" if short and not table().get(head.lower(), 0) & (PLACE | ORGANISATION) else "thing"


def first_weight(token: Token, *, at_start: bool) -> float:
    """How much the first word speaks for a name."""
    if token.initial:
        return 1.5 if len(token.text) < 3 else 2.25
    flags = token.flags
    if flags & GIVEN_COMMON:
        word = 1.75 if at_start else 2.5
        return word if flags & OTHER == DOUBTFUL else 1.75 if flags & OTHER else 3.0
    if flags & GIVEN:
        return 1.0 if flags & OTHER else 2.5
    if flags & FOLDED_GIVEN:
        return 2.0
    if flags & SURNAME:
        return 0.25 if flags & OTHER else 0.75
    if _STRONG_FORM.fullmatch(token.text):
        return 1.0
    foreign = 0.5 if _FOREIGN.search(token.text.lower()) else 0.0
    if at_start:
        return 0.75 if _ALIEN.search(token.text.lower()) or _UNSWEDISH.fullmatch(token.text) else foreign - 0.5
    return 1.0 if foreign or _UNSWEDISH.fullmatch(token.text) else 0.5


def last_weight(token: Token) -> float:
    """How much the last word speaks for a name."""
    if token.initial:
        return -1.0
    flags = token.flags
    other = 1.5 if flags & FORM else 0.75 if flags & OTHER else 0.0
    if flags & SURNAME_COMMON:
        return 2.5 - other
    if _SYLLABLES.fullmatch(token.text):
        return 2.25
    if token.text.startswith(("al-", "el-")) and not flags:
        return 1.5
    if flags & SURNAME or _STRONG_FORM.fullmatch(token.text):
        return 2.0 - other
    if flags & (GIVEN | FOLDED_SURNAME):
        return 1.25 - other
    if flags & (FORM | ORGANISATION | PLACE):
        return -1.5
    if surname_shape().fullmatch(token.text):
        return 2.25 if _SURE_SURNAME.search(token.text.lower()) else 1.5
    return 1.0 if _FOREIGN.search(token.text.lower()) else 0.5


def middle_weight(tokens: list[Token]) -> float:
    """Particles, middle names and initials."""
    score = 0.0
    for token in tokens:
        if token.particle:
            score += 2.0 if token.text in cues("noble") else 0.75
        elif token.initial or token.flags & NAME:
            score += 0.5
        elif token.flags & (PLACE | ORGANISATION | FORM):
            score -= 1.0
    return min(score, 2.0)
