"""An agreement as its pages show it: sections with marked words, progress, what is left and what can be done. Pure."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from agreements.document import SectionSource
from agreements.fields import Kind, is_blank, local
from agreements.findings import covered
from agreements.flags import NEVER_WAIVED
from agreements.html import mark
from agreements.models import Flag
from agreements.rules import Left
from contacts.judging import level_heading
from contacts.models import Level

LEVEL_HEADINGS = {level.value: level_heading(level) for level in Level}


@dataclass(frozen=True)
class FlagLine:
    """A flag with the address of what mends it, who can mend it, and whether it is let be for a time."""

    pk: int
    reason: str
    mend: str
    address: str
    link: str
    mender: str
    is_serious: bool
    waived_until: datetime.date | None = None
    waived_reason: str = ""
    can_be_waived: bool = True


@dataclass(frozen=True)
class FlagPiles:
    """The lines of a panel: what is pressing, the serious apart from the rest, and what is let be."""

    serious: list[FlagLine]
    others: list[FlagLine]
    waived: list[FlagLine]

    @classmethod
    def of(cls, lines: Iterable[FlagLine]) -> FlagPiles:
        lines = list(lines)
        pressing = [line for line in lines if line.waived_until is None]
        return cls(
            serious=[line for line in pressing if line.is_serious],
            others=[line for line in pressing if not line.is_serious],
            waived=[line for line in lines if line.waived_until is not None],
        )

    @property
    def pressing(self) -> int:
        return len(self.serious) + len(self.others)


@dataclass
class Progress:
    """One section in the side navigation."""

    key: str
    number: str
    title: str
    address: str
    left: int = 0
    flags: int = 0
    state: str = ""

    @property
    def words(self) -> str:
        """What the icon says, for those who do not see it."""
        flags = f"{self.flags} att rätta" if self.flags else ""
        left = {"left": f"{self.left} kvar", "done": "klart", "open": "valfritt, tomt"}.get(self.state, "")
        return ", ".join(part for part in (left, flags) if part)


@dataclass
class Sheet:
    """One section of the page."""

    key: str
    number: str
    title: str
    locked: SafeString
    blocks: list[dict[str, Any]] = field(default_factory=list)
    edit: str = ""
    talk: str = ""
    """Where it is talked about."""


def section_addresses(version_id: int) -> Callable[..., str]:
    """From a section's key, and the id of a control in it, to the address of its form."""
    start, _, end = reverse("section_edit", args=(version_id, "avsnitt-nyckel")).rpartition("avsnitt-nyckel")
    return lambda key, anchor="": f"{start}{key}{end}#{anchor}" if anchor else f"{start}{key}{end}"


def section_address(version_id: int, key: str, anchor: str = "") -> str:
    return section_addresses(version_id)(key, anchor)


@dataclass(frozen=True)
class Reader:
    """What of the reader changes what is shown of a version.

    editable: may write in this text, now; writes: may write for one of the parties; is_fixed: the text is signed, and
    mended by a new version; reads: the organisations whose contact points may be opened, None for all of them.
    """

    editable: bool
    names: bool
    writes: bool
    is_fixed: bool
    reads: frozenset[int] | None

    def opens(self, organisation: int | None) -> bool:
        return self.reads is None or organisation in self.reads


@dataclass(frozen=True)
class Panel:
    """Where flags are shown: of which version, with what content, on which day, to whom."""

    version: int
    contents: Mapping[str, Mapping[str, Any]]
    on: datetime.date
    reader: Reader


def flag_lines(flags: Iterable[Flag], panel: Panel) -> list[FlagLine]:
    """Serious ones first; each leads to its field when the user may mend it there, else to its place in the text.

    What is said of a contact point may quote its holder, so names are covered for those who see none. What the
    lowest level asks has a page of its own.
    """
    shown = (flag for flag in flags if "level" not in flag.details)
    ordered = sorted(shown, key=lambda flag: (flag.severity != Flag.Severity.SERIOUS, flag.first_seen, flag.pk))
    return [_flag_line(flag, panel) for flag in ordered]


def _flag_line(flag: Flag, panel: Panel) -> FlagLine:
    address, link = _way_to_mend(flag, panel)

    def shown(text: str) -> str:
        return text if panel.reader.names else covered(text, flag.subject, flag.details.get("named", ()))

    waived = flag.is_waived(panel.on)
    return FlagLine(
        pk=flag.pk,
        reason=shown(flag.reason),
        mend=shown(flag.mend),
        address=address,
        link=link,
        mender=shown(_mender(flag)),
        is_serious=flag.severity == Flag.Severity.SERIOUS,
        waived_until=flag.waived_until if waived else None,
        waived_reason=shown(flag.waived_reason) if waived else "",
        can_be_waived=flag.rule not in NEVER_WAIVED,
    )


def _mender(flag: Flag) -> str:
    """The function that can mend it, and whose it is."""
    if flag.organisation is None:
        return ""
    return f"{flag.mender.name}, {flag.organisation.name}" if flag.mender else flag.organisation.name


