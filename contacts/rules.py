"""What may stand in a contact point, and how typed lines are cleaned. Pure: no query, no clock, no settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from contacts.personbound import (
    Kind,
    email_kind,
    find,
    find_identity_numbers,
    is_bare_name,
    is_sdk_address,
    phone_kind,
)

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
OF_HOLDER: Final = frozenset({"holder_email", "holder_phone"})
"""Reasons that quote the holder's own channels: personal data, which stands with the holder and nowhere else."""

HIDDEN = "[namn visas inte]"

IDENTITY_NUMBER = "Det här ser ut som ett personnummer. Ta bort det: personnummer får inte finnas i portalen."
NO_SUCH_MAILBOX = "Adressen är inte fullständig. Skriv till exempel arbetsmarknad@kommunen.se."
NO_REPLY = "Adressen tar inte emot svar. Skriv en brevlåda som någon läser."
NO_SUCH_PHONE = "Numret går inte att ringa. Skriv det med riktnummer, till exempel 063-14 30 00."
SHORT_PHONE = "Ett kortnummer eller en anknytning fungerar bara internt. Skriv hela numret, till exempel 063-14 30 00."
NO_SUCH_SDK = "Det här är ingen SDK-adress. Den är en sammanhängande adress utan mellanslag, och ingen persons e-post."

_MAILBOX: Final[dict[str, str]] = {"invalid": NO_SUCH_MAILBOX, "no_reply": NO_REPLY}
_PHONE: Final[dict[str, str]] = {"invalid": NO_SUCH_PHONE, "short": SHORT_PHONE}


def without_controls(text: str) -> str:
    """Without what can't be seen: control and direction characters, zero-width ones, NUL."""
    return _CONTROLS.sub("", text)


def clean_line(text: str) -> str:
    """One line of what can be seen, with single spaces."""
    return " ".join(without_controls(text).split())


def complaints(facts: Mapping[str, Any]) -> dict[str, str]:
    """What can't be accepted in a contact point's own fields: field → Swedish message."""
    found = {}
    for field, kind_of, messages in (("mailbox", email_kind, _MAILBOX), ("phone", phone_kind, _PHONE)):
        value = facts.get(field) or ""
        if value and (message := messages.get(kind_of(value).kind)):
            found[field] = message
    sdk = facts.get("sdk_address") or ""
    if sdk and not is_sdk_address(sdk):
        found["sdk_address"] = NO_SUCH_SDK
    return found | identity_complaints(facts)


def identity_complaints(facts: Mapping[str, Any]) -> dict[str, str]:
    """The fields that hold something like a personnummer (rule N15)."""
    texts = {field: value for field, value in facts.items() if isinstance(value, str) and value}
    return {field: IDENTITY_NUMBER for field, value in texts.items() if find_identity_numbers(value)}


@lru_cache(maxsize=4096)
def is_function_mailbox(address: str) -> bool:
    """Whether the address is there and stays when somebody leaves."""
    return bool(address) and email_kind(address).kind == "function"


def names_in(text: str) -> list[tuple[int, int]]:
    """Where names, personal addresses and mobile numbers stand: from and to."""
    covered = (Kind.PERSON_NAME, Kind.EMAIL_PERSONAL, Kind.PHONE_MOBILE)
    return [(finding.start, finding.end) for finding in find(text) if finding.kind in covered]


@lru_cache(maxsize=4096)
def names_somebody(text: str) -> bool:
    """Whether anything of the text is covered for a reader who may not see names."""
    return without_names(text) != text


def without_names(text: str, named: Iterable[str] = ()) -> str:
    """The text for a reader who may not see names: names, personal addresses and mobile numbers are covered.

    A field that holds nothing but a name, such as "Karin", is covered whole; in running text a single word is no name.
    named: such fields that the text quotes.
    """
    if is_bare_name(text):
        return HIDDEN
    for name in named:
        text = text.replace(name, without_names(name))
    for start, end in reversed(names_in(text)):
        text = text[:start] + HIDDEN + text[end:]
    return text
