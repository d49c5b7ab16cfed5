"""Rich text of the agreements: cleaned on the way in, read as plain text, marked for showing. Pure."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable
from typing import Final

import nh3

from agreements.markup import safe_address, tidied

ALLOWED_TAGS: Final = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "h3", "a"})

_TAG: Final = re.compile(r"(<[^<>]*>)")
_BLOCK_END: Final = re.compile(r"</(?:p|li|h3|ul|ol)>|<br>")
_UNIT: Final = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+\d*);|.", re.DOTALL)
_KNOWN_TAG: Final = re.compile(
    r"</?(?:p|br|strong|em|[biusaq]|[uo]l|li|h[1-6]|div|span|table|tbody|thead|t[rdh]|img|svg|font|blockquote|pre|code|"
    r"script|style|iframe|object|o:p|html|body|meta|link|form|input)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_PASSES: Final = 5
_read: Final = functools.lru_cache(maxsize=256)(html.unescape)


def _keep_address(tag: str, attribute: str, value: str) -> str | None:
    return safe_address(value) or None


_CLEANER: Final = nh3.Cleaner(
    tags=set(ALLOWED_TAGS),
    attributes={"a": {"href"}},
    attribute_filter=_keep_address,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,  # no target is allowed, so the new page never holds ours
    strip_comments=True,
)


def clean_html(raw: str) -> str:
    """Only paragraphs, lists, headings, emphasis and links remain; pictures, scripts and invisible characters go.

    Cleaning what is clean changes nothing.
    """
    markup = raw
    for _ in range(_PASSES):
        cleaned = _CLEANER.clean(tidied(markup))
        if cleaned == markup:
            return cleaned
        markup = cleaned
    return from_plain(plain_text(markup))  # markup that never settles is not worth its form


def plain_text(markup: str) -> str:
    """The text a reader sees: the end of a block is a new line, references are resolved."""
    text = html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", markup)))
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def has_markup(text: str) -> bool:
    return _KNOWN_TAG.search(text) is not None


def from_plain(text: str) -> str:
    """Paragraphs out of text without markup: an empty line parts them, a single new line is a break."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    lines = (html.escape(block.strip(), quote=False).replace("\n", "<br>") for block in blocks)
    return "".join(f"<p>{line}</p>" for line in lines if line)


def editable(markup: str) -> str:
    """What a plain textarea shows: text without tags when paragraphs are all there is, else the markup itself."""
    if set(re.findall(r"</?(\w+)", markup)) - {"p", "br"}:
        return markup
    text = markup.replace("</p>", "\n\n").replace("<br>", "\n")
    return html.unescape(_TAG.sub("", text)).strip()


def mark(markup: str, words: Iterable[str], css_class: str = "flagged") -> str:
    """Clean markup with the words in <mark> wherever a reader sees them, also across bold and italic."""
    wanted = sorted({_level(word) for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        return markup
    pieces = _pieces(markup)
    flat = _level("".join(seen for seen, _ in pieces))
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in wanted))
    opening = f'<mark class="{html.escape(css_class)}">'
    marked = {i for found in pattern.finditer(flat) for i in range(*found.span())}
    return _wrap(pieces, marked, opening)


def mark_spans(markup: str, spans: Iterable[tuple[int, int]], css_class: str = "commented") -> str:
    """Clean markup with each span in <mark>, also across bold and italic; spans are places in `readable`."""
    marked = {place for start, end in spans for place in range(start, end)}
    return _wrap(_pieces(markup), marked, f'<mark class="{html.escape(css_class)}">')


def readable(markup: str) -> str:
    """What a reader sees, in which `cover` counts its places."""
    return _level("".join(seen for seen, _ in _pieces(markup)))


def cover(markup: str, spans: Iterable[tuple[int, int]], word: str) -> str:
    """Clean markup with a word in place of each span, also across bold and italic; spans are places in `readable`.

    Links lose their address: it can spell what the text no longer says.
    """
    starts: set[int] = set()
    hidden: set[int] = set()
    for start, end in spans:
        starts.add(start)
        hidden.update(range(start, end))
    out: list[str] = []
    position = 0
    for seen, raw in _pieces(markup):
        if raw.startswith("<"):
            out.append("<a>" if raw.startswith("<a ") else raw)
        elif position in starts:
            out.append(html.escape(word, quote=False))
        elif position not in hidden:
            out.append(raw)
        position += len(seen)
    return "".join(out)


def _level(text: str) -> str:
    return text.replace("\u00a0", " ")


def _pieces(markup: str) -> list[tuple[str, str]]:
    """Each character with its markup, and each tag as what a reader sees of it: nothing, or a new line."""
    pieces: list[tuple[str, str]] = []
    for part in _TAG.split(markup):
        if part.startswith("<"):
            pieces.append(("\n" if _BLOCK_END.match(part) else "", part))
        else:
            units = _UNIT.findall(part)
            pieces.extend((_read(unit) if unit[0] == "&" else unit, unit) for unit in units)
    return pieces


def _wrap(pieces: list[tuple[str, str]], marked: set[int], opening: str) -> str:
    out: list[str] = []
    inside, position = False, 0
    for seen, raw in pieces:
        wanted = position in marked and not raw.startswith("<")
        if wanted != inside:
            out.append(opening if wanted else "</mark>")
            inside = wanted
        out.append(raw)
        position += len(seen)
    return "".join(out) + ("</mark>" if inside else "")