def _way_to_mend(flag: Flag, panel: Panel) -> tuple[str, str]:
    """The address and the words of the link to it."""
    contact = flag.details.get("contact_point")
    if contact and panel.reader.opens(flag.organisation_id):
        return reverse("contact_point", args=(contact,)), "Öppna kontaktytan"
    if flag.rule == "follow_up_overdue" and panel.reader.writes:
        return reverse("follow_up", args=(panel.version,)), "Anteckna en uppföljning"
    if "attachment" in flag.details:
        return reverse("attachments", args=(panel.version,)), "Öppna de bifogade filerna"
    if flag.rule == "template_behind" and panel.reader.writes:
        return reverse("upgrade", args=(panel.version,)), "Gå över till den nya mallen"
    if panel.reader.editable:
        anchor = field_anchor(str(flag.details.get("field", "")), panel.contents.get(flag.section_key, {}))
        return section_address(panel.version, flag.section_key, anchor), "Rätta här"
    if panel.reader.writes and panel.reader.is_fixed:
        return reverse("new_version", args=(panel.version,)), "Rätta i en ny version"
    return f"{reverse('agreement', args=(panel.version,))}#avsnitt-{flag.section_key}", "Visa i texten"


def field_anchor(path: str, content: Mapping[str, Any]) -> str:
    """The id of the control: "field", or "field.row_id.column" with the row's present place."""
    key, *inner = path.split(".")
    if len(inner) != 2:
        return f"id_{key}" if key else ""
    row_id, column = inner
    rows = content.get(key) or []
    place = next((index for index, row in enumerate(rows) if row.get("id") == row_id), 0)
    return f"id_{key}-{place}-{column}"


def progress(
    sources: Iterable[SectionSource], left: Iterable[Left], flags: Iterable[Flag], address: Callable[[str], str]
) -> list[Progress]:
    """The side navigation: what is left and what is flagged in each section."""
    left_in: Counter[str] = Counter()
    flags_in: Counter[str] = Counter()
    for item in left:
        left_in[item.section] += 1
    for flag in flags:
        flags_in[flag.section_key] += "level" not in flag.details
    rows = []
    for source in sources:
        row = Progress(source.key, source.number, source.title, address(source.key), left_in[source.key])
        row.flags = flags_in[source.key]
        row.state = _state(source, row.left)
        rows.append(row)
    return rows


def _state(source: SectionSource, left: int) -> str:
    if left:
        return "left"
    own = local(source.fields)
    demanded = any(field.required for field in source.fields)
    if not source.fields:
        return "locked"
    filled = any(not is_blank(source.content.get(field.key)) for field in own)
    return "done" if demanded or filled else "open"


def sheets(document: Mapping[str, Any], flags: Iterable[Flag], edit: Callable[[str], str] | None = None) -> list[Sheet]:
    """The document's sections, ready to show: flagged words marked, markup trusted (it was cleaned when saved)."""
    words: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for flag in flags:
        if flag.details.get("words"):
            place = ".".join(str(flag.details["field"]).split(".")[:2])
            words[flag.section_key, place].append(flag.details["words"])
    return [
        Sheet(
            key=section["key"],
            number=section["number"],
            title=section["title"],
            locked=mark_safe(section["locked"]),  # noqa: S308 - cleaned when the template was loaded
            blocks=[_block(block, section["key"], words) for block in section["blocks"]],
            edit=edit(section["key"]) if edit else "",
        )
        for section in document["sections"]
    ]


Words = Mapping[tuple[str, str], list[str]]


def _block(block: Mapping[str, Any], section: str, words: Words) -> dict[str, Any]:
    shown = dict(block)
    own = words.get((section, block["key"]), [])
    if "html" in block:
        shown["html"] = mark_safe(mark(block["html"], own))  # noqa: S308 - cleaned when saved
    elif "text" in block:
        shown["text"] = _marked(block["text"], own)
    elif "items" in block:
        shown["choices"] = shown.pop("items")  # a template reads .items as the dict's own
    elif "rows" in block:
        shown["rows"] = [
            _row(block, row, words.get((section, f"{block['key']}.{row_id}"), []))
            for row, row_id in zip(block["rows"], block["ids"], strict=True)
        ]
    elif "groups" in block:
        shown["groups"] = [{**group, "level": LEVEL_HEADINGS[group["level"]]} for group in block["groups"]]
    return shown


def _row(block: Mapping[str, Any], row: list[str], words: list[str]) -> list[tuple[str, SafeString | str]]:
    """Each cell as (its heading, its text)."""
    cells = [
        (_marked(cell, words) if kind != Kind.DATE else cell) for cell, kind in zip(row, block["kinds"], strict=True)
    ]
    return list(zip(block["columns"], cells, strict=True))


def _marked(text: str, words: list[str]) -> SafeString | str:
    return mark_safe(mark(escape(text, quote=False), words)) if words else text  # noqa: S308 - escaped here
