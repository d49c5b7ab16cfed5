"""Personnummer and samordningsnummer, recognised by pattern, date and checksum."""

import re
from datetime import date
from functools import cache

from .digits import Windows, digit_windows
from .findings import Confidence, Finding, Kind

CUE = ("personnummer", "personnr", "persnr", "pers.nr", "pnr", "p.nr", "samordningsnummer", "samordningsnr", "född")


@cache
def _pattern() -> re.Pattern[str]:
    """Begins with a plain digit, so that the search skips text without digits at full speed."""
    dash = "[-+\u2010-\u2013\u2212]"
    compact = rf"[0-9]{{5}}(?:[0-9]{{2}})?(?:[ \u00a0]?{dash}[ \u00a0]?|[ \u00a0])?[0-9]{{4}}"
    dashed = rf"[0-9]{{3}}{dash}[0-9]{{2}}{dash}[0-9]{{2}}{dash}[0-9]{{4}}"
    spaced = rf"[0-9](?:[0-9]{{2}})? [0-9]{{2}} [0-9]{{2}} ?{dash} ?[0-9]{{4}}"
    return re.compile(rf"[0-9](?<![\w+-][0-9])(?:{compact}|{dashed}|{spaced})(?!\w|[-/.,:][0-9])")


def checksum_holds(ten_digits: str) -> bool:
    """Luhn's formula over the ten last digits."""
    total = 0
    for place, digit in enumerate(ten_digits):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _date_holds(digits: str) -> bool:
    """Where no century is written it is taken for the one with most leap days."""
    century = digits[:2] if len(digits) == 12 else "20"
    short = digits[-10:]
    month, day = int(short[2:4]), int(short[4:6])
    if day > 60:
        day -= 60
    return century in ("18", "19", "20") and _is_date(int(century + short[:2]), month, day)


def is_identity_number(digits: str) -> bool:
    """Ten or twelve digits, no separator, that make a personnummer or a samordningsnummer."""
    if len(digits) not in (10, 12) or not (digits.isascii() and digits.isdigit()):
        return False
    return _date_holds(digits) and checksum_holds(digits[-10:])


def _has_cue(text: str, start: int) -> bool:
    before = text[max(0, start - 40) : start].lower()
    return any(cue in before for cue in CUE)


def find_identity_numbers(text: str, windows: Windows | None = None) -> list[Finding]:
    """Every personnummer and samordningsnummer in the text.

    Ten digits in a row that begin with a zero may as well be a telephone number; they count only after a cue.
    """
    found = []
    places = digit_windows(text) if windows is None else windows
    for match in (each for place in places for each in _pattern().finditer(text, *place)):
        digits = re.sub(r"[^0-9]", "", match.group())
        if not is_identity_number(digits):
            continue
        bare = not re.search(r"[^0-9 \u00a0]", match.group())
        if bare and digits.startswith("0") and not _has_cue(text, match.start()):
            continue
        found.append(_finding(match, digits))
    return found


def _finding(match: re.Match[str], digits: str) -> Finding:
    coordination = int(digits[-6:-4]) > 60
    name = "Samordningsnummer" if coordination else "Personnummer"
    reason = f"{name}: giltigt datum och kontrollsiffra"
    return Finding(match.start(), match.end(), match.group(), Kind.PERSONNUMMER, Confidence.STRONG, reason)
