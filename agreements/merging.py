"""Two people's changes to the same text put together, when they do not touch. Pure.

base is what both started from. Nothing that either of them wrote is left out of a clean merge; where both changed the
same thing the path is among the collisions ("field", "field.row_id" or "field.row_id.column"), and people decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from agreements.fields import Content, Field, Kind, local
from agreements.html import clean_html

Rows = Sequence[Mapping[str, Any]]
_UNIT = re.compile(r"</?[uo]l>|<(?P<tag>p|h3)>.*?</(?P=tag)>|<li>(?:(?!</?[uo]l>|</li>).)*(?:</li>)?|</li>", re.DOTALL)


class Collision(Exception):
    """Both changed the same place, each in their own way."""


@dataclass
class Merged:
    content: dict[str, Any] = field(default_factory=dict)
    collisions: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.collisions


def merge(fields: tuple[Field, ...], base: Content, theirs: Content, mine: Content) -> Merged:
    """Both changes in one content; where they collide, mine stands."""
    merged = Merged()
    for spec in local(fields):
        was, other, own = (content.get(spec.key) for content in (base, theirs, mine))
        if spec.kind is Kind.ROWS:
            value, collisions = merge_rows(spec, was or [], other or [], own or [])
            merged.collisions += [f"{spec.key}{path}" for path in collisions]
        else:
            value = _merge_or_note(spec, was, other, own, merged.collisions)
        if value not in (None, "", []):
            merged.content[spec.key] = value
    return merged


def _merge_or_note(spec: Field, was: Any, other: Any, own: Any, collisions: list[str]) -> Any:
    try:
        return merge_value(spec, was, other, own)
    except Collision:
        collisions.append(spec.key)
        return own


def merge_value(spec: Field, was: Any, other: Any, own: Any) -> Any:
    """One value. Raises Collision."""
    if other in (own, was):
        return own
    if own == was:
        return other
    if spec.kind is Kind.TEXT:
        return merge_text(was or "", other or "", own or "")
    if spec.kind is Kind.CHOICES:
        chosen = merge_sets(was or [], other or [], own or [])
        return [option for option, _label in spec.options if option in chosen]
    raise Collision


def merge_sets(was: Sequence[str], other: Sequence[str], own: Sequence[str]) -> set[str]:
    """What both kept, and what either added."""
    return {item for item in {*was, *other, *own} if (item in other and item in own) or item not in was}


# --------------------------------------------------------------------------------------------------- rich text


def merge_text(was: str, other: str, own: str) -> str:
    """Rich text, paragraph by paragraph and item by item. Raises Collision."""
    merged = "".join(merge_sequence(*(list(units(markup)) for markup in (was, other, own))))
    if clean_html(merged) != merged:
        raise Collision  # a list that one began and the other ended
    return merged


def units(markup: str) -> Iterator[str]:
    """Paragraphs, headings, items and the ends of lists; put together they are the markup again."""
    position = 0
    for found in _UNIT.finditer(markup):
        if found.start() > position:
            yield markup[position : found.start()]
        yield found[0]
        position = found.end()
    if position < len(markup):
        yield markup[position:]


def merge_sequence(was: list[str], other: list[str], own: list[str]) -> list[str]:
    """Both sides' changes in the order of the text. Raises Collision when both changed between two common parts."""
    merged: list[str] = []
    at, at_other, at_own = 0, 0, 0
    for start, start_other, start_own, length in _common(was, other, own):
        merged += _part(was[at:start], other[at_other:start_other], own[at_own:start_own])
        merged += was[start : start + length]
        at, at_other, at_own = start + length, start_other + length, start_own + length
    return merged


def _part(was: list[str], other: list[str], own: list[str]) -> list[str]:
    if other in (own, was):
        return own
    if own == was:
        return other
    if len(was) == len(other) == len(own) > 1:
        return [unit for each in zip(was, other, own, strict=True) for unit in _part(*([one] for one in each))]
    raise Collision


