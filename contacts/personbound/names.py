"""Names of persons in running Swedish text: evidence for and against, word by word."""

import re
from functools import cache

from .candidates import Token, run_pattern, tokens_of
from .findings import Confidence, Finding, Kind
from .lexicon import Word, phrases, table

GIVEN = int(Word.GIVEN)
GIVEN_COMMON = int(Word.GIVEN_COMMON)
SURNAME = int(Word.SURNAME)
SURNAME_COMMON = int(Word.SURNAME_COMMON)
PLACE = int(Word.PLACE)
STOP = int(Word.STOP)
TITLE = int(Word.TITLE)
ORGANISATION = int(Word.ORGANISATION)
DOUBTFUL = int(Word.DOUBTFUL)
NAME = GIVEN | SURNAME

ACCEPT, STRONG = 3.0, 4.5

TITLE_ENDINGS = (
    "chef", "chefen", "ledare", "ledaren", "minister", "ministern", "ordförande", "ordföranden", "direktör", "direktören",
    "läggare", "läggaren", "ordnare", "ordnaren", "tränare", "tränaren", "spelare", "spelaren", "sekreterare", "sekreteraren",
    "givare", "givaren", "vägledare", "vägledaren", "konsulent", "konsulenten", "coach", "coachen", "rektor", "rektorn",
    "ansvarig", "ansvarige", "ansvariga", "ombud", "ombudet", "råd", "rådet", "talesman", "talesmannen", "talespersonen",
    "mästare", "mästaren", "författaren", "skådespelaren", "isten", "aren", "ören", "mannen", "kvinnan", "enten", "anten", "ören",
    "ologen", "onomen", "atorn", "essorn", "aten", "skan", "sken",
)  # fmt: skip
SPEECH = frozenset(
    "säger sade sa säg berättar berättade skriver skrev menar menade uppger uppgav förklarar förklarade konstaterar konstaterade"
    " enligt tycker tyckte anser ansåg hävdar hävdade tror svarar svarade heter hette foto text av: kontakta kontaktperson"
    " kontaktpersoner skrattar tillägger påpekar betonar understryker meddelar kommenterar frågar hälsar undrar".split()
)
AFTER = frozenset(
    "säger sade sa berättar berättade skriver skrev menar menade uppger uppgav förklarar förklarade konstaterar konstaterade"
    " tycker tyckte anser ansåg hävdar hävdade tror svarar svarade som är har hade var blev blir kommer gjorde fick får ska vill"
    " kan vann sköt spelade leder ledde tog går gick avgick dog föddes sökte ringde ansvarar".split()
)
IN_PLACE = frozenset("i på vid från till kring genom runt utanför nära mellan inom".split())
PLACE_NOUNS = re.compile(
    r" ?(?:gata|gatan|väg|vägen|torg|torget|plats|platsen|gränd|allé|stig|backe|skola|skolan|sjukhus|sjukhuset|barnsjukhus|kyrka"
    r"|kyrkan|församling|kommun|kommuns|län|läns|stiftelse|minnesfond|fond|stipendium|universitet|universitetet|högskola|gymnasium"
    r"|institut|museum|park|parken|arena|center|förskola|friskola|folkhögskola|flygplats|station|bro|bron|slott|stad|socken"
    r"|teater|teatern|barnsjukhuset|akademi|bibliotek|samling|byrå|hotell|plan|kulle|marknad|domkyrka|lasarett|konsthall)\b"
)


def find_names(text: str) -> list[Finding]:
    """Every full name, and every single name after a title."""
    found: list[Finding] = []
    for match in run_pattern().finditer(text):
        run = match.group()
        if " " in run or "\u00a0" in run:
            found += _in_run(text, tokens_of(run, match.start()))
        else:
            single = _after_title(text, match.start(), match.end())
            if single:
                found.append(single)
    return found


def _after_title(text: str, start: int, end: int) -> Finding | None:
    if start < 4 or text[start - 1] != " " or not text[start - 2].isalpha():
        return None
    before = text[max(0, text.rfind(" ", 0, start - 1) + 1) : start - 1].lower()
    if not is_title(before):
        return None
    token = tokens_of(text[start:end], start)[0]
    return _single(token, text) if not token.initial else None


def is_title(word: str) -> bool:
    return word.endswith(TITLE_ENDINGS) or bool(table().get(word, 0) & TITLE)


def _single(token: Token, text: str) -> Finding | None:
    if not token.flags & NAME or token.flags & (PLACE | STOP | ORGANISATION | TITLE | DOUBTFUL) or token.caps:
        return None
    if PLACE_NOUNS.match(text, token.end):
        return None
    common = token.flags & (GIVEN_COMMON | SURNAME_COMMON)
    confidence = Confidence.STRONG if common else Confidence.WEAK
    return _finding(text, token.start, token.end, confidence, "Titel följd av ett namn")


