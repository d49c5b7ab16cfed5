"""What the checks need to know of many versions at once: the queries do not grow with them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from agreements.document import SectionSource
from agreements.flags import CheckedContact
from agreements.gather import section_source
from agreements.models import AgreementContact, Flag, Section, TemplateSection, VerdictPeriod, Version
from contacts.judging import contact_facts
from contacts.models import ContactPoint, Holder

FlagKey = tuple[str, str]
"""Rule and subject: at most one flag of them is open in a version."""


@dataclass(frozen=True)
class Evidence:
    """Everything about one version that the check looks at, and what was found the last time."""

    version: Version
    sources: list[SectionSource]
    contacts: list[CheckedContact]
    flags: dict[FlagKey, Flag]
    verdict: VerdictPeriod | None


def read_evidence(versions: Collection[Version], *, today: datetime.date) -> list[Evidence]:
    """The evidence of each version, in the order given."""
    ids = [version.pk for version in versions]
    sources, contacts, flags = _sources(versions), _contacts(ids, today), _open_flags(ids)
    verdicts = {row.version_id: row for row in VerdictPeriod.objects.filter(version__in=ids, until__isnull=True)}
    return [
        Evidence(version, sources[version.pk], contacts[version.pk], flags[version.pk], verdicts.get(version.pk))
        for version in versions
    ]


def _sources(versions: Collection[Version]) -> dict[int, list[SectionSource]]:
    """Each version's sections with local content; locked text is national and not checked."""
    templates = {version.template_id for version in versions}
    by_id = {ts.pk: ts for ts in TemplateSection.objects.filter(version__in=templates).defer("guidance")}
    found: defaultdict[int, list[SectionSource]] = defaultdict(list)
    rows = Section.objects.filter(version__in=[version.pk for version in versions]).exclude(content={})
    for section in rows.only("version_id", "template_section_id", "content").order_by("version_id", "pk"):
        found[section.version_id].append(section_source(by_id[section.template_section_id], section))
    return found


def _contacts(version_ids: list[int], today: datetime.date) -> dict[int, list[CheckedContact]]:
    """A contact point that many versions rest on is read and described once."""
    rows = list(
        AgreementContact.objects.filter(version__in=version_ids)
        .order_by("version_id", "position", "pk")
        .values_list("version_id", "contact_point_id", "party__name")
    )
    points = _points({point for _version, point, _party in rows}, today)
    found: defaultdict[int, dict[int, CheckedContact]] = defaultdict(dict)
    for version, pk, party in rows:
        point, holders = points[pk]
        found[version][pk] = CheckedContact(pk, point.name, party, contact_facts(point, holders))
    return defaultdict(list, {version: list(of_version.values()) for version, of_version in found.items()})


def _points(ids: Iterable[int], today: datetime.date) -> dict[int, tuple[ContactPoint, list[Holder]]]:
    points = ContactPoint.objects.select_related("function", "organisation").in_bulk(list(ids))
    holders: defaultdict[int, list[Holder]] = defaultdict(list)
    for holder in Holder.objects.current(today).filter(contact_point__in=list(points)):
        holders[holder.contact_point_id].append(holder)
    return {pk: (point, holders[pk]) for pk, point in points.items()}


def _open_flags(version_ids: list[int]) -> dict[int, dict[FlagKey, Flag]]:
    flags: defaultdict[int, dict[FlagKey, Flag]] = defaultdict(dict)
    for flag in Flag.objects.open().filter(version__in=version_ids):
        flags[flag.version_id][flag.rule, flag.subject] = flag
    return flags
