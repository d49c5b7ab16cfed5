"""The list of what must be decided about a newer template, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from agreements.comparing import compare, template_as_document
from agreements.covering import covered_document
from agreements.gather import Whole
from agreements.models import TemplateSection, UpgradePoint
from agreements.national.upgrade import TAKES_TEXT, is_met
from agreements.redline import redline
from agreements.sheets import section_addresses, sheets

Kind = UpgradePoint.Kind
PILES: Final = {
    Kind.TEXT: (
        "Text som inte fick plats",
        "Mallen har inget fält för den här texten längre. Lägg in den där den hör hemma, eller säg att den kan utgå.",
    ),
    Kind.REQUIRED: ("Nya krav", "Fält som ska fyllas i innan överenskommelsen kan föreslås."),
    Kind.LOCKED: ("Ändrad nationell text", "Läs vad som skiljer, och om er egen text behöver ändras."),
    Kind.ADDED: ("Nya avsnitt", "Läs avsnittet och fyll i det som behövs."),
    Kind.REMOVED: ("Borttagna avsnitt", "De finns inte i mallen längre."),
}


@dataclass(frozen=True)
class PointLine:
    """One thing to decide."""

    point: UpgradePoint
    done: bool
    address: str
    """Where the section is written; empty when it is not in the template any more."""
    was: list[dict[str, Any]] = field(default_factory=list)
    parts: Sequence[Any] = ()
    guidance: SafeString | str = ""


@dataclass
class PointPile:
    kind: str
    title: str
    help: str
    lines: list[PointLine] = field(default_factory=list)

    @property
    def left(self) -> int:
        return sum(not line.done for line in self.lines)


@dataclass(frozen=True)
class UpgradeList:
    """Everything to decide in a version, and how far it has come."""

    piles: list[PointPile]
    done: int
    total: int

    @property
    def left(self) -> int:
        return self.total - self.done


def upgrade_list(whole: Whole, *, names: bool) -> UpgradeList:
    """The points of a version in piles: a constant number of queries."""
    points = list(whole.version.upgrade_points.all())
    sections = {section.key: section for section in whole.template_sections}
    changes = _changes(points, sections, whole)
    address = section_addresses(whole.version.pk)
    piles = {kind: PointPile(kind, title, words) for kind, (title, words) in PILES.items()}
    for point in points:
        section = sections.get(point.section_key)
        piles[Kind(point.kind)].lines.append(
            PointLine(
                point=point,
                done=bool(point.decision) or (point.kind == Kind.REQUIRED and _is_met(whole, section, point)),
                address=_address(address, point, section),
                was=_was(point, names=names),
                parts=changes.get((point.source_id, point.section_key), ()) if point.kind == Kind.LOCKED else (),
                guidance=_guidance(point, section),
            )
        )
    lines = [line for pile in piles.values() for line in pile.lines]
    return UpgradeList([pile for pile in piles.values() if pile.lines], sum(line.done for line in lines), len(lines))


def _is_met(whole: Whole, section: TemplateSection | None, point: UpgradePoint) -> bool:
    written = whole.sections.get(point.section_key)
    return section is None or (written is not None and is_met(section.fields, written.content, point.field_key))


def _address(address: Any, point: UpgradePoint, section: TemplateSection | None) -> str:
    if section is None or not section.definition:
        return ""
    known = point.kind == Kind.REQUIRED and any(row["key"] == point.field_key for row in section.definition)
    return str(address(section.key, f"id_{point.field_key}" if known else ""))


def _was(point: UpgradePoint, *, names: bool) -> list[dict[str, Any]]:
    """The old text as a block of the document, ready to show."""
    if not point.was:
        return []
    whole = {"parties": [], "sections": [{"key": "x", "number": "", "title": "", "locked": "", "blocks": [point.was]}]}
    shown = whole if names else covered_document(whole)
    return sheets(shown, [])[0].blocks


def _guidance(point: UpgradePoint, section: TemplateSection | None) -> SafeString | str:
    if section is None or point.kind not in (Kind.LOCKED, Kind.ADDED):
        return ""
    return mark_safe(section.guidance)  # noqa: S308 - SKR's own text, cleaned when it was saved


def _changes(
    points: Iterable[UpgradePoint], sections: Mapping[str, TemplateSection], whole: Whole
) -> dict[tuple[int, str], Sequence[Any]]:
    """What differs in each changed section, by the template it came from and its key. One query."""
    asked = [point for point in points if point.kind == Kind.LOCKED]
    sources = {point.source_id for point in asked}
    keys = {point.section_key for point in asked}
    template = whole.version.template
    found: dict[tuple[int, str], Sequence[Any]] = {}
    rows = list(TemplateSection.objects.filter(version__in=sources, key__in=keys)) if asked else []
    for source in sources:
        before = [row for row in rows if row.version_id == source]
        after = [sections[row.key] for row in before if row.key in sections]
        documents = (template_as_document(template.number, "", part) for part in (before, after))
        for section in redline(compare(*documents)).sections:
            found[source, section.key] = section.parts
    return found


def places_for_text(sections: Iterable[TemplateSection]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The fields that take text, by section: (its key, heading, [(value, label)])."""
    found = []
    for section in sections:
        fields = [(f"{section.key}.{f.key}", f.label) for f in section.fields if f.kind in TAKES_TEXT]
        if fields:
            found.append((section.key, f"{section.number} {section.title}", fields))
    return found
