"""What a printed copy shows, made from its frozen document alone. Pure: no row is asked, so that nothing can differ.

A copy's document is {"text": the agreement (agreements.document), "text_hash", "signatures": […]}; a draft's has no
signatures and "ordered_at".
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from agreements.dates import spelled
from agreements.fields import Kind
from agreements.html import clean_html
from agreements.public_copy import covered_print, is_public
from contacts.judging import level_heading
from contacts.models import Level

WIDEST_TABLE = 6
"""Columns that fit across the page; rows with more are printed one below the other."""
WIDEST_IN_COLUMN = 4
"""Columns that fit in the column of text."""
LONGEST_IN_COLUMN = 28
"""Letters of an address that fit the column for channels on one line."""
PARTS = 25
"""The width of a table is shared in so many parts."""

SHORT_KINDS = frozenset({Kind.LINE, Kind.INTEGER, Kind.DATE, Kind.CHOICE, Kind.FUNCTION})
NOT_STATED = "Ej angivet"
PUBLIC_COPY = (
    "Offentligt exemplar, utan bemanningslista och utan namn på personer i det som parterna har skrivit. "
    "Parterna har arkivexemplaret."
)
EMPTY = mark_safe("")


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Cell:
    text: str
    css: str = ""


@dataclass(frozen=True)
class Table:
    columns: list[Cell]
    rows: list[list[Cell]]
    wide: bool


@dataclass(frozen=True)
class Record:
    """A row with too many columns for a table: its name, and one line per column."""

    name: str
    facts: list[Fact]


@dataclass(frozen=True)
class ContactLevel:
    name: str
    contacts: list[dict[str, Any]]


@dataclass
class Block:
    """One part of a section; `show` chooses the template, and only that kind's content is filled."""

    show: str
    label: str = ""
    html: SafeString = EMPTY
    paragraphs: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    table: Table | None = None
    records: list[Record] = field(default_factory=list)
    levels: list[ContactLevel] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        """Whether it reaches into the margin column, and its heading with it."""
        return self.show == "contacts" or (self.table is not None and self.table.wide)


@dataclass(frozen=True)
class PrintedSection:
    key: str
    number: str
    title: str
    locked: SafeString
    blocks: list[Block]
    new_page: bool


@dataclass(frozen=True)
class PrintedFile:
    """An attached file, told apart from every other by its hash."""

    title: str
    name: str
    facts: list[Fact]


@dataclass(frozen=True)
class Printout:
    title: str
    reference: str
    version: int
    facts: list[Fact]
    parties: list[dict[str, str]]
    cover: PrintedSection | None
    sections: list[PrintedSection]
    signatures: list[dict[str, Any]]
    unsigned: list[dict[str, str]]
    files: list[PrintedFile]
    schema: int
    text_hash: str
    created: str
    authors: list[str]
    draft: bool
    demo: bool
    public: bool = False

    @property
    def clauses(self) -> list[PrintedSection]:
        """The sections whose national clauses are numbered after them, 7.1, 7.2 …"""
        sections = [self.cover, *self.sections] if self.cover else self.sections
        return [section for section in sections if section.number.isdecimal()]


def printout(document: dict[str, Any], *, draft: bool, demo: bool) -> Printout:
    """Everything the templates need."""
    public = is_public(document)
    if public:
        document = covered_print(document)
    text = document["text"]
    signatures = [_signature(row) for row in document["signatures"]]
    signed = {row["party"] for row in signatures}
    sections = list(_sections(text))
    return Printout(
        title=text["title"],
        reference=text["reference"],
        version=text["version"],
        facts=_cover_facts(text, document, draft),
        parties=text["parties"],
        cover=next((section for section in sections if section.key == "cover"), None),
        sections=[section for section in sections if section.key != "cover"],
        signatures=signatures,
        unsigned=[party for party in text["parties"] if party["name"] not in signed],
        files=[_file(file, text) for file in text.get("attachments", ())],
        schema=text["schema"],
        text_hash=document["text_hash"],
        created=max((row["signed_at"] for row in document["signatures"]), default=document.get("ordered_at", "")),
        authors=[party["name"] for party in text["parties"]],
        draft=draft,
        demo=demo,
        public=public,
    )


