"""How the country stands to the national template: which version, and which sections have local text or differ.

Municipalities are counted, sections are listed in the template's order, and nobody is ranked.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, QuerySet

from agreements.html import clean_html
from agreements.models import Section, TemplateSection, TemplateVersion, Version
from municipalities.models import Organisation
from nationwide.counting import SIGNED, Criteria, Number, filter_rows
from nationwide.rules import Row

ADDITION, DEVIATES, BEHIND = "tillagg", "avviker", "efter"
STANDINGS: Final = {
    ADDITION: "har lokal text",
    DEVIATES: "avviker från den nationella texten",
    BEHIND: "har en äldre nationell text",
}
Parts = Mapping[int, Mapping[str, tuple[str, str, str]]]
"""By template number and section key: number, title and the national text."""


class Asked(NamedTuple):
    """A list of agreements: those on a template, or those of which something holds in a section."""

    mall: int | None = None
    avsnitt: str = ""
    lage: str = ""
    county: str = ""

    def query(self, on: datetime.date | None) -> str:
        pairs = [(name, value) for name, value in [*self._asdict().items(), ("on", on)] if value]
        return "&".join(f"{name}={value}" for name, value in pairs)


@dataclass(frozen=True)
class VersionCount:
    """A template version: how many municipalities, and agreements, stand on it."""

    number: int
    name: str
    municipalities: Number
    agreements: int
    asked: Asked


@dataclass(frozen=True)
class ClauseCount:
    """A section: of how many municipalities' agreements each standing holds. Each cell is (number, what to ask)."""

    number: str
    title: str
    cells: list[tuple[int, Asked]]


def signed_rows(rows: Iterable[Row], county: str) -> list[Row]:
    return filter_rows(rows, SIGNED._replace(county=county))


def version_counts(rows: Sequence[Row], templates: Iterable[tuple[int, str]], county: str) -> list[VersionCount]:
    """Every version that somebody stands on, or could: the newest first."""
    agreements: defaultdict[int, set[int | None]] = defaultdict(set)
    count: Counter[int] = Counter()
    for row in rows:
        agreements[row.template or 0].add(row.agreement)
        count[row.template or 0] += 1
    return [
        VersionCount(
            number,
            name,
            _number(number, count[number], len(rows), county),
            len(agreements[number]),
            Asked(mall=number, county=county),
        )
        for number, name in templates
    ]


def _number(template: int, size: int, of: int, county: str) -> Number:
    criteria = Criteria(status=SIGNED.status, county=county, template=template)
    return Number(f"mall-{template}", f"Mall {template}", size, of, criteria)


def read_parts() -> dict[int, dict[str, tuple[str, str, str]]]:
    """The sections of every published version. One query."""
    found: defaultdict[int, dict[str, tuple[str, str, str]]] = defaultdict(dict)
    rows = TemplateSection.objects.filter(version__published_at__isnull=False).order_by("version__number", "position")
    for template, key, number, title, locked in rows.values_list("version__number", "key", "number", "title", "locked"):
        found[template][key] = (number, title, clean_html(locked))
    return dict(found)


def clause_counts(rows: Sequence[Row], on: datetime.date, county: str, current: int) -> list[ClauseCount]:
    """Each section of the template in force on the day, then those that only older ones have."""
    parts = read_parts()
    added, deviating = additions(on, county), deviating_versions(on)
    behind = {key: on_templates(rows, templates) for key, templates in behind_in(parts, current).items()}
    of_version = Counter(row.version for row in rows)
    lines = {key: part[:2] for number in sorted(parts, reverse=True) for key, part in parts[number].items()}
    ordered = [*parts.get(current, {}), *(key for key in lines if key not in parts.get(current, {}))]
    shown = []
    for key in ordered:
        numbers = (
            added.get(key, 0),
            sum(of_version[version] for version in deviating.get(key, ())),
            len(behind.get(key, ())),
        )
        cells = [(n, Asked(avsnitt=key, lage=s, county=county)) for n, s in zip(numbers, STANDINGS, strict=True)]
        if any(numbers) or key in parts.get(current, {}):
            shown.append(ClauseCount(*lines[key], cells))
    return shown


def with_local_text(on: datetime.date, county: str) -> QuerySet[Section]:
    """The sections with something written in them, once for each municipality that they bind on the day."""
    bound: dict[str, Any] = {
        "version__parties__side": Organisation.Side.MUNICIPALITY,
        "version__parties__in_force__contains": on,
    }
    if county:
        bound["version__parties__organisation__municipality__county"] = county
    return Section.objects.exclude(content={}).filter(**bound).order_by()


def additions(on: datetime.date, county: str) -> dict[str, int]:
    """In how many municipalities' agreements each section has local text. One query, counted by the database."""
    counted = with_local_text(on, county).values_list("key").annotate(of=Count("version__parties__organisation"))
    return dict(counted)


def deviating_versions(on: datetime.date) -> dict[str, set[int]]:
    """The versions in force whose national text is not that of their template, by section; hardly ever any."""
    rows = Version.objects.in_force(on).exclude(locked_hash__in=["", F("template__locked_hash")])
    rows = rows.exclude(template__locked_hash="").select_related("template")
    found: defaultdict[str, set[int]] = defaultdict(set)
    parts = read_parts() if rows else {}
    for version in rows:
        own = parts.get(version.template.number, {})
        for section in (version.frozen or {}).get("sections", ()):
            was = own.get(section["key"])
            if was is None or was[2] != clean_html(section["locked"]):
                found[section["key"]].add(version.pk)
    return dict(found)


def behind_in(parts: Parts, current: int) -> dict[str, set[int]]:
    """For each section the older templates that say something else there than the one in force, or lack it."""
    now = parts.get(current, {})
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, sections in parts.items():
        if number < current:
            for key in {*now, *sections}:
                one, other = sections.get(key), now.get(key)
                if one is None or other is None or one[2] != other[2]:
                    found[key].add(number)
    return dict(found)


def on_templates(rows: Iterable[Row], templates: Iterable[int]) -> list[Row]:
    wanted = set(templates)
    return [row for row in rows if row.template in wanted]


def listed(rows: Sequence[Row], asked: Asked, on: datetime.date, current: int) -> list[Row]:
    """The municipalities behind a number: the same question, asked for names."""
    if asked.lage == ADDITION:
        sections = with_local_text(on, asked.county).filter(key=asked.avsnitt)
        wanted = set(sections.values_list("version__parties__organisation", flat=True))
        return [row for row in rows if row.organisation in wanted]
    if asked.lage == DEVIATES:
        versions = deviating_versions(on).get(asked.avsnitt, set())
        return [row for row in rows if row.version in versions]
    if asked.lage == BEHIND:
        return on_templates(rows, behind_in(read_parts(), current).get(asked.avsnitt, ()))
    return on_templates(rows, [asked.mall] if asked.mall else [])


def versions_on(on: datetime.date) -> list[tuple[int, str]]:
    """The versions that had begun to apply by the day, the newest first."""
    rows = TemplateVersion.objects.published().filter(valid_from__lte=on)
    return list(rows.values_list("number", "name"))
