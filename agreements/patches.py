"""What changed in a section between two saves, as the one stretch that differs. Pure.

An autosave comes a second after each pause, and keeping the whole text before and after each of them would grow history
a hundredfold. The stretch that differs is enough to walk from any text back to the one before it, to the last letter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

Content = Mapping[str, Any]


class Broken(Exception):
    """The text is not the one that this change led to."""


def written(content: Content) -> str:
    """The content as one text; the same content gives the same text, in whatever order it is kept."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def stretch(before: Content, after: Content) -> tuple[int, str, str]:
    """Where the two part, what stood there and what stands there now."""
    old, new = written(before), written(after)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    return start, old[start : len(old) - end], new[start : len(new) - end]


def _alike(one: str, other: str) -> int:
    """How many letters are the same from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def undone(content: Content, start: int, old: str, new: str) -> dict[str, Any]:
    """The content before a change that led to this one. Raises Broken when it is not what the change led to."""
    text = written(content)
    if text[start : start + len(new)] != new:
        raise Broken
    try:
        found = json.loads(text[:start] + old + text[start + len(new) :])
    except ValueError:
        raise Broken from None
    if not isinstance(found, dict):
        raise Broken
    return found
