"""Everything person-bound in a plain text: names, e-mail addresses, telephone numbers, identity numbers."""

import re
from functools import cache

from . import channels
from .cues import after_heads, beside_address, in_lower_case, turned_about
from .digits import Windows, digit_windows
from .findings import Confidence, Finding, Kind, without_overlaps
from .identity_numbers import find_identity_numbers
from .names import find_names, is_bare_name

__all__ = ["find", "is_bare_name"]


def find(text: str) -> list[Finding]:
    """All findings in the order they stand; they do not overlap."""
    addresses = _emails(text)
    personal = [address for address in addresses if address.kind == Kind.EMAIL_PERSONAL]
    around = [*beside_address(text, personal), *after_heads(text), *in_lower_case(text)]
    names = [*turned_about(text), *find_names(text), *around]
    windows = digit_windows(text)
    numbers = [*find_identity_numbers(text, windows), *_phones(text, windows)] if windows else []
    return without_overlaps([*addresses, *numbers, *names])


@cache
def _backwards() -> re.Pattern[str]:
    """The part before the @, read backwards; it begins (there: ends) with a letter or a digit."""
    return re.compile(r"[\w.!#$%&'*+=?^`{|}~-]{0,64}(?<=[^\W_])")


@cache
def _domain() -> re.Pattern[str]:
    return re.compile(r"(?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_]{2,24}")


def _emails(text: str) -> list[Finding]:
    found = []
    at = text.find("@")
    while at >= 0:
        domain = _domain().match(text, at + 1)
        finding = _email_around(text, at, domain.end()) if domain else None
        if finding:
            found.append(finding)
        at = text.find("@", at + 1)
    return found + _hidden_emails(text)


@cache
def _hidden_at() -> re.Pattern[str]:
    """What people write for @ so that machines shall not read it."""
    return re.compile(
        r"[ \u00a0]?[(\[{<](?:at|a|snabel-?a)[)\]}>][ \u00a0]?|[ \u00a0]snabel-?a[ \u00a0]|[ \u00a0]@[ \u00a0]?",
        re.IGNORECASE,
    )


HIDDEN = ("(at)", "[at]", "{at}", "(a)", "[a]", "snabel", "Snabel", "(AT)", "[AT]", " @")
"""Looked for first, since nearly no text has any of them."""


def _hidden_emails(text: str) -> list[Finding]:
    found: list[Finding] = []
    if not any(mark in text for mark in HIDDEN):
        return found
    for match in _hidden_at().finditer(text):
        domain = _domain().match(text, match.end())
        finding = _email_around(text, match.start(), domain.end(), after=match.end()) if domain else None
        if finding:
            found.append(finding)
    return found


def _email_around(text: str, at: int, end: int, after: int = 0) -> Finding | None:
    """The address whose @, or what is written for it, begins `at`; its domain stands from `after` to `end`."""
    local = _backwards().match(text[max(0, at - 64) : at][::-1])
    if not local:
        return None
    start = at - local.end()
    judged = channels.email_kind(f"{text[start:at]}@{text[after or at + 1 : end]}")
    if judged.kind == channels.INVALID:
        return None
    kind = Kind.EMAIL_PERSONAL if judged.kind == channels.PERSONAL else Kind.EMAIL_FUNCTION
    return Finding(start, end, text[start:end], kind, judged.confidence, judged.reason)


def _phones(text: str, windows: Windows) -> list[Finding]:
    found = []
    for start, end, judged in channels.find_phones(text, windows):
        kind = Kind.PHONE_FIXED if judged.kind == channels.FIXED else Kind.PHONE_MOBILE
        found.append(Finding(start, end, text[start:end], kind, Confidence.STRONG, judged.reason))
    return found
