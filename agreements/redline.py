"""A comparison as pages and printed copies show it: markup that can be heard, and what is the same folded. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from agreements.comparing.parts import (
    Block,
    Change,
    Comparison,
    Entry,
    Fact,
    Line,
    Mark,
    Piece,
    Pieces,
    Section,
    Tally,
    change_of,
    new_text,
    old_text,
)
from agreements.comparing.telling import words_of_tally
from agreements.fields import Kind
from contacts.judging import level_heading
from contacts.models import Level

FOLDED_FROM: Final = 3
"""So many unchanged lines in a row are folded."""

WORDS: Final = {
    Change.SAME: "oförändrat",
    Change.FORMATTED: "bara formateringen är ändrad",
    Change.CHANGED: "ändrat",
    Change.ADDED: "tillagt",
    Change.REMOVED: "borttaget",
}
_SAID: Final = {
    Mark.INSERTED: ("ins", "tillagt:", "slut på tillägg"),
    Mark.DELETED: ("del", "borttaget:", "slut på borttaget"),
}
_ROW_SAID: Final = {Change.ADDED: "tillagd", Change.REMOVED: "borttagen", Change.CHANGED: "ändrad"}
_ENTRY: Final = {Kind.CONTACTS: "Kontaktyta", Kind.ROWS: "Rad"}


def marked(pieces: Iterable[Piece]) -> SafeString:
    """The text with <ins> and <del>, which also say in hidden words where they begin and end."""
    return mark_safe("".join(map(_marked, pieces)))  # noqa: S308 - pieces are safe


def _marked(piece: Piece) -> str:
    if piece.mark is Mark.SAME or not piece.text:
        return piece.html
    tag, begins, ends = _SAID[piece.mark]
    return (
        f'<{tag}><span class="ds-sr-only"> {begins} </span>{piece.html}<span class="ds-sr-only"> {ends} </span></{tag}>'
    )


@dataclass(frozen=True)
class ShownLine:
    form: str
    depth: int
    label: str
    change: Change
    html: SafeString
    note: str


@dataclass(frozen=True)
class Stretch:
    """Lines that follow each other; what is the same in many of them is folded."""

    folded: bool
    lines: list[ShownLine]


@dataclass(frozen=True)
class ShownFact:
    label: str
    change: Change
    html: SafeString


@dataclass(frozen=True)
class ShownEntry:
    change: Change
    moved: bool
    said: str
    name: SafeString
    facts: list[ShownFact]


@dataclass(frozen=True)
class ShownGroup:
    heading: str
    entries: list[ShownEntry]


@dataclass(frozen=True)
class Part:
    """The national text or a block. Only what its kind of block holds is filled; what is the same is folded."""

    is_national: bool
    folded: bool
    label: SafeString
    change: Change
    word: str
    stretches: list[Stretch] = field(default_factory=list)
    items: list[SafeString] = field(default_factory=list)
    facts: list[ShownFact] = field(default_factory=list)
    groups: list[ShownGroup] = field(default_factory=list)
    form: str = ""


@dataclass(frozen=True)
class ShownSection:
    key: str
    number: str
    was_number: str
    name: str
    title: SafeString
    change: Change
    word: str
    parts: list[Part]


@dataclass(frozen=True)
class Redline:
    """What _redline.html shows. `changed` is what the summary leads to."""

    summary: str
    tally: Tally
    is_same: bool
    only_changes: bool
    head: list[ShownFact]
    sections: list[ShownSection]
    changed: list[ShownSection]
    same: int
    files: list[ShownEntry]


def redline(comparison: Comparison, *, only_changes: bool = False) -> Redline:
    """only_changes: leave out the sections, blocks, paragraphs and values that are the same."""
    sections = [_section(section, only_changes) for section in comparison.sections]
    changed = [section for section in sections if section.change is not Change.SAME]
    return Redline(
        summary=words_of_tally(comparison.tally),
        tally=comparison.tally,
        is_same=comparison.is_same,
        only_changes=only_changes,
        head=[_fact(fact) for fact in comparison.head],
        sections=changed if only_changes else sections,
        changed=changed,
        same=len(sections) - len(changed),
        files=[
            _entry(file, "files", only_changes) for file in comparison.files if not only_changes or not file.is_same
        ],
    )


def _section(section: Section, only_changes: bool) -> ShownSection:
    return ShownSection(
        key=section.key,
        number=section.number,
        was_number=section.was_number,
        name=new_text(section.title) or old_text(section.title),
        title=marked(section.title),
        change=section.change,
        word=WORDS[section.change],
        parts=list(_parts(section, only_changes)),
    )


def _parts(section: Section, only_changes: bool) -> Iterator[Part]:
    if only_changes and section.is_same:
        return
    change = section.locked_change
    if section.locked and not (only_changes and change is Change.SAME):
        stretches = _stretches(section.locked, section.number, only_changes)
        folded = change is Change.SAME and not section.is_same
        yield Part(True, folded, SafeString(""), change, WORDS[change], stretches)
    for block in section.blocks:
        if not (only_changes and block.change is Change.SAME):
            yield _part(block, only_changes, folded=block.change is Change.SAME and not section.is_same)


def _part(block: Block, only_changes: bool, *, folded: bool) -> Part:
    return Part(
        is_national=False,
        folded=folded,
        label=marked(block.label),
        change=block.change,
        word=WORDS[block.change],
        stretches=_stretches(block.lines, "", only_changes),
        items=[marked(item) for item in _kept(block.items, only_changes)],
        facts=[_fact(fact) for fact in block.facts if not only_changes or fact.change is not Change.SAME],
        groups=list(_groups(block, only_changes)),
        form="list" if block.kind == Kind.CHOICES else "text",
    )


def _kept(items: Iterable[Pieces], only_changes: bool) -> Iterator[Pieces]:
    return (item for item in items if not only_changes or change_of(item) is not Change.SAME)


def _stretches(lines: Iterable[Line], section: str, only_changes: bool) -> list[Stretch]:
    """section: the number that goes before the numbers of national clauses."""
    found = []
    for is_same, run in groupby(lines, key=lambda line: line.change is Change.SAME):
        if is_same and only_changes:
            continue
        shown = [shown_line(line, section) for line in run]
        found.append(Stretch(is_same and len(shown) >= FOLDED_FROM, shown))
    if all(stretch.folded for stretch in found):
        return [Stretch(False, stretch.lines) for stretch in found]
    return found


def shown_line(line: Line, section: str) -> ShownLine:
    """section: the number that goes before the number of a national clause."""
    notes = list(line.notes)
    if line.moved:
        notes.insert(0, "flyttat hit" if line.change is Change.ADDED else "flyttat härifrån")
    if line.number and line.was_number and line.number != line.was_number:
        notes.append(f"var {_numbered(line.was_number, line.depth, section)}")
    label = _numbered(line.number or line.was_number, line.depth, section)
    label = label or ("•" if line.form == "ul" else "")
    return ShownLine(line.form, line.depth, label, line.change, marked(line.pieces), ", ".join(notes))


def _numbered(number: int, depth: int, section: str) -> str:
    if not number:
        return ""
    return f"{section}.{number}" if section.isdecimal() and depth == 1 else f"{number}."


def _fact(fact: Fact) -> ShownFact:
    return ShownFact(fact.label, fact.change, marked(fact.pieces))


def _groups(block: Block, only_changes: bool) -> Iterator[ShownGroup]:
    for group in block.groups:
        entries = [entry for entry in group.entries if not only_changes or not entry.is_same]
        if entries:
            heading = f"{level_heading(Level(group.level))}, {group.party}" if group.level else ""
            yield ShownGroup(heading, [_entry(entry, block.kind, only_changes) for entry in entries])


def _entry(entry: Entry, kind: str, only_changes: bool) -> ShownEntry:
    """The first value of a row without a name says which row it is, and is always shown."""
    changed = only_changes and entry.change is Change.CHANGED
    facts = [
        _fact(fact)
        for place, fact in enumerate(entry.facts)
        if not changed or fact.change is not Change.SAME or (place == 0 and not entry.name)
    ]
    return ShownEntry(entry.change, entry.moved, _said(entry, kind), marked(entry.name), facts)


def _said(entry: Entry, kind: str) -> str:
    """What became of a row, in words: "Rad 2, tillagd"; "Rad 1, flyttad från plats 3, ändrad"."""
    told: Sequence[str] = [
        *([f"flyttad från plats {entry.was} till plats {entry.now}"] if entry.moved else []),
        *([_ROW_SAID[entry.change]] if entry.change in _ROW_SAID else []),
    ]
    if kind not in _ENTRY:
        return _capital(", ".join(told))
    name = _ENTRY[Kind(kind)]
    return ", ".join([f"{name} {entry.now}" if entry.now else f"Tidigare {name.lower()} {entry.was}", *told])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