def _cover_facts(text: dict[str, Any], document: dict[str, Any], draft: bool) -> list[Fact]:
    template = text["template"]
    kind = [Fact("Exemplar", PUBLIC_COPY)] if is_public(document) else []
    return [
        *kind,
        Fact("Beteckning", text["reference"]),
        Fact("Version", str(text["version"])),
        Fact("Status", _status(document, draft)),
        *period_facts(text["period"]),
        Fact("Nationell mall", f"{template['name']} (mallversion {template['number']})"),
    ]


def _status(document: dict[str, Any], draft: bool) -> str:
    last = max((row["signed_at"] for row in document["signatures"]), default="")
    if draft or not last:
        return "Utkast, inte undertecknat av alla parter"
    return f"Undertecknad av alla parter {long_date(last)}"


def period_facts(period: dict[str, Any]) -> list[Fact]:
    """The days and months of section 19, as the cover and the section show them."""
    notice = period["notice_months"]
    return [
        Fact("Gäller från och med", long_date(period["start"]) or NOT_STATED),
        Fact("Gäller till och med", long_date(period["end"]) or "Tills vidare"),
        Fact("Ses över senast", long_date(period["revision"]) or NOT_STATED),
        Fact("Uppsägningstid", f"{notice} månader" if notice is not None else NOT_STATED),
    ]


def _signature(row: dict[str, Any]) -> dict[str, Any]:
    """With what copies made earlier lack, left empty. Of a signature in a file only the day is known."""
    signed_on = long_time(row["signed_at"]) if "T" in row["signed_at"] else long_date(row["signed_at"])
    days = {"signed_on": signed_on, "decided_on": long_date(row["decision_date"])}
    proof, behalf = row.get("proof"), row.get("on_behalf_of")
    proven = f"{proof['words']}, {long_time(proof['at'])}" if proof else ""
    return {"file": None} | row | days | {"proven": proven, "behalf": _behalf(behalf) if behalf else ""}


def _behalf(behalf: dict[str, str]) -> str:
    whose = ", ".join(filter(None, (behalf["name"], behalf["function"])))
    return f"{whose}. Beslut {behalf['decision']}"


def _file(file: dict[str, Any], text: dict[str, Any]) -> PrintedFile:
    titles = {section["key"]: f"{section['number']} {section['title']}" for section in text["sections"]}
    facts = [
        Fact("Filnamn", file["name"]),
        Fact("Hör till", titles.get(file["section"], "Hela överenskommelsen")),
        Fact("Storlek", f"{file['size']} byte"),
        Fact("SHA-256", file["sha256"]),
    ]
    return PrintedFile(file["title"], file["name"], facts)


def _sections(text: dict[str, Any]) -> Iterator[PrintedSection]:
    annexes_begun = False
    for section in text["sections"]:
        is_annex = not section["number"].isdecimal()
        yield PrintedSection(
            key=section["key"],
            number=section["number"],
            title=section["title"],
            locked=own_html(section["locked"]),
            blocks=_blocks(section["blocks"], text),
            new_page=section["key"] == "signatures" or (is_annex and not annexes_begun),
        )
        annexes_begun = annexes_begun or is_annex


def _blocks(blocks: Iterable[dict[str, Any]], text: dict[str, Any]) -> list[Block]:
    """Each field as a block; short answers that follow each other are put together."""
    printed: list[Block] = []
    for block in blocks:
        if block["kind"] in SHORT_KINDS:
            if not printed or printed[-1].show != "facts":
                printed.append(Block("facts"))
            printed[-1].facts.append(Fact(block["label"], _short(block)))
        else:
            printed.append(_block(block, text))
    return printed


def _short(block: dict[str, Any]) -> str:
    text: str = block["text"]
    return long_date(text) if block["kind"] == Kind.DATE else text


def _block(block: dict[str, Any], text: dict[str, Any]) -> Block:
    kind, label = block["kind"], block["label"]
    if kind == Kind.TEXT:
        return Block("text", label, html=own_html(block["html"], below_label=True))
    if kind == Kind.NOTE:
        return Block("note", label, paragraphs=[line for line in block["text"].split("\n") if line.strip()])
    if kind == Kind.CHOICES:
        return Block("items", label, items=block["items"])
    if kind == Kind.ROWS:
        return _rows(block)
    if kind == Kind.CONTACTS:
        return Block("contacts", label, levels=contact_levels(block["groups"]))
    if kind == Kind.PERIOD:
        return Block("facts", label, facts=period_facts(text["period"]))
    return Block(kind, label)


