"""Rich text of the agreements: cleaned on the way in, read as plain text, marked for showing. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final

import nh3

ALLOWED_TAGS: Final = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "h3", "a"})

# What word processors say with other tags than ours
_SAME: Final = {"b": "strong", "i": "em", "div": "p"} | dict.fromkeys(("h1", "h2", "h4", "h5", "h6"), "h3")
_OTHER_NAME: Final = re.compile(rf"<(/?)({'|'.join(_SAME)})(?=[\s/>])", re.IGNORECASE)
# Control characters, bidi controls, zero-width characters, separators and the byte order mark
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_SAFE_ADDRESS: Final = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_LINK_TO_NOWHERE: Final = re.compile(r'<a rel="[^"]*">(.*?)</a>', re.DOTALL)
_TAG: Final = re.compile(r"(<[^<>]*>)")
_BLOCK_END: Final = re.compile(r"</(?:p|li|h3|ul|ol)>|<br>")
_SPACES: Final = re.compile(r"(?:&nbsp;|[ \t\r\n\u00a0]){2,}|[\t\r\n]")
_UNIT: Final = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+\d*);|.", re.DOTALL)
_KNOWN_TAG: Final = re.compile(
    r"</?(?:p|br|strong|em|[biusaq]|[uo]l|li|h[1-6]|div|span|table|tbody|thead|t[rdh]|img|svg|font|blockquote|pre|code|"
    r"script|style|iframe|object|o:p|html|body|meta|link|form|input)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_PASSES: Final = 6


def clean_html(raw: str) -> str:
    """Only paragraphs, lists, headings, emphasis and links remain; pictures, scripts and invisible characters go.

    Cleaning what is clean changes nothing.
    """
    markup = _OTHER_NAME.sub(lambda tag: f"<{tag[1]}{_SAME[tag[2].lower()]}", _INVISIBLE.sub("", raw))
    for _ in range(_PASSES):
        cleaner_still = _clean_once(markup)
        if cleaner_still == markup:
            return markup
        markup = cleaner_still
    return from_plain(plain_text(markup))  # markup that never settles is not worth its form


def _address(tag: str, attribute: str, value: str) -> str | None:
    """Only links out and mail: the scheme is judged after everything invisible is gone."""
    visible = _INVISIBLE.sub("", value).strip()
    return visible if _SAFE_ADDRESS.match(visible) else None


_CLEANER: Final = nh3.Cleaner(
    tags=set(ALLOWED_TAGS),
    clean_content_tags={"script", "style", "title", "noscript", "template", "iframe", "object", "xml", "svg", "math"},
    attributes={"a": {"href"}},
    attribute_filter=_address,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
    strip_comments=True,
)


def _clean_once(markup: str) -> str:
    cleaned = _INVISIBLE.sub("", _CLEANER.clean(markup))
    cleaned = _LINK_TO_NOWHERE.sub(r"\1", cleaned)
    return _SPACES.sub(" ", _without_empty(cleaned)).strip()


def _without_empty(markup: str) -> str:
    """Drop elements that hold nothing to read, however deep, in one pass."""
    kept: list[str] = []
    open_at: list[int] = []
    filled = [True]
    for part in _TAG.split(markup):
        if part.startswith("</"):
            start, full = open_at.pop() if open_at else 0, filled.pop() if len(filled) > 1 else True
            if full:
                kept.append(part)
                filled[-1] = True
            else:
                kept[start:] = [" "] if any(piece.isspace() for piece in kept[start:]) else []
        elif part.startswith("<") and part != "<br>":
            open_at.append(len(kept))
            filled.append(False)
            kept.append(part)
        elif part:
            kept.append(part)
            filled[-1] = filled[-1] or bool(part != "<br>" and part.replace("&nbsp;", " ").strip())
    return "".join(kept)


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


def _level(text: str) -> str:
    return text.replace("\u00a0", " ")


def _pieces(markup: str) -> list[tuple[str, str]]:
    """Each character with its markup, and each tag as what a reader sees of it: nothing, or a new line."""
    pieces: list[tuple[str, str]] = []
    for part in _TAG.split(markup):
        if part.startswith("<"):
            pieces.append(("\n" if _BLOCK_END.match(part) else "", part))
        else:
            pieces.extend((html.unescape(unit), unit) for unit in _UNIT.findall(part))
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
