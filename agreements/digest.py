"""The daily digest of a function mailbox: what has been said and done in agreements in work. Pure.

A shared mailbox is read by many and letters go over the open net: persons are not named, what was said is covered as
for a reader without names, and of internal talk only that it is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

MOST_AGREEMENTS, MOST_LINES, EXCERPT = 20, 8, 200
"""Named in a letter, told of each, and characters of what was said; the rest is counted and found in the portal."""


@dataclass(frozen=True)
class News:
    """Something that a mailbox is told of. text: what was said, already covered; empty for a move and internal talk."""

    event: int
    version: int
    words: str
    text: str
    section: str
    thread: int | None
    is_move: bool = False


@dataclass(frozen=True)
class Line:
    words: str
    text: str
    address: str


@dataclass
class Agreement:
    """An agreement in the letter."""

    title: str
    address: str
    lines: list[Line] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class Choice:
    """What stands in a letter, and what it therefore has told of; what is left out is told of by number."""

    agreements: list[Agreement]
    left_out: int
    told: list[int]
    subject: str


@dataclass(frozen=True)
class Addresses:
    """How pages are found: of an agreement, of a thread in a section."""

    agreement: Callable[[int], str]
    thread: Callable[[int, str, int], str]


def excerpt(text: str) -> str:
    """One line of what was said, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= EXCERPT:
        return line
    return line[:EXCERPT].rpartition(" ")[0].rstrip(",.;:") + " …"


def chosen(news: Iterable[News], titles: Mapping[int, str], addresses: Addresses) -> Choice:
    """The letter: agreements with a move first, then in the order things happened."""
    rows = sorted(news, key=lambda one: one.event)
    by_version: defaultdict[int, list[News]] = defaultdict(list)
    for one in rows:
        by_version[one.version].append(one)
    order = sorted(by_version, key=lambda pk: (not any(n.is_move for n in by_version[pk]), by_version[pk][0].event))
    agreements = [_agreement(pk, by_version[pk], titles[pk], addresses) for pk in order[:MOST_AGREEMENTS]]
    return Choice(
        agreements=agreements,
        left_out=len(order[MOST_AGREEMENTS:]),
        told=[one.event for one in rows],
        subject=_subject([titles[pk] for pk in order]),
    )


def _agreement(pk: int, news: Collection[News], title: str, addresses: Addresses) -> Agreement:
    ordered = sorted(news, key=lambda one: (not one.is_move, one.event))
    lines = [
        Line(
            one.words,
            one.text,
            addresses.agreement(pk) if one.thread is None else addresses.thread(pk, one.section, one.thread),
        )
        for one in ordered[:MOST_LINES]
    ]
    return Agreement(title, addresses.agreement(pk), lines, len(ordered) - len(lines))


def _subject(titles: list[str]) -> str:
    return f"Nytt: {titles[0]}" if len(titles) == 1 else f"Nytt i {len(titles)} överenskommelser"
