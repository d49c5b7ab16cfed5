"""How surely a signatory has shown who it is: levels in order, and how they are said. Pure.

A proof comes from contacts.proof; here is what signing demands of it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Final, Protocol

LEVELS: Final = ("password", "two_factor", "loa2", "loa3", "loa4")
"""From the lowest to the highest."""

LEVEL_WORDS: Final = {
    "password": "lösenord",
    "two_factor": "två faktorer",
    "loa2": "tillitsnivå 2",
    "loa3": "tillitsnivå 3",
    "loa4": "tillitsnivå 4",
}
METHOD_WORDS: Final = {
    "password": "Lösenord",
    "totp": "Lösenord och engångskod",
    "webauthn": "Lösenord och säkerhetsnyckel",
    "passkey": "Säkerhetsnyckel",
    "recovery_code": "Lösenord och reservkod",
    "oidc": "E-legitimation eller organisationens inloggning",
}
HIDDEN: Final = "[borttaget]"


class Shown(Protocol):
    """A proof of identity, as contacts.proof has it."""

    @property
    def level(self) -> str: ...

    @property
    def at(self) -> datetime.datetime: ...


def rank(level: str) -> int:
    """The place of a level; one that nobody knows is below all."""
    return LEVELS.index(level) if level in LEVELS else -1


def method_words(method: str, level: str) -> str:
    """For example "Lösenord (nivå: lösenord)" or "Lösenord och engångskod (nivå: två faktorer)"; empty for none."""
    if not method:
        return ""
    return f"{METHOD_WORDS.get(method, method)} (nivå: {LEVEL_WORDS.get(level, level)})"


def why_not_proven(proof: Shown | None, *, demanded: str, minutes: int, now: datetime.datetime) -> str:
    """Why the proof is not good enough to sign with, and what helps; empty when it is."""
    if proof is None or not now - datetime.timedelta(minutes=minutes) <= proof.at <= now:
        return "Bekräfta att det är du innan du undertecknar."
    if rank(proof.level) < rank(demanded):
        return (
            f"För att underteckna krävs {LEVEL_WORDS[demanded]}. Du har bekräftat med "
            f"{LEVEL_WORDS.get(proof.level, proof.level)}. Bekräfta på nytt, på ett säkrare sätt."
        )
    return ""


def without_numbers(evidence: Mapping[str, str], shape: str) -> dict[str, str]:
    """What is kept of a login: a value that looks like a personnummer is left out."""
    return {str(key): HIDDEN if re.search(shape, str(value)) else str(value) for key, value in evidence.items()}
