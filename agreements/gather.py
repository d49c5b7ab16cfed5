"""Reads a version's rows into the plain data that rules and documents work on: a constant number of queries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from agreements.document import ContactLine, Document, FileLine, Head, PartyLine, SectionSource, assemble, text_hash
from agreements.models import (
    AgreementContact,
    Attachment,
    Flag,
    Party,
    Section,
    TemplateSection,
    TemplateVersion,
    Version,
)
from agreements.rules import Left, left_before_proposing
from agreements.states import State
from contacts.models import ContactPoint, Level


@lru_cache(maxsize=16)
def _published(template_id: int, published_at: datetime.datetime) -> list[TemplateSection]:
    """A published template version never changes, so each process reads it once."""
    return list(TemplateSection.objects.filter(version_id=template_id))


def sections_of(template: TemplateVersion) -> list[TemplateSection]:
    """The sections of a template version, in order."""
    return template_sections(template.pk, template.published_at)


def template_sections(template_id: int, published_at: datetime.datetime | None) -> list[TemplateSection]:
    """The same, when no more is known of the version. Those of a draft are read anew each time."""
    if published_at is None:
        return list(TemplateSection.objects.filter(version_id=template_id))
    return _published(template_id, published_at)


@dataclass
class Whole:
    """A version with everything that belongs to it, each part read once."""

    version: Version

    @cached_property
    def parties(self) -> list[Party]:
        return list(self.version.parties.select_related("signature"))

    @cached_property
    def template_sections(self) -> list[TemplateSection]:
        return sections_of(self.version.template)

    def template_section(self, key: str) -> TemplateSection:
        return next(section for section in self.template_sections if section.key == key)

    @cached_property
    def sections(self) -> dict[str, Section]:
        return {section.key: section for section in self.version.sections.all()}

    @cached_property
    def contacts(self) -> list[AgreementContact]:
        """By level (strategic first), then party, then the order chosen."""
        rows = self.version.contacts.select_related(
            "contact_point__function", "contact_point__deputy__function", "party"
        )
        place = {level: index for index, level in enumerate(Level.values)}
        return sorted(rows, key=lambda row: (place[row.level], row.party.position, row.party_id, row.position, row.pk))

    @cached_property
    def attachments(self) -> list[Attachment]:
        """In the order they were added."""
        return list(self.version.attachments.with_files())

    @cached_property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(party.organisation_id for party in self.parties)

    @cached_property
    def party_lines(self) -> list[PartyLine]:
        return [party_line(party) for party in self.parties]

    @cached_property
    def contact_lines(self) -> list[ContactLine]:
        return [contact_line(row.contact_point, row.level, row.party.name) for row in self.contacts]

    @cached_property
    def sources(self) -> list[SectionSource]:
        contents = {key: section.content for key, section in self.sections.items()}
        return [section_source(ts, contents.get(ts.key, {})) for ts in self.template_sections]

    @cached_property
    def reached(self) -> set[tuple[str, str]]:
        """Level and party's name of every chosen contact point: all that is asked of them to tell what is left."""
        return set(self.version.contacts.order_by().values_list("level", "party__name"))

    @cached_property
    def open_flags(self) -> list[Flag]:
        """With who can mend them."""
        rows = Flag.objects.open().filter(version=self.version)
        return list(rows.select_related("organisation", "mender__function"))

    @cached_property
    def left(self) -> list[Left]:
        version = self.version
        return left_before_proposing(
            self.sources,
            self.party_lines,
            self.reached,
            version.period_start,
            version.period_end,
            version.revision_date,
        )

    @cached_property
    def current_hash(self) -> str:
        """The SHA-256 of the text as it stands."""
        return self.version.text_hash if self.version.is_frozen else text_hash(self.document)

    @cached_property
    def document(self) -> Document:
        """The frozen text when there is one, else the text as it stands now."""
        frozen: Document | None = self.version.frozen if self.version.is_frozen else None
        if frozen is not None:
            return frozen
        files = [file_line(attachment) for attachment in self.attachments]
        return assemble(head(self.version), self.party_lines, self.sources, self.contact_lines, files)


def gather_all(versions: Iterable[Version]) -> list[Whole]:
    """Several versions with their parties, and what tells what is left in the drafts: three queries, however many."""
    wholes = {version.pk: Whole(version) for version in versions}
    for whole in wholes.values():
        whole.parties = []
    for party in Party.objects.filter(version__in=wholes):
        wholes[party.version_id].parties.append(party)
    _gather_drafts({pk: whole for pk, whole in wholes.items() if whole.version.state == State.DRAFT})
    return list(wholes.values())


def _gather_drafts(wholes: Mapping[int, Whole]) -> None:
    """Plain values, since what is left asks for little of many rows."""
    contents: defaultdict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    reached: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    sections = Section.objects.filter(version__in=wholes).exclude(content={})
    for version, key, content in sections.values_list("version_id", "key", "content"):
        contents[version][key] = content
    contacts = AgreementContact.objects.filter(version__in=wholes).order_by()
    for version, level, party in contacts.values_list("version_id", "level", "party__name"):
        reached[version].add((level, party))
    for pk, whole in wholes.items():
        whole.sources = [section_source(ts, contents[pk].get(ts.key, {})) for ts in whole.template_sections]
        whole.reached = reached[pk]


def head(version: Version) -> Head:
    def iso(day: object) -> str | None:
        return str(day) if day else None

    return Head(
        reference=version.agreement.reference,
        version=version.number,
        title=version.title,
        template_number=version.template.number,
        template_name=version.template.name,
        start=iso(version.period_start),
        end=iso(version.period_end),
        revision=iso(version.revision_date),
        notice_months=version.notice_months,
    )


def party_line(party: Party) -> PartyLine:
    return PartyLine(
        side=party.side,
        name=party.name,
        unit=party.unit,
        org_number=party.org_number,
        case_number=party.case_number,
        signing_function=party.signing_function,
    )


def contact_line(point: ContactPoint, level: str, party_name: str) -> ContactLine:
    return ContactLine(
        level=level,
        party=party_name,
        function=point.name,
        unit=point.unit,
        mailbox=point.mailbox,
        phone=point.phone,
        sdk_address=point.sdk_address,
        postal_address=point.postal_address,
        deputy=point.deputy.name if point.deputy else "",
    )


def file_line(attachment: Attachment) -> FileLine:
    file = attachment.file
    return FileLine(attachment.title, attachment.name, attachment.section_key, file.kind, file.size, file.sha256)


def section_source(template_section: TemplateSection, content: dict[str, Any]) -> SectionSource:
    return SectionSource(
        key=template_section.key,
        number=template_section.number,
        title=template_section.title,
        locked=template_section.locked,
        fields=template_section.fields,
        content=content,
    )
