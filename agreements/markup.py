"""Reads markup of any origin, however broken, and writes it anew as few, well-formed, shallow elements. Pure, linear.

This makes text from word processors tidy and bounds the work of the real cleaner, whose parser is slow on deep
nesting. It is not the safeguard: agreements.html lets nothing out that the cleaner has not passed.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections import defaultdict
from typing import Final

DEEPEST: Final = 40
"""Elements within elements; deeper lists continue on the level they have reached."""

_OURS: Final = (
    dict.fromkeys(("p", "div", "tr", "blockquote", "section", "article", "pre", "dt", "dd", "caption"), "p")
    | dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "h3")
    | {"b": "strong", "strong": "strong", "i": "em", "em": "em", "a": "a", "br": "br"}
    | {"ul": "ul", "ol": "ol", "li": "li", "td": " ", "th": " "}
)
_LEAVES: Final = frozenset({"p", "h3"})
_LISTS: Final = frozenset({"ul", "ol"})
_INLINE: Final = frozenset({"strong", "em", "a"})

_DROPPED: Final = "script|style|title|noscript|template|iframe|object|xml|svg|math"
_TOKEN: Final = re.compile(
    rf"(?P<comment><!--)|<[!?][^<>]*>|<(?P<dropped>{_DROPPED})\b[^<>]*>"
    r"|<(?P<end>/?)(?P<name>[a-z][^\s<>/]*)(?P<attributes>[^<>]*)>",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(rf"(?P<comment>-->)|</(?P<dropped>{_DROPPED})\s*>", re.IGNORECASE)
_HREF: Final = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_ADDRESS: Final = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)
_SPACES: Final = re.compile(r"[ \t\r\n\f\u00a0]{2,}|[\t\r\n\f]")


def without_invisible(text: str) -> str:
    """Control characters, bidi controls, zero-width characters and the like, which can hide what a text says."""
    return _INVISIBLE.sub("", text)


def safe_address(raw: str) -> str:
    """A web or mail address, or nothing; judged after everything invisible is gone."""
    address = without_invisible(html.unescape(raw)).strip()
    return address if _ADDRESS.fullmatch(address) else ""


def tidied(raw: str) -> str:
    writer = _Writer()
    closings = _Closings(raw)
    position = 0
    while token := _TOKEN.search(raw, position):
        unread = token["comment"] or token["dropped"]
        after = closings.after(unread, token.end()) if unread else token.end()
        writer.text(raw[position : token.end() if after is None else token.start()])
        position = token.end() if after is None else after
        if unread:
            continue
        name = _OURS.get((token["name"] or "").lower())
        if name == " ":
            writer.text(" ")
        elif name and token["end"]:
            writer.end(name)
        elif name:
            writer.start(name, token["attributes"])
    writer.text(raw[position:])
    return writer.finish()


class _Closings:
    """Where comments and elements that are not read end. One that never ends is text: nothing typed is lost with it."""

    def __init__(self, raw: str) -> None:
        self.places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for token in _CLOSING.finditer(raw):
            self.places[(token["dropped"] or "<!--").lower()].append(token.span())

    def after(self, opened: str, position: int) -> int | None:
        """The place behind the first closing of what was opened, at or after a position."""
        places = self.places[opened.lower()]
        following = bisect_left(places, (position, 0))
        return places[following][1] if following < len(places) else None


class _Writer:
    """Keeps paragraphs out of paragraphs, items in lists and text in blocks; what holds nothing to read goes."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.open: list[tuple[str, int]] = []
        self.filled: list[bool] = [True]

    def text(self, raw: str) -> None:
        text = _SPACES.sub(" ", without_invisible(html.unescape(raw)))
        if self._at_edge():
            text = text.lstrip(" ")
        if not text:
            return
        self._place()
        self.filled[-1] = self.filled[-1] or not text.isspace()
        self.out.append(html.escape(text, quote=False))

    def start(self, name: str, attributes: str) -> None:
        if name == "br":
            if not self._at_edge():
                self.out.append("<br>")
        elif name == "a":
            self._start_link(attributes)
        elif name in _INLINE:
            if not self._has(name):
                self._place()
                self._push(name)
        elif name == "li":
            self._start_item()
        else:
            self._start_block(name)

    def _start_link(self, attributes: str) -> None:
        given = _HREF.search(attributes)
        address = safe_address(next((value for value in given.groups() if value), "")) if given else ""
        if address and not self._has("a"):
            self._place()
            self._push("a", f'<a href="{html.escape(address)}">')

    def _start_item(self) -> None:
        while self.open and self.open[-1][0] not in _LISTS:
            self._pop()
        if not self.open:
            self._push("ul")
        self._push("li")

    def _start_block(self, name: str) -> None:
        while self.open and self.open[-1][0] in _LEAVES | _INLINE:
            self._pop()
        if name in _LISTS and len(self.open) > DEEPEST:
            return
        if self.open and self.open[-1][0] in _LISTS:
            self._push("li")
        self._push(name)

    def end(self, name: str) -> None:
        if self._has(name):
            while self._pop() != name:
                pass

    def finish(self) -> str:
        while self.open:
            self._pop()
        return "".join(self.out).strip()

    def _has(self, name: str) -> bool:
        return any(name == each for each, _ in self.open)

    def _at_edge(self) -> bool:
        """Whether nothing stands yet on this line of this block."""
        last = self.out[-1] if self.out else "</p>"
        return last == "<br>" or (last.startswith("<") and last.strip("</>") in _LEAVES | _LISTS | {"li"})

    def _place(self) -> None:
        """Text and inline elements need a block to stand in."""
        if not self.open:
            self._push("p")
        elif self.open[-1][0] in _LISTS:
            self._push("li")

    def _push(self, name: str, tag: str = "") -> None:
        self.open.append((name, len(self.out)))
        self.filled.append(False)
        self.out.append(tag or f"<{name}>")

    def _pop(self) -> str:
        name, start = self.open.pop()
        if name not in _INLINE:
            self._trim(start)
        if self.filled.pop():
            self.out.append(f"</{name}>")
            self.filled[-1] = True
        else:
            blank = any(piece.isspace() for piece in self.out[start:])
            del self.out[start:]
            if blank and name in _INLINE:
                self.text(" ")
        return name

    def _trim(self, start: int) -> None:
        """No space or break before the end of a block."""
        while len(self.out) > start + 1 and (self.out[-1] == "<br>" or self.out[-1].isspace()):
            self.out.pop()
        if len(self.out) > start + 1:
            self.out[-1] = self.out[-1].rstrip(" ")
