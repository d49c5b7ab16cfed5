"""Channels of a contact point: does the e-mail address, telephone number or SDK address belong to a function?"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from . import mailbox_names
from .digits import Windows, digit_windows
from .findings import Confidence
from .lazy import Lazy

PERSONAL, FUNCTION, NO_REPLY, INVALID = "personal", "function", "no_reply", "invalid"
FIXED, MOBILE, SHORT = "fixed", "mobile", "short"

_ADDRESS = Lazy(r"[^\W_](?:[\w.!#$%&'*+/=?^`{|}~-]{0,63})@(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_]{2,24}")
_NO_REPLY = Lazy(
    r"no-?reply|do-?not-?reply|dont-?reply|ej-?svar|svara-?(?:ej|inte)|inte-?svara|ingen-?retur|mailer-?daemon|bounces?\b"
)
_SDK = Lazy(r"[A-Za-z0-9ÅÄÖåäö][\w.:@/+-]{3,199}")


@dataclass(frozen=True, slots=True)
class EmailKind:
    """`kind` is personal, function, no_reply or invalid; `reason` is Swedish."""

    kind: str
    reason: str
    confidence: Confidence = Confidence.STRONG


@dataclass(frozen=True, slots=True)
class PhoneKind:
    """`kind` is fixed, mobile, short or invalid; `reason` is Swedish."""

    kind: str
    reason: str


def is_address(address: str) -> bool:
    """Does it have the form of an e-mail address?"""
    local = address.partition("@")[0]
    return bool(_ADDRESS.fullmatch(address)) and ".." not in address and not local.endswith(".")


@lru_cache(maxsize=4096)
def email_kind(address: str) -> EmailKind:
    """A person's own address, a function's mailbox, one that nobody reads, or no address at all."""
    cleaned = address.strip().strip("<>").removeprefix("mailto:").lower()
    if not is_address(cleaned):
        return EmailKind(INVALID, "Adressen har inte formen av en e-postadress")
    local, _, domain = cleaned.rpartition("@")
    if _NO_REPLY.search(local.replace("_", "-").replace(".", "-")):
        return EmailKind(NO_REPLY, "Ingen läser svar till adressen")
    personal, reason, confidence = mailbox_names.judge(local.partition("+")[0], domain)
    return EmailKind(PERSONAL if personal else FUNCTION, reason, confidence)


def foreign_domain(address: str, own_domain: str) -> bool:
    """Is the address outside the party's own domain? Subdomains are inside; with no own domain nothing is foreign."""
    own = own_domain.strip().lower().removeprefix("@").removeprefix("www.").rstrip(".")
    domain = address.strip().strip("<>").rpartition("@")[2].lower().rstrip(".")
    return bool(own and domain and "@" in address) and domain != own and not domain.endswith("." + own)


@lru_cache(maxsize=4096)
def phone_kind(number: str) -> PhoneKind:
    """Fixed (switchboard, direct line, service number), mobile, short (only dialled inside) or invalid."""
    digits = re.sub(r"[^0-9]", "", number)
    if 3 <= len(digits) <= 6 and digits[0] != "0":
        return PhoneKind(SHORT, "Kortnummer eller anknytning, går inte att ringa utifrån")
    kind = _library_kind(number) if len(digits) > 6 else INVALID
    return PhoneKind(kind, _PHONE_REASONS[kind])


_PHONE_REASONS = {
    FIXED: "Fast nummer eller växel",
    MOBILE: "Mobilnummer, följer den som har telefonen",
    INVALID: "Inte ett giltigt telefonnummer",
}


def _library_kind(number: str) -> str:
    # The number plans cost tens of milliseconds, and most processes never ask.
    import phonenumbers  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(number, "SE")
    except phonenumbers.NumberParseException:
        return INVALID
    if not phonenumbers.is_valid_number(parsed):
        return INVALID
    kind = phonenumbers.number_type(parsed)
    types = phonenumbers.PhoneNumberType
    return MOBILE if kind in (types.MOBILE, types.PERSONAL_NUMBER, types.PAGER) else FIXED


@cache
def _phone_pattern() -> re.Pattern[str]:
    return re.compile(r"[+0](?<![\w+/.,:-].)[0-9(](?:[ \u00a0/()\u2010-\u2013-]{0,3}[0-9]){5,40}(?![\w]|[,.:/-][0-9])")


@cache
def _digit_group() -> re.Pattern[str]:
    return re.compile(r"\+?[0-9]+")


def find_phones(text: str, windows: Windows | None = None) -> list[tuple[int, int, PhoneKind]]:
    """(start, end, kind) of every fixed and mobile number; numbers that follow each other are cut apart."""
    found = []
    places = digit_windows(text) if windows is None else windows
    for match in (each for place in places for each in _phone_pattern().finditer(text, *place)):
        groups = [(group.start(), group.end()) for group in _digit_group().finditer(text, match.start(), match.end())]
        at = 0
        while at < len(groups):
            last, kind = _longest_number(text, groups, at)
            if kind:
                found.append((groups[at][0], groups[last][1], kind))
            at = last + 1
    return found


def _longest_number(text: str, groups: list[tuple[int, int]], at: int) -> tuple[int, PhoneKind | None]:
    """(last group, kind) of the longest number that begins with this group; None for the kind if there is none."""
    start = groups[at][0]
    if text[start] in "0+":
        for last in range(min(at + 6, len(groups) - 1), at - 1, -1):
            end = groups[last][1]
            kind = phone_kind(text[start:end]) if 7 <= end - start <= 24 else None
            if kind and kind.kind in (FIXED, MOBILE):
                return last, kind
    return at, None


def is_sdk_address(address: str) -> bool:
    """A functional address in secure digital communication: one unbroken string, no personal mailbox."""
    cleaned = address.strip()
    if not _SDK.fullmatch(cleaned):
        return False
    return "@" not in cleaned or email_kind(cleaned).kind in (FUNCTION, INVALID)