def _finding(text: str, start: int, end: int, confidence: Confidence, reason: str) -> Finding:
    return Finding(start, end, text[start:end], Kind.PERSON_NAME, confidence, reason)


def _in_run(text: str, tokens: list[Token]) -> list[Finding]:
    found = []
    segment: list[Token] = []
    titled = False
    for token in tokens:
        if _breaks(token):
            found += _segment(text, segment, titled, token)
            segment, titled = [], bool(token.flags & TITLE)
        else:
            segment.append(token)
    return found + _segment(text, segment, titled, None)


def _breaks(token: Token) -> bool:
    if token.flags & (STOP | TITLE | ORGANISATION):
        return True
    return bool(token.flags & PLACE and not token.flags & NAME)


def _segment(text: str, tokens: list[Token], titled: bool, after: Token | None) -> list[Finding]:
    while tokens and tokens[0].particle:
        tokens = tokens[1:]
    while tokens and tokens[-1].particle:
        tokens = tokens[:-1]
    while len(tokens) > 2 and not tokens[0].initial and not tokens[0].flags & GIVEN and tokens[1].flags & GIVEN:
        tokens = tokens[1:]
    words = [token for token in tokens if not token.particle]
    if not words:
        return []
    start, end = tokens[0].start, tokens[-1].end
    if after and after.flags & ORGANISATION or PLACE_NOUNS.match(text, end):
        return []
    if len(words) < 2:
        single = _single(words[0], text) if titled or _title_before(text, start) else None
        return [single] if single else []
    if text[start:end].lower() in phrases():
        return []
    score = _first(words[0]) + _last(words[-1]) + _context(text, start, end) + 2.0 * titled
    if score < ACCEPT:
        return []
    confidence = Confidence.STRONG if score >= STRONG else Confidence.WEAK
    return [_finding(text, start, end, confidence, "För- och efternamn")]


def _title_before(text: str, start: int) -> bool:
    words = text[max(0, start - 40) : start].split()
    return bool(words) and text[start - 1] == " " and is_title(words[-1].lower())


def _first(token: Token) -> float:
    if token.initial:
        return 1.5
    if token.flags & GIVEN_COMMON:
        return 1.5 if token.flags & (PLACE | DOUBTFUL) else 3.0
    if token.flags & GIVEN:
        return 1.0 if token.flags & (PLACE | DOUBTFUL) else 2.5
    return 0.75 if token.flags & SURNAME else 0.0


def _last(token: Token) -> float:
    if token.initial:
        return -1.0
    if token.flags & SURNAME_COMMON:
        return 2.5
    if token.flags & SURNAME or shape().fullmatch(token.text):
        return 2.0
    return 1.25 if token.flags & GIVEN else 0.5


@cache
def shape() -> re.Pattern[str]:
    return re.compile(
        r"\w{2,}(?:sson|qvist|kvist|quist|berg|bergh|ström|gren|lund|lundh|dahl|holm|stedt|blad|blom|löf|strand|hult|ander|feldt"
        r"|ski|sky|skij|skaja|ić|ic|wicz|enko|escu|poulos|idis|akis|yan|ian|shvili|dze|oğlu|zadeh|nejad|dottir|dóttir|sen|mann"
        r"|berger|stein|baum|ov|ova|ev|eva|nen|mäki|järvi|koski|ez|ini|elli|etti)s?"
    )


def _context(text: str, start: int, end: int) -> float:
    score = 0.0
    before = text[max(0, start - 30) : start].split()
    if before:
        last = before[-1].lower()
        if is_title(last):
            score += 2.0
        elif last.strip(":") in SPEECH:
            score += 1.5
        elif last in IN_PLACE:
            score -= 1.0
    after = text[end : end + 20]
    if re.match(r" ?,? ?\(?[0-9]{2}\b| ?\((?:s|m|c|l|v|mp|kd|sd|fp)\)", after, re.IGNORECASE):
        score += 2.0
    first = after.split(maxsplit=1)
    if first and after[0] == " " and first[0] in AFTER:
        score += 0.75
    return score


def is_bare_name(text: str) -> bool:
    """Is the whole text nothing but a name, full or single?"""
    tokens = tokens_of(text.strip().title() if text.islower() else text.strip(), 0)
    words = [token for token in tokens if not token.particle]
    if not words or len(words) > 5:
        return False
    blocked = PLACE | STOP | ORGANISATION | TITLE | int(Word.FUNCTION)
    if any(token.flags & blocked or not (token.flags & NAME or token.initial) for token in words):
        return False
    return bool(words[0].flags & GIVEN or words[-1].flags & SURNAME)
