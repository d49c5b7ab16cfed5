"""The filter of the history, read from the address. A value that is not on a list counts as no filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from agreements.happenings import KINDS, Wanted
from agreements.presenters import Section

Choice = tuple[str, str, bool]


@dataclass(frozen=True)
class HistoryFilter:
    wanted: Wanted
    sections: dict[str, Section]
    people: Sequence[tuple[str, str]]

    @classmethod
    def read(cls, asked: QueryDict, sections: dict[str, Section], people: Sequence[tuple[str, str]]) -> HistoryFilter:
        kind, section, who = (asked.get(name, "") for name in ("slag", "avsnitt", "vem"))
        wanted = Wanted(
            kind if kind in KINDS else "",
            section if section in sections else "",
            who if who in dict(people) else "",
        )
        return cls(wanted, sections, people)

    @property
    def choices(self) -> list[tuple[str, str, list[Choice]]]:
        """Each list to choose from: name, label, options with the chosen one."""
        sections = [(key, f"{section.number} {section.title}") for key, section in self.sections.items()]
        return [
            ("slag", "Slag", _options(list(KINDS.items()), self.wanted.kind)),
            ("avsnitt", "Avsnitt", _options(sections, self.wanted.section)),
            ("vem", "Vem", _options(self.people, self.wanted.who)),
        ]


def _options(known: Sequence[tuple[str, str]], chosen: str) -> list[Choice]:
    return [(value, words, value == chosen) for value, words in [("", "Alla"), *known]]
