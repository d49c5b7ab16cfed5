"""Rich text line by line: paragraphs, headings and list items, each word with its looks. Pure.

Lines that both texts have are found first; what lies between them is paired when it is alike, and compared word by
word. A line that stands elsewhere in the other text, word for word, is told as moved.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from agreements.comparing.common import common_runs
from agreements.comparing.parts import Change, Line, Mark, change_of
from agreements.comparing.words import PLAIN, Style, Word, compare_words, whole, words_of

ALIKE: Final = 0.45
"""How much of the words two lines must share to be one line that was changed."""
MOST_PAIRS: Final = 20_000
"""Pairs of lines that are weighed against each other in one place; beyond that, each with its own neighbour only."""

_TAG: Final = re.compile(r"<(/?)([a-z0-9]+)([^<>]*)>")
_HREF: Final = re.compile(r'href="([^"]*)"')
_SPACES: Final = re.compile(r"\s+")
_LISTS: Final = ("ul", "ol")


@dataclass
class Read:
    """A line as it was read. form: p, h3, ul or ol (an item of such a list), more (a further paragraph of an item)."""

    form: str
    depth: int
    number: int
    words: list[Word] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(word.lead + word.text for word in self.words)


# ----------------------------------------------------------------------------------------------------- reading


class _Reader:
    """Reads clean markup: nothing but what agreements.html lets through."""

    def __init__(self) -> None:
        self.lines: list[Read] = []
        self.lists: list[tuple[str, int]] = []
        self.style = PLAIN
        self.form = "p"
        self.parts: list[tuple[str, Style]] = []

    def read(self, markup: str) -> list[Read]:
        position = 0
        for tag in _TAG.finditer(markup):
            self._text(markup[position : tag.start()])
            self._tag(tag[2], tag[3], closes=bool(tag[1]))
            position = tag.end()
        self._text(markup[position:])
        self._flush()
        return self.lines

    def _text(self, raw: str) -> None:
        if raw:
            self.parts.append((_SPACES.sub(" ", html.unescape(raw)), self.style))

    def _tag(self, name: str, attributes: str, *, closes: bool) -> None:
        if name == "strong":
            self.style = replace(self.style, strong=not closes)
        elif name == "em":
            self.style = replace(self.style, em=not closes)
        elif name == "a":
            found = None if closes else _HREF.search(attributes)
            self.style = replace(self.style, address=html.unescape(found[1]) if found else "")
        elif name == "br":
            self.parts.append(("\n", self.style))
        else:
            self._flush()
            self._block(name, closes=closes)

    def _block(self, name: str, *, closes: bool) -> None:
        if name in _LISTS:
            if closes and self.lists:
                self.lists.pop()
            elif not closes:
                self.lists.append((name, 0))
            self.form = "more" if self.lists else "p"
        elif name == "li" and not closes and self.lists:
            kind, number = self.lists[-1]
            self.lists[-1] = (kind, number + 1)
            self.form = kind
        elif name == "h3":
            self.form = "p" if closes else "h3"

    def _flush(self) -> None:
        words = _words(self.parts)
        self.parts = []
        if any(word.text for word in words):
            numbered = self.form == "ol"
            self.lines.append(Read(self.form, len(self.lists), self.lists[-1][1] if numbered else 0, words))
            if self.form in _LISTS:
                self.form = "more"


def _words(parts: Sequence[tuple[str, Style]]) -> list[Word]:
    """The words of one line; a word that changes looks in its middle is told as two."""
    found: list[Word] = []
    lead = ""
    for text, style in parts:
        *words, end = words_of(text, style)
        if words and lead:
            words[0] = Word(lead + words[0].lead, words[0].text, style)
            lead = ""
        found += words
        lead += end.lead
    if found:
        found[0] = Word(found[0].lead.lstrip(), found[0].text, found[0].style)
    return found


def read(markup: str) -> list[Read]:
    """The lines of clean markup, without space at their ends."""
    return _Reader().read(markup)


# --------------------------------------------------------------------------------------------------- comparing


def compare_rich(old: str, new: str) -> tuple[Line, ...]:
    """Two rich texts, line by line in reading order."""
    if old == new:
        return unchanged(new)
    olds, news = read(old), read(new)
    lines: list[Line] = []
    i = j = 0
    for run in common_runs([line.text for line in olds], [line.text for line in news]):
        lines += _between(olds[i : run.i], news[j : run.j])
        for k in range(run.size):
            lines.append(_same(olds[run.i + k], news[run.j + k]))
        i, j = run.old_end, run.new_end
    lines += _between(olds[i:], news[j:])
    return tuple(_with_moved(lines))


@lru_cache(maxsize=1024)
def unchanged(markup: str) -> tuple[Line, ...]:
    """The lines of a text that is the same in both; the national text is, nearly always."""
    return tuple(_same(line, line) for line in read(markup))


def _same(old: Read, new: Read) -> Line:
    """The same words; what may differ is how they look."""
    notes = looks(old, new)
    pieces = whole(Mark.SAME, new.words)
    change = Change.FORMATTED if notes else Change.SAME
    return Line(change, new.form, new.depth, pieces, new.number, old.number, notes=notes)


def _between(olds: Sequence[Read], news: Sequence[Read]) -> Iterator[Line]:
    """Lines that are not word for word the same: changed ones where two are alike, else removed and added."""
    i = j = 0
    for a, b in [*alike(olds, news), (len(olds), len(news))]:
        yield from (_alone(Change.REMOVED, Mark.DELETED, line) for line in olds[i:a])
        yield from (_alone(Change.ADDED, Mark.INSERTED, line) for line in news[j:b])
        if a < len(olds):
            yield _changed(olds[a], news[b])
        i, j = a + 1, b + 1


def _alone(change: Change, mark: Mark, line: Read) -> Line:
    pieces = whole(mark, line.words)
    now, was = (line.number, 0) if change is Change.ADDED else (0, line.number)
    return Line(change, line.form, line.depth, pieces, now, was)


def _changed(old: Read, new: Read) -> Line:
    pieces = compare_words(old.words, new.words)
    notes = form_notes(old, new)
    change = change_of(pieces)
    if change is not Change.SAME:
        change = Change.CHANGED
    return Line(change, new.form, new.depth, pieces, new.number, old.number, notes=notes)


def alike(olds: Sequence[Read], news: Sequence[Read]) -> list[tuple[int, int]]:
    """Which old line became which new one, in order, so that as much as possible is alike."""
    if not olds or not news:
        return []
    bags = [[_bag(line) for line in lines] for lines in (olds, news)]
    if len(olds) * len(news) > MOST_PAIRS:
        both = zip(bags[0], bags[1], strict=False)
        return [(k, k) for k, (a, b) in enumerate(both) if _likeness(a, b) >= ALIKE]
    return _best_pairs([[_likeness(a, b) for b in bags[1]] for a in bags[0]])


def _bag(line: Read) -> Counter[str]:
    return Counter(word.text for word in line.words if word.is_word)


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """The part of the words that both have, from 0 to 1."""
    size = old.total() + new.total()
    if not size or min(old.total(), new.total()) < ALIKE * size / 2:
        return 0.0
    few, many = (old, new) if len(old) < len(new) else (new, old)
    return 2 * sum(min(count, many[word]) for word, count in few.items() if word in many) / size


def _best_pairs(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs in order with the greatest sum of likeness, none below ALIKE."""
    height, width = len(likeness), len(likeness[0])
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for a in range(height - 1, -1, -1):
        for b in range(width - 1, -1, -1):
            value = likeness[a][b]
            together = best[a + 1][b + 1] + value if value >= ALIKE else 0.0
            best[a][b] = max(together, best[a + 1][b], best[a][b + 1])
    pairs, a, b = [], 0, 0
    while a < height and b < width:
        if likeness[a][b] >= ALIKE and best[a][b] == best[a + 1][b + 1] + likeness[a][b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def _with_moved(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines that are removed in one place and added word for word in another are told as moved."""
    texts = {
        change: Counter(line_text(line) for line in lines if line.change is change)
        for change in (Change.REMOVED, Change.ADDED)
    }
    both = texts[Change.REMOVED] & texts[Change.ADDED]
    left = {change: Counter(both) for change in texts}
    for line in lines:
        if line.change in left and left[line.change][line_text(line)]:
            left[line.change][line_text(line)] -= 1
            line = replace(line, moved=True)
        yield line


def line_text(line: Line) -> str:
    return "".join(piece.text for piece in line.pieces)


# ------------------------------------------------------------------------------------------------------- looks

_FORMS: Final = {"p": "stycke", "h3": "rubrik", "ul": "punkt i lista", "ol": "numrerad punkt", "more": "stycke i lista"}


def looks(old: Read, new: Read) -> tuple[str, ...]:
    """How a line with the same words looks different now, in words."""
    notes = list(form_notes(old, new))
    pairs = set(zip(_styles(old), _styles(new), strict=True)) if old.words != new.words else set()
    for name, word in (("strong", "fetstil"), ("em", "kursiv stil"), ("address", "länk")):
        values = {(getattr(a, name), getattr(b, name)) for a, b in pairs}
        changes = {(bool(a), bool(b)) for a, b in values if a != b}
        notes += [f"{_HOW[change]} {word}" for change in sorted(changes)]
    return tuple(notes)


def _styles(line: Read) -> list[Style]:
    """The looks of each letter, spaces left out."""
    return [word.style for word in line.words for _ in word.text]


_HOW: Final = {(False, True): "ny", (True, False): "borttagen", (True, True): "ändrad"}


def form_notes(old: Read, new: Read) -> tuple[str, ...]:
    if old.form != new.form:
        return (f"{_FORMS[old.form]} har blivit {_FORMS[new.form]}",)
    return ("ändrat indrag",) if old.depth != new.depth else ()
