"""An agreement as its pages show it: sections with marked words, progress, what is left and what can be done. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from agreements.document import SectionSource
from agreements.fields import Kind, is_blank, local
from agreements.html import mark
from agreements.models import Flag
from agreements.rules import Left
from contacts.models import Level
from contacts.rules import without_names

LEVEL_LABELS = dict(Level.choices)


@dataclass(frozen=True)
class FlagLine:
    """A flag with the address of what mends it."""

    reason: str
    mend: str
    address: str
    is_serious: bool
    is_contact: bool


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


def section_addresses(version_id: int) -> Callable[..., str]:
    """From a section's key, and the id of a control in it, to the address of its form."""
    start, _, end = reverse("section_edit", args=(version_id, "avsnitt-nyckel")).rpartition("avsnitt-nyckel")
    return lambda key, anchor="": f"{start}{key}{end}#{anchor}" if anchor else f"{start}{key}{end}"


def section_address(version_id: int, key: str, anchor: str = "") -> str:
    return section_addresses(version_id)(key, anchor)


def flag_lines(
    flags: Iterable[Flag],
    version_id: int,
    contents: Mapping[str, Mapping[str, Any]],
    *,
    editable: bool,
    names: bool,
) -> list[FlagLine]:
    """Serious ones first; each leads to its field when the user may mend it there, else to its place in the text.

    What is said of a contact point may quote its holder, so names are covered for those who see none.
    """
    lines = []
    for flag in sorted(flags, key=lambda flag: (flag.severity != Flag.Severity.SERIOUS, flag.first_seen, flag.pk)):
        contact = flag.details.get("contact_point")
        if contact:
            address = reverse("contact_point", args=(contact,))
        elif editable:
            anchor = field_anchor(str(flag.details.get("field", "")), contents.get(flag.section_key, {}))
            address = section_address(version_id, flag.section_key, anchor)
        else:
            address = f"{reverse('agreement', args=(version_id,))}#avsnitt-{flag.section_key}"
        covered = without_names if contact and not names else str
        serious = flag.severity == Flag.Severity.SERIOUS
        lines.append(FlagLine(covered(flag.reason), covered(flag.mend), address, serious, bool(contact)))
    return lines


def field_anchor(path: str, content: Mapping[str, Any]) -> str:
    """The id of the control: "field", or "field.row_id.column" with the row's present place."""
    key, *inner = path.split(".")
    if len(inner) != 2:
        return f"id_{key}"
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
        flags_in[flag.section_key] += 1
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
        shown["groups"] = [{**group, "level": LEVEL_LABELS[group["level"]]} for group in block["groups"]]
    return shown


def _row(block: Mapping[str, Any], row: list[str], words: list[str]) -> list[tuple[str, SafeString | str]]:
    """Each cell as (its heading, its text)."""
    cells = [
        (_marked(cell, words) if kind != Kind.DATE else cell) for cell, kind in zip(row, block["kinds"], strict=True)
    ]
    return list(zip(block["columns"], cells, strict=True))


def _marked(text: str, words: list[str]) -> SafeString | str:
    return mark_safe(mark(escape(text, quote=False), words)) if words else text  # noqa: S308 - escaped here
