"""What a comparison is made of: plain data, the same for the page, the printed copy and whoever counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.safestring import SafeString


class Change(StrEnum):
    """What became of a part. FORMATTED: the words are the same, only how they look has changed."""

    SAME = "same"
    FORMATTED = "formatted"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Mark(StrEnum):
    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True)
class Piece:
    """A run of text that both have, or only one of them; `html` is the text with its emphasis and links, safe."""

    mark: Mark
    text: str
    html: SafeString


Pieces = tuple[Piece, ...]


def old_text(pieces: Iterable[Piece]) -> str:
    """The text as it was: without what was inserted."""
    return "".join(piece.text for piece in pieces if piece.mark is not Mark.INSERTED)


def new_text(pieces: Iterable[Piece]) -> str:
    """The text as it is: without what was deleted."""
    return "".join(piece.text for piece in pieces if piece.mark is not Mark.DELETED)


def change_of(pieces: Iterable[Piece]) -> Change:
    """What became of a text as a whole."""
    marks = {piece.mark for piece in pieces if piece.text}
    if marks <= {Mark.SAME}:
        return Change.SAME
    if marks == {Mark.INSERTED}:
        return Change.ADDED
    return Change.REMOVED if marks == {Mark.DELETED} else Change.CHANGED


@dataclass(frozen=True)
class Line:
    """A paragraph, heading or list item.

    number, was_number: its place in its numbered list, now and before; 0 when it stands in none.
    moved: the very same words stand elsewhere in the other text. notes: changes of form, in words.
    """

    change: Change
    form: str
    depth: int
    pieces: Pieces
    number: int = 0
    was_number: int = 0
    moved: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A labelled value: a cell of a row, a date of the period, a channel of a contact point."""

    label: str
    pieces: Pieces

    @property
    def change(self) -> Change:
        return change_of(self.pieces)


@dataclass(frozen=True)
class Entry:
    """A row, contact point or party. was, now: its place, from 1, or 0 for none; moved: past its neighbours."""

    change: Change
    name: Pieces
    facts: tuple[Fact, ...]
    was: int = 0
    now: int = 0
    moved: bool = False

    @property
    def is_same(self) -> bool:
        return self.change is Change.SAME and not self.moved


@dataclass(frozen=True)
class Group:
    """Entries under a heading of their own: the contact points of a level and party. The heading may be empty."""

    level: str
    party: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Block:
    """One field of a section. `show` says which of the parts is filled: lines, items, facts or groups."""

    key: str
    kind: str
    show: str
    change: Change
    label: Pieces
    lines: tuple[Line, ...] = ()
    items: tuple[Pieces, ...] = ()
    facts: tuple[Fact, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def entries(self) -> list[Entry]:
        return [entry for group in self.groups for entry in group.entries]


@dataclass(frozen=True)
class Section:
    """A section of either document. was_number: what it was numbered, when that differs."""

    key: str
    number: str
    was_number: str
    change: Change
    title: Pieces
    locked: tuple[Line, ...]
    blocks: tuple[Block, ...]

    @property
    def is_same(self) -> bool:
        return self.change is Change.SAME

    @property
    def locked_change(self) -> Change:
        return change_of_parts(line.change for line in self.locked)


def change_of_parts(changes: Iterable[Change]) -> Change:
    """What became of a whole, from what became of its parts."""
    found = set(changes)
    if len(found) == 1:
        return found.pop()
    found.discard(Change.SAME)
    if not found:
        return Change.SAME
    return Change.FORMATTED if found == {Change.FORMATTED} else Change.CHANGED


@dataclass(frozen=True)
class Tally:
    """How much differs: sections, and the rows, contact points and parties in them."""

    sections_changed: int = 0
    sections_added: int = 0
    sections_removed: int = 0
    sections_formatted: int = 0
    rows_changed: int = 0
    rows_added: int = 0
    rows_removed: int = 0
    rows_moved: int = 0
    clauses: int = 0
    """National clauses that differ."""
    files_changed: int = 0
    files_added: int = 0
    files_removed: int = 0


@dataclass(frozen=True)
class Comparison:
    """Two documents side by side. `head` holds what differs in title and template, `files` all attached files."""

    head: tuple[Fact, ...]
    sections: tuple[Section, ...]
    tally: Tally
    files: tuple[Entry, ...] = ()

    @property
    def is_same(self) -> bool:
        return not self.head and not self.changed and all(file.is_same for file in self.files)

    @property
    def changed(self) -> list[Section]:
        return [section for section in self.sections if not section.is_same]

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)
