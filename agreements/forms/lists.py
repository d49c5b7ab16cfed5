"""The filter of the list of agreements, read from the address. A value that is not on the list counts as no filter."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from agreements.states import State
from contacts.rules import without_controls

FLAGGED = "flaggade"
ENDING = "upphor-snart"
NOTICE = "uppsagda"
STATES = {"": "Alla utom kasserade", **{state.value: str(state.label) for state in State}}
ONLY = {"": "Alla", FLAGGED: "Med något att rätta", ENDING: "Upphör inom sex månader", NOTICE: "Uppsagda"}
LONGEST = 100


@dataclass(frozen=True)
class AgreementFilter:
    """Plain facts rather than a form: nothing in an address can be wrong, only unknown."""

    q: str
    status: str
    only: str

    @classmethod
    def read(cls, asked: QueryDict) -> AgreementFilter:
        status, only = asked.get("status", ""), asked.get("visa", "")
        q = without_controls(asked.get("q", ""))[:LONGEST]
        return cls(q, status if status in STATES else "", only if only in ONLY else "")

    def __bool__(self) -> bool:
        return bool(self.q or self.status or self.only)

    @property
    def in_address(self) -> list[tuple[str, str]]:
        """The filters that are set, as the address names them."""
        named = (("q", self.q), ("status", self.status), ("visa", self.only))
        return [(name, value) for name, value in named if value]

    @property
    def choices(self) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
        """Each list to choose from: name, label, options with the chosen one."""
        return [
            ("status", "Status", [(value, text, value == self.status) for value, text in STATES.items()]),
            ("visa", "Visa bara", [(value, text, value == self.only) for value, text in ONLY.items()]),
        ]
