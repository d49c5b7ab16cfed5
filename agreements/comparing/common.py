"""The longest common part of two sequences, by bits: exact, and fast for texts of 50,000 characters. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

MOST_CELLS: Final = 300_000_000
"""Places in the table of one comparison: 15,000 words against 20,000. A bit each, so 38 MB at most, for a moment."""


@dataclass(frozen=True)
class Run:
    """So many neighbours that both have: old[i : i + size] is new[j : j + size]."""

    i: int
    j: int
    size: int

    @property
    def old_end(self) -> int:
        return self.i + self.size

    @property
    def new_end(self) -> int:
        return self.j + self.size


def common_runs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Run]:
    """The longest common subsequence as runs; only what both begin and end with, when the table would be too large."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    pairs = [(i, i) for i in range(head)]
    if len(inner_old) * len(inner_new) <= MOST_CELLS:
        pairs += [(i + head, j + head) for i, j in _longest(inner_old, inner_new)]
    pairs += [(len(old) - k, len(new) - k) for k in range(tail, 0, -1)]
    return _as_runs(pairs)


def _shared(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """How many both begin with."""
    size = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        size += 1
    return size


def _longest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Hyyrö's bit-parallel table: in row i, bit j is 0 where one more is shared than without new[j]."""
    if not old or not new:
        return []
    places: dict[Hashable, int] = {}
    for j, item in enumerate(new):
        places[item] = places.get(item, 0) | (1 << j)
    full = (1 << len(new)) - 1
    row, rows = full, []
    for item in old:
        shared = row & places.get(item, 0)
        row = ((row + shared) | (row - shared)) & full
        rows.append(row)
    return _walk_back(rows, len(new))


def _walk_back(rows: Sequence[int], width: int) -> list[tuple[int, int]]:
    pairs = []
    i, j = len(rows), width
    while i and j:
        if rows[i - 1] >> (j - 1) & 1:
            j -= 1
            continue
        i -= 1
        if not i or rows[i - 1] >> (j - 1) & 1:
            j -= 1
            pairs.append((i, j))
    return pairs[::-1]


def _as_runs(pairs: Sequence[tuple[int, int]]) -> list[Run]:
    runs: list[Run] = []
    for i, j in pairs:
        if runs and (runs[-1].old_end, runs[-1].new_end) == (i, j):
            runs[-1] = Run(runs[-1].i, runs[-1].j, runs[-1].size + 1)
        else:
            runs.append(Run(i, j, 1))
    return runs


def in_order(places: Sequence[int]) -> set[int]:
    """The positions of a longest rising part of the places: what has kept its order; the rest has moved."""
    best: list[int] = []
    before: list[int] = []
    for position, place in enumerate(places):
        low, high = 0, len(best)
        while low < high:
            middle = (low + high) // 2
            if places[best[middle]] < place:
                low = middle + 1
            else:
                high = middle
        before.append(best[low - 1] if low else -1)
        best[low : low + 1] = [position]
    kept = set()
    at = best[-1] if best else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return kept