def _rows(block: dict[str, Any]) -> Block:
    """A table without its empty columns, or one record per row when it would be too wide."""
    used = [i for i, _ in enumerate(block["columns"]) if any(row[i] for row in block["rows"])]
    labels = [block["columns"][i] for i in used]
    kinds = [block["kinds"][i] for i in used]
    rows = [[row[i] for i in used] for row in block["rows"]]
    if len(used) > WIDEST_TABLE:
        return Block("records", block["label"], records=[_record(labels, kinds, row) for row in rows])
    css = [_cell_css(kind) for kind in kinds]
    heads = [f"{style} w{parts}".strip() for style, parts in zip(css, widths(labels, kinds, rows), strict=True)]
    table = Table(
        columns=[Cell(label, style) for label, style in zip(labels, heads, strict=True)],
        rows=[[Cell(text, style) for text, style in zip(row, css, strict=True)] for row in rows],
        wide=len(used) > WIDEST_IN_COLUMN,
    )
    return Block("rows", block["label"], table=table)


def _cell_css(kind: str) -> str:
    return {Kind.DATE: "date", Kind.INTEGER: "figure"}.get(Kind(kind), "")


def widths(labels: list[str], kinds: list[str], rows: list[list[str]]) -> list[int]:
    """How many of the parts each column gets: more for longer text, yet never the whole."""
    needs = []
    for i, (label, kind) in enumerate(zip(labels, kinds, strict=True)):
        longest = max(len(label) / 2, 10 if kind == Kind.DATE else 0, *(len(row[i]) for row in rows))
        needs.append(10 + min(30, longest**0.6))
    shares = [need * PARTS / sum(needs) for need in needs]
    parts = [int(share) for share in shares]
    short = sorted(range(len(parts)), key=lambda i: parts[i] - shares[i])
    for i in short[: PARTS - sum(parts)]:
        parts[i] += 1
    return parts


def _record(labels: list[str], kinds: list[str], row: list[str]) -> Record:
    """The first column of free text names the row."""
    named = kinds.index(Kind.LINE) if Kind.LINE in kinds else 0
    facts = [Fact(label, text) for i, (label, text) in enumerate(zip(labels, row, strict=True)) if text and i != named]
    return Record(row[named], facts)


def contact_levels(groups: Iterable[dict[str, Any]]) -> list[ContactLevel]:
    """Contacts by level, each with its party's name."""
    levels: dict[str, list[dict[str, Any]]] = {}
    for group in groups:
        rows = [contact | _mail(contact["mailbox"]) | {"party": group["party"]} for contact in group["contacts"]]
        levels.setdefault(group["level"], []).extend(rows)
    return [ContactLevel(level_heading(Level(level)), rows) for level, rows in levels.items()]


def _mail(address: str) -> dict[str, Any]:
    """The address in two parts, between which a line may end; and nowhere else, if each part fits its column."""
    name, at, domain = address.partition("@")
    fits = max(len(name), len(domain)) <= LONGEST_IN_COLUMN
    return {"mailbox_name": name + at, "mailbox_domain": domain, "mailbox_fits": fits}


_HEADING = re.compile(r"(</?h)3\b")
_LINK = re.compile(r"(<a\b[^>]*>)(.*?)(</a>)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def own_html(raw: str, *, below_label: bool = False) -> SafeString:
    """Rich text, cleaned once more: what is printed never rests on an earlier gate alone."""
    markup = _LINK.sub(_plain_link, clean_html(raw))
    if below_label:
        markup = _HEADING.sub(r"\g<1>4", markup)
    return mark_safe(markup)  # noqa: S308 - clean_html leaves paragraphs, lists, headings, emphasis and links only


def _plain_link(link: re.Match[str]) -> str:
    """Without emphasis inside: the renderer makes each element in a link a link of its own, outside the tag tree."""
    return f"{link[1]}{_TAG.sub('', link[2])}{link[3]}"


def long_date(iso: str | None) -> str:
    """ "2026-11-22" or a time on that day as "22 november 2026"."""
    if not iso:
        return ""
    return spelled(datetime.date.fromisoformat(iso[:10]))


def long_time(iso: str) -> str:
    moment = datetime.datetime.fromisoformat(iso)
    return f"{long_date(iso)} kl. {moment:%H.%M}"
