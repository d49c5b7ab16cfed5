"""Two agreements compared section by section: agreements.document, schema 1 and 2. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from agreements.comparing.blocks import NOTHING, compare_blocks, merged
from agreements.comparing.entries import compare_entries
from agreements.comparing.parts import Change, Comparison, Entry, Fact, Mark, Section, Tally, change_of, change_of_parts
from agreements.comparing.rich import compare_rich
from agreements.comparing.words import compare_text, plain
from agreements.document import Document
from agreements.fields import Kind


def compare(old: Document, new: Document) -> Comparison:
    """What became of the old document in the new one.

    Every part of both is there, in the new document's order: read `Comparison.changed` for what differs and
    `Comparison.tally` for how much. Two equal documents give a Comparison that is `is_same`; the same two documents
    always give the same answer. Neither document is changed, and neither has to descend from the other.
    """
    olds, news = ({section["key"]: section for section in document["sections"]} for document in (old, new))
    sections = tuple(
        _section(olds.get(key, NOTHING), news.get(key, NOTHING), old, new) for key in merged(list(olds), list(news))
    )
    files = compare_entries(_files(old), _files(new), name="title", facts=OF_FILE)
    return Comparison(_head(old, new), sections, _tally(sections, files), files)


OF_FILE: Final = {"name": "Filnamn", "sha256": "SHA-256"}
"""What tells one attached file from another: the hash is that of its bytes."""


def _files(document: Document) -> list[Mapping[str, Any]]:
    return list(document.get("attachments", ()))


def _head(old: Document, new: Document) -> tuple[Fact, ...]:
    """What differs before the sections: the title, and the template the text stands on."""
    values = (
        ("Rubrik", old["title"], new["title"]),
        ("Nationell mall", _template(old), _template(new)),
    )
    facts = (Fact(label, compare_text(before, after)) for label, before, after in values)
    return tuple(fact for fact in facts if fact.change is not Change.SAME)


def _template(document: Document) -> str:
    return str(document["template"]["name"])


def _section(old: Mapping[str, Any], new: Mapping[str, Any], old_head: Document, new_head: Document) -> Section:
    source = new or old
    locked = compare_rich(old.get("locked", ""), new.get("locked", ""))
    blocks = compare_blocks(old, new, old_head, new_head)
    if old and new:
        title = compare_text(old["title"], new["title"])
        change = _change(title, [*(line.change for line in locked), *(block.change for block in blocks)])
    else:
        title = (plain(Mark.INSERTED if new else Mark.DELETED, source["title"]),)
        change = Change.ADDED if new else Change.REMOVED
    return Section(
        key=source["key"],
        number=source["number"],
        was_number=old["number"] if old and old["number"] != source["number"] else "",
        change=change,
        title=title,
        locked=locked,
        blocks=blocks,
    )


def _change(title: tuple[Any, ...], parts: Iterable[Change]) -> Change:
    change = change_of_parts([Change.SAME if change_of(title) is Change.SAME else Change.CHANGED, *parts])
    return Change.CHANGED if change in (Change.ADDED, Change.REMOVED) else change


_ROWS: Final = frozenset({Kind.ROWS, Kind.CONTACTS, Kind.PARTIES})
"""Kinds whose entries are counted as rows; the other blocks about parties tell of the same ones again."""


def _tally(sections: Iterable[Section], files: Iterable[Entry]) -> Tally:
    sections = list(sections)
    entries = [
        entry for section in sections for block in section.blocks if block.kind in _ROWS for entry in block.entries
    ]

    filed = [file.change for file in files]

    def counted(change: Change) -> int:
        return sum(section.change is change for section in sections)

    def rows(change: Change) -> int:
        return sum(entry.change is change for entry in entries)

    return Tally(
        sections_changed=counted(Change.CHANGED),
        sections_added=counted(Change.ADDED),
        sections_removed=counted(Change.REMOVED),
        sections_formatted=counted(Change.FORMATTED),
        rows_changed=rows(Change.CHANGED),
        rows_added=rows(Change.ADDED),
        rows_removed=rows(Change.REMOVED),
        rows_moved=_moved(entries),
        files_changed=filed.count(Change.CHANGED),
        files_added=filed.count(Change.ADDED),
        files_removed=filed.count(Change.REMOVED),
        clauses=sum(line.change is not Change.SAME for section in sections for line in section.locked),
    )


def _moved(entries: Iterable[Entry]) -> int:
    return sum(entry.moved for entry in entries)
