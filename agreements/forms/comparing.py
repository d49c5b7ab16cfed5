"""What a comparison is asked for, read from the address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from contacts.rules import clean_line

LONGEST = 100
ONLY_CHANGES = "andringar"


@dataclass(frozen=True)
class Asked:
    """Plain facts: old and new are empty where nothing was chosen; query is a municipality to look for."""

    old: str
    new: str
    query: str
    only_changes: bool

    @classmethod
    def read(cls, asked: QueryDict) -> Asked:
        return cls(
            old=asked.get("fran", ""),
            new=asked.get("till", ""),
            query=clean_line(asked.get("kommun", ""))[:LONGEST],
            only_changes=asked.get("visa", "") == ONLY_CHANGES,
        )


def address_query(old: str, new: str, *, only_changes: bool) -> str:
    """The choice as the rest of an address."""
    chosen = {"fran": old, "till": new} | ({"visa": ONLY_CHANGES} if only_changes else {})
    return urlencode(chosen)
