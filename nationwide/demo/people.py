"""Chance that can be repeated, and persons invented by it. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from municipalities.models import fold

NAMES: Final[dict[str, list[str]]] = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))


def chance(*words: object) -> Random:
    """Chance that is the same every time for the same words."""
    return Random(":".join(map(str, words)))  # noqa: S311 - invented data, nothing secret


@dataclass(frozen=True)
class Person:
    given: str
    surname: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname}"

    def address(self, domain: str) -> str:
        """The person's own mailbox, the way municipalities make them."""
        return f"{mailbox(self.given)}.{mailbox(self.surname)}@{domain}"


def invent(rng: Random) -> Person:
    return Person(rng.choice(NAMES["given"]), rng.choice(NAMES["surnames"]))


def mailbox(text: str) -> str:
    """A name as it stands in addresses: "Åsa" → "asa", "Jämtlands län" → "jamtlandslan"."""
    return "".join(letter for letter in fold(text) if letter.isascii() and letter.isalnum())