def _common(was: list[str], other: list[str], own: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches that stand in all three: where, in each of them, and how long; the last one is the end."""
    in_other, in_own = _places(was, other), _places(was, own)
    place = 0
    while place < len(was):
        length = 0
        while _goes_on(in_other, place, length) and _goes_on(in_own, place, length):
            length += 1
        if length:
            yield place, in_other[place], in_own[place], length
        place += max(length, 1)
    yield len(was), len(other), len(own), 0


def _goes_on(places: Mapping[int, int], place: int, length: int) -> bool:
    return place in places and places.get(place + length) == places[place] + length


def _places(was: list[str], changed: list[str]) -> dict[int, int]:
    """Where each unchanged part of the one stands in the other."""
    blocks = SequenceMatcher(None, was, changed, autojunk=False).get_matching_blocks()
    return {a + step: b + step for a, b, length in blocks for step in range(length)}


# -------------------------------------------------------------------------------------------------------- rows


def merge_rows(spec: Field, was: Rows, other: Rows, own: Rows) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows by their ids, cell by cell, and where they collide: "" for their order, else ".row_id[.column]"."""
    before, theirs, mine = ({row["id"]: row for row in rows} for rows in (was, other, own))
    collisions: list[str] = []
    kept: dict[str, dict[str, Any]] = {}
    for key in {**before, **theirs, **mine}:
        row = _merge_row(spec, before.get(key), theirs.get(key), mine.get(key), collisions, key)
        if row is not None:
            kept[key] = row
    try:
        order = merge_order([*before], [*theirs], [*mine])
    except Collision:
        collisions.append("")
        order = [*mine, *(key for key in theirs if key not in mine)]
    return [kept[key] for key in order if key in kept], collisions


def _merge_row(
    spec: Field,
    was: Mapping[str, Any] | None,
    other: Mapping[str, Any] | None,
    own: Mapping[str, Any] | None,
    collisions: list[str],
    key: str,
) -> dict[str, Any] | None:
    """None for a row that is removed: by one, and not changed by the other."""
    if other is None or own is None:
        stays = own if other is None else other
        if stays is None or stays == was:
            return None
        if was is not None:
            collisions.append(f".{key}")
        return dict(stays)
    row: dict[str, Any] = {"id": key}
    for column in spec.columns:
        old = (was or {}).get(column.key)
        found: list[str] = []
        value = _merge_or_note(column, old, other.get(column.key), own.get(column.key), found)
        collisions += [f".{key}.{name}" for name in found]
        if value not in (None, "", []):
            row[column.key] = value
    return row


def merge_order(was: list[str], other: list[str], own: list[str]) -> list[str]:
    """The order of whoever moved rows, with the other's new rows after those they followed. Raises Collision."""
    common = [key for key in was if key in other and key in own]
    moved_other = [key for key in other if key in common] != common
    moved_own = [key for key in own if key in common] != common
    if moved_other and moved_own and [k for k in other if k in common] != [k for k in own if k in common]:
        raise Collision
    first, second = (own, other) if moved_own else (other, own)
    order = list(first)
    for place, key in enumerate(second):
        if key not in order:
            before = next((earlier for earlier in reversed(second[:place]) if earlier in order), None)
            order.insert(_after_new(order, before, was, second), key)
    return order


def _after_new(order: list[str], before: str | None, was: list[str], second: list[str]) -> int:
    """The place after a row, and after what the first has put there already."""
    place = order.index(before) + 1 if before is not None else 0
    while place < len(order) and order[place] not in was and order[place] not in second:
        place += 1
    return place


# ------------------------------------------------------------------------------------------------------- facts

Facts = Mapping[str, str | list[str]]
"""Form name → what stands there; a list for boxes that are ticked."""


def merge_facts(was: Facts, other: Facts, own: Facts) -> tuple[dict[str, str | list[str]], list[str]]:
    """Facts kept in tables of their own, one by one, and the names of those that collide; there mine stands."""
    merged: dict[str, str | list[str]] = {}
    collisions = []
    for name, mine in own.items():
        before, theirs = was.get(name, mine), other.get(name, mine)
        if isinstance(mine, list) and isinstance(theirs, list) and isinstance(before, list):
            kept = merge_sets(before, theirs, mine)
            merged[name] = [value for value in dict.fromkeys([*theirs, *mine]) if value in kept]
            continue
        if mine not in (before, theirs) and theirs != before:
            collisions.append(name)
        merged[name] = theirs if mine == before else mine
    return merged, collisions
