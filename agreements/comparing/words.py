"""Word by word: what was inserted and deleted between two texts, in runs that a reader can follow. Pure.

Whole words are compared, never letters. Small islands of shared words between larger changes are taken into the
change, since a sentence that was rewritten is easier to read as deleted and inserted than as confetti; and an insertion
that could stand in several places is put where a sentence or clause begins.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from agreements.comparing.common import Run, common_runs
from agreements.comparing.parts import Mark, Piece, Pieces

_WORD: Final = re.compile(r"(\s*)(\w+(?:[-:.'’@/+&]\w+)*|[^\w\s]|$)")
_SENTENCE_ENDS: Final = frozenset(".!?\n")
_CLAUSE_ENDS: Final = frozenset(",;:–")
MOST_ISLAND_WORDS: Final = 4
MOST_STEPS: Final = 60
"""How far an insertion is moved to a better place."""


@dataclass(frozen=True)
class Style:
    """How a word looks: bold, italic, and where it leads."""

    strong: bool = False
    em: bool = False
    address: str = ""


PLAIN: Final = Style()


@dataclass(frozen=True)
class Word:
    """A word or sign, and the space before it. The last one of a text is empty, and holds the space at the end."""

    lead: str
    text: str
    style: Style = PLAIN

    @property
    def is_word(self) -> bool:
        return self.text[:1].isalnum()


def words_of(text: str, style: Style = PLAIN) -> list[Word]:
    """The text in words; a space that may not be broken is a space."""
    found = [Word(lead, word, style) for lead, word in _WORD.findall(text.replace("\u00a0", " "))]
    while len(found) > 1 and not found[-1].text and not found[-1].lead and not found[-2].text:
        found.pop()
    return found


def compare_text(old: str, new: str) -> Pieces:
    """Two plain texts."""
    return compare_words(words_of(old), words_of(new))


def replaced(old: str, new: str) -> Pieces:
    """Two values that are one thing each, such as dates: either the same, or the one in place of the other."""
    if old == new:
        return (plain(Mark.SAME, new),) if new else ()
    found = ((Mark.DELETED, old), (Mark.INSERTED, new))
    return tuple(plain(mark, text) for mark, text in found if text)


def plain(mark: Mark, text: str) -> Piece:
    return Piece(mark, text, SafeString(shown(text)))


def whole(mark: Mark, words: Sequence[Word]) -> Pieces:
    """All of a text as one piece."""
    return tuple(_piece(mark, words, drop_lead=False)) if words else ()


def compare_words(old: Sequence[Word], new: Sequence[Word]) -> Pieces:
    """What both have, what was deleted and what was inserted, in reading order."""
    old_body, new_body = _body(old), _body(new)
    runs = common_runs([word.text for word in old_body], [word.text for word in new_body])
    runs = _in_better_places(_without_islands(runs, old_body, new_body), old_body, new_body)
    return tuple(_joined(_pieces(runs, old, new)))


def _body(words: Sequence[Word]) -> Sequence[Word]:
    return words[:-1] if words and not words[-1].text else words


# ---------------------------------------------------------------------------------------------------- islands


def _without_islands(runs: Sequence[Run], old: Sequence[Word], new: Sequence[Word]) -> list[Run]:
    """Runs that are worth reading as unchanged."""
    old_sums, new_sums = _sums(old), _sums(new)
    end = Run(len(old), len(new), 0)

    def gap(before: Run, after: Run) -> int:
        return max(old_sums[after.i] - old_sums[before.old_end], new_sums[after.j] - new_sums[before.new_end])

    kept = [Run(0, 0, 0)]
    for run in [*runs, end]:
        while len(kept) > 1 and _is_island(kept[-1], old, gap(kept[-2], kept[-1]), gap(kept[-1], run)):
            kept.pop()
        kept.append(run)
    return kept[1:-1]


def _sums(words: Sequence[Word]) -> list[int]:
    return [0, *accumulate(len(word.text) for word in words)]


def _is_island(run: Run, old: Sequence[Word], before: int, after: int) -> bool:
    if not before or not after or run.size > 3 * MOST_ISLAND_WORDS:
        return False
    inside = old[run.i : run.old_end]
    if sum(word.is_word for word in inside) > MOST_ISLAND_WORDS:
        return False
    return sum(len(word.text) for word in inside if word.is_word) <= min(before, after)


# ----------------------------------------------------------------------------------------------- better places


def _in_better_places(runs: Sequence[Run], old: Sequence[Word], new: Sequence[Word]) -> list[Run]:
    """Where only one side has something, its place is moved to where a sentence or clause begins, if it can be."""
    found = list(runs)
    for at in range(1, len(found)):
        before, after = found[at - 1], found[at]
        if before.old_end == after.i:
            step = _best_step(before, after, new, before.new_end, after.j)
        elif before.new_end == after.j:
            step = _best_step(before, after, old, before.old_end, after.i)
        else:
            continue
        found[at - 1] = Run(before.i, before.j, before.size + step)
        found[at] = Run(after.i + step, after.j + step, after.size - step)
    return [run for run in found if run.size]


def _best_step(before: Run, after: Run, words: Sequence[Word], start: int, end: int) -> int:
    """How far to move the part words[start:end] that only one side has: negative is towards the beginning."""
    steps = [0]
    for step in range(1, min(before.size, MOST_STEPS) + 1):
        if words[start - step] != words[end - step]:
            break
        steps.append(-step)
    for step in range(1, min(after.size, MOST_STEPS) + 1):
        if words[start + step - 1] != words[end + step - 1]:
            break
        steps.append(step)
    return max(steps, key=lambda step: (_worth(words, start + step), -abs(step)))


def _worth(words: Sequence[Word], start: int) -> int:
    """How well a part that begins here can be read."""
    if start == 0 or "\n" in words[start].lead:
        return 3
    before = words[start - 1].text
    return 3 if before in _SENTENCE_ENDS else 2 if before in _CLAUSE_ENDS else int(words[start].is_word)


# ------------------------------------------------------------------------------------------------------ pieces


def _pieces(runs: Sequence[Run], old: Sequence[Word], new: Sequence[Word]) -> Iterator[Piece]:
    i = j = 0
    tails = _tail(old), _tail(new)
    for run in runs:
        deleted, inserted = old[i : run.i], new[j : run.j]
        leads = old[run.i].lead, new[run.j].lead
        yield from _replacement(deleted, inserted, leads)
        yield from _same(old[run.i : run.old_end], new[run.j : run.new_end], first_lead=leads[0] == leads[1])
        i, j = run.old_end, run.new_end
    yield from _replacement(_body(old)[i:], _body(new)[j:], tails)
    if tails[0] == tails[1] and tails[0]:
        yield plain(Mark.SAME, tails[0])


def _tail(words: Sequence[Word]) -> str:
    return words[-1].lead if words and not words[-1].text else ""


def _replacement(deleted: Sequence[Word], inserted: Sequence[Word], leads: tuple[str, str]) -> Iterator[Piece]:
    """What was there and what came instead; spaces that differ before the next shared word go with them."""
    differs = leads[0] != leads[1]
    if deleted and inserted and deleted[0].lead == inserted[0].lead != "":
        yield plain(Mark.SAME, deleted[0].lead)
        deleted, inserted = _without_lead(deleted), _without_lead(inserted)
    yield from _piece(Mark.DELETED, deleted, more=leads[0] if differs else "")
    yield from _piece(Mark.INSERTED, inserted, more=leads[1] if differs else "")


def _same(old: Sequence[Word], new: Sequence[Word], *, first_lead: bool) -> Iterator[Piece]:
    """Shared words; a space inside that differs is told."""
    start = 0
    for at in range(1, len(new)):
        if old[at].lead != new[at].lead:
            yield from _piece(Mark.SAME, new[start:at], drop_lead=start > 0 or not first_lead)
            yield from _replacement((), (), (old[at].lead, new[at].lead))
            start = at
    yield from _piece(Mark.SAME, new[start:], drop_lead=start > 0 or not first_lead)


def _piece(mark: Mark, words: Sequence[Word], *, drop_lead: bool = False, more: str = "") -> Iterator[Piece]:
    if drop_lead and words:
        words = _without_lead(words)
    text = "".join(word.lead + word.text for word in words) + more
    if text:
        yield Piece(mark, text, mark_safe(_markup(words) + shown(more)))  # noqa: S308 - every word is escaped


def _without_lead(words: Sequence[Word]) -> list[Word]:
    return [Word("", words[0].text, words[0].style), *words[1:]]


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one; in a change all that is deleted comes before all that is inserted."""
    for is_same, group in groupby(pieces, key=lambda piece: piece.mark is Mark.SAME):
        found = list(group)
        for mark in (Mark.SAME,) if is_same else (Mark.DELETED, Mark.INSERTED):
            own = [piece for piece in found if piece.mark is mark]
            if own:
                markup = mark_safe("".join(piece.html for piece in own))  # noqa: S308 - safe pieces put together
                yield Piece(mark, "".join(piece.text for piece in own), markup)


def shown(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")


def _markup(words: Sequence[Word]) -> str:
    out = []
    for style, group in groupby(words, key=lambda word: word.style):
        run = list(group)
        inner = shown(run[0].text + "".join(word.lead + word.text for word in run[1:]))
        out.append(shown(run[0].lead) + _styled(inner, style))
    return "".join(out)


def _styled(inner: str, style: Style) -> str:
    if not inner:
        return ""
    if style.em:
        inner = f"<em>{inner}</em>"
    if style.strong:
        inner = f"<strong>{inner}</strong>"
    return f'<a href="{html.escape(style.address)}">{inner}</a>' if style.address else inner
