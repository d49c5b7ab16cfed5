"""Rows, contact points and parties: matched one with one, then compared value by value. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agreements.comparing.common import in_order
from agreements.comparing.parts import Change, Entry, Fact, Mark, Pieces, change_of
from agreements.comparing.words import compare_text, plain, replaced, words_of
from agreements.fields import Kind

ALIKE: Final = 0.5
"""How much of their words two rows without a common id must share to be one row that was changed."""
MOST_PAIRS: Final = 10_000

Data = Mapping[str, Any]
Pairs = list[tuple[int, int]]


@dataclass(frozen=True)
class Item:
    """One row on its own: what it is known by, what it is called, and its values by their labels."""

    key: Hashable
    name: str
    values: Mapping[str, str]
    wholes: frozenset[str] = frozenset()
    """The labels of values that are one thing each, such as dates."""


_WHOLE: Final = frozenset({Kind.DATE, Kind.INTEGER, Kind.CHOICE})


def compare_rows(old: Data, new: Data) -> tuple[Entry, ...]:
    """Rows by their ids. Rows of agreements that do not descend from each other are matched by what they say."""
    return _compare(_items(old), _items(new))


def _items(block: Data) -> list[Item]:
    columns, kinds = block.get("columns", ()), block.get("kinds", ())
    wholes = frozenset(label for label, kind in zip(columns, kinds, strict=True) if kind in _WHOLE)
    return [
        Item(row_id, "", dict(zip(columns, row, strict=True)), wholes)
        for row, row_id in zip(block.get("rows", ()), block.get("ids", ()), strict=True)
    ]


def compare_entries(
    old: Sequence[Data], new: Sequence[Data], *, name: str, facts: Mapping[str, str], by: str = ""
) -> tuple[Entry, ...]:
    """Things known by their names. by: what those that are called something else now are still known by."""
    return _compare(_named(old, name, facts), _named(new, name, facts), _by(old, new, by) if by else None)


def _named(rows: Sequence[Data], name: str, facts: Mapping[str, str]) -> list[Item]:
    """The second of the same name is known as the second."""
    seen: Counter[str] = Counter()
    items = []
    for row in rows:
        seen[row[name]] += 1
        key = (row[name], seen[row[name]])
        items.append(Item(key, row[name], {label: row.get(fact) or "" for fact, label in facts.items()}))
    return items


def _by(old: Sequence[Data], new: Sequence[Data], fact: str) -> Callable[[list[int], list[int]], Pairs]:
    """Pairs those that are left by a fact they share, in order."""

    def pairs(olds: list[int], news: list[int]) -> Pairs:
        waiting: defaultdict[str, list[int]] = defaultdict(list)
        for i in olds:
            waiting[old[i][fact]].append(i)
        return [(waiting[new[j][fact]].pop(0), j) for j in news if waiting[new[j][fact]]]

    return pairs


# --------------------------------------------------------------------------------------------------- matching


def _compare(
    old: Sequence[Item], new: Sequence[Item], rest: Callable[[list[int], list[int]], Pairs] | None = None
) -> tuple[Entry, ...]:
    """Entries in the new order; one that is gone comes after the one it stood behind."""
    by_key = {item.key: i for i, item in enumerate(old)}
    pairs = {j: by_key[item.key] for j, item in enumerate(new) if item.key in by_key}
    olds = [i for i in range(len(old)) if i not in set(pairs.values())]
    news = [j for j in range(len(new)) if j not in pairs]
    if rest is not None:
        pairs |= {j: i for i, j in rest(olds, news)}
    elif not pairs:
        pairs |= {j: i for i, j in _by_content(old, new, olds, news)}
    return _in_order(old, new, pairs)


def _by_content(old: Sequence[Item], new: Sequence[Item], olds: list[int], news: list[int]) -> Pairs:
    """The most alike first; equal likeness in the order they stand."""
    if len(olds) * len(news) > MOST_PAIRS:
        return []
    bags = {("old", i): _bag(old[i]) for i in olds} | {("new", j): _bag(new[j]) for j in news}
    found = []
    for i in olds:
        for j in news:
            a, b = bags["old", i], bags["new", j]
            likeness = 2 * (a & b).total() / max(a.total() + b.total(), 1)
            if likeness >= ALIKE:
                found.append((-likeness, i, j))
    pairs: Pairs = []
    used: set[tuple[str, int]] = set()
    for _, i, j in sorted(found):
        if ("old", i) not in used and ("new", j) not in used:
            used |= {("old", i), ("new", j)}
            pairs.append((i, j))
    return pairs


def _bag(item: Item) -> Counter[str]:
    return Counter(word.text for text in [item.name, *item.values.values()] for word in words_of(text) if word.is_word)


def _in_order(old: Sequence[Item], new: Sequence[Item], pairs: Mapping[int, int]) -> tuple[Entry, ...]:
    paired = sorted(pairs)
    steady = {paired[place] for place in in_order([pairs[j] for j in paired])}
    after: defaultdict[int, list[Entry]] = defaultdict(list)
    kept = {i: j for j, i in pairs.items()}
    behind = -1
    for i, item in enumerate(old):
        if i not in kept:
            after[behind].append(_entry(item, None, i + 1, 0, moved=False))
        elif kept[i] in steady:
            behind = kept[i]
    entries = after[-1]
    for j, item in enumerate(new):
        was = pairs.get(j)
        before = old[was] if was is not None else None
        place = was + 1 if was is not None else 0
        entries.append(_entry(before, item, place, j + 1, moved=before is not None and j not in steady))
        entries += after[j]
    return tuple(entries)


def _entry(old: Item | None, new: Item | None, was: int, now: int, *, moved: bool) -> Entry:
    name = compare_text(old.name if old else "", new.name if new else "")
    facts = _facts(old, new)
    if old is None or new is None:
        change = Change.ADDED if new else Change.REMOVED
    else:
        differs = any(fact.change is not Change.SAME for fact in facts) or change_of(name) is not Change.SAME
        change = Change.CHANGED if differs else Change.SAME
    return Entry(change, name, facts, was, now, moved)


def _facts(old: Item | None, new: Item | None) -> tuple[Fact, ...]:
    olds, news = (item.values if item else {} for item in (old, new))
    wholes = (new or old or Item("", "", {})).wholes
    labels = [*news, *(label for label in olds if label not in news)]
    facts = (Fact(label, _value(olds.get(label, ""), news.get(label, ""), whole=label in wholes)) for label in labels)
    return tuple(fact for fact in facts if fact.pieces)


def _value(old: str, new: str, *, whole: bool) -> Pieces:
    if old == new:
        return (plain(Mark.SAME, new),) if new else ()
    return replaced(old, new) if whole else compare_text(old, new)
