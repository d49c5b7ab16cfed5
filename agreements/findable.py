"""What can be found of agreements, contact points and organisations: a constant number of queries for many at once."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from agreements.fields import Field, Kind, local
from agreements.html import plain_text
from agreements.models import AgreementContact, AttachedFile, Attachment, Party, Section, TemplateSection, Version
from agreements.models.search import SearchDocument
from agreements.states import State
from contacts.models import ContactPoint, Holder, Level
from municipalities.models import Organisation

EDITION: Final = "1"
"""Raised when what is found is made in another way, so that all of it is made anew."""
LEVELS: Final = dict(Level.choices)
Made = tuple[str, str]
"""A title, and a text with line breaks."""


@dataclass(frozen=True)
class Findable:
    """One thing to be found. `make`: its title and text, asked for only when `source` has changed."""

    kind: str
    at: datetime.datetime
    parties: tuple[int, ...]
    source: tuple[Any, ...]
    make: Callable[[], Made]
    version: int | None = None
    section: str = ""
    attachment: int | None = None
    contact_point: int | None = None
    organisation: int | None = None
    named: str = ""
    """What only those who see names may read and find by: who holds a function."""

    @property
    def place(self) -> tuple[Any, ...]:
        return self.kind, self.version, self.section, self.attachment, self.contact_point, self.organisation

    @cached_property
    def mark(self) -> str:
        told = (EDITION, self.at, self.parties, self.named, *self.source)
        return hashlib.md5(repr(told).encode(), usedforsecurity=False).hexdigest()


@dataclass
class Batch:
    """The rows that some versions' findables are made of."""

    ids: Collection[int]
    parties: defaultdict[int, list[Party]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for party in Party.objects.filter(version__in=self.ids):
            self.parties[party.version_id].append(party)

    def readers(self, version: int) -> tuple[int, ...]:
        return tuple(sorted(party.organisation_id for party in self.parties[version]))


def of_versions(ids: Collection[int]) -> Iterator[Findable]:
    """Everything that can be found of the versions; nothing of one that has been discarded."""
    rows = Version.objects.filter(pk__in=ids).exclude(state=State.DISCARDED).select_related("agreement")
    versions = {version.pk: version for version in rows.defer("frozen")}
    batch = Batch(versions)
    yield from (_agreement(version, batch) for version in versions.values())
    yield from _sections(versions, batch)
    yield from _attachments(batch)


def _agreement(version: Version, batch: Batch) -> Findable:
    parties = batch.parties[version.pk]
    lines = [
        version.agreement.reference,
        *(_joined(party.name, party.unit, party.case_number, party.signing_function) for party in parties),
    ]
    return Findable(
        kind=SearchDocument.Kind.AGREEMENT,
        version=version.pk,
        at=version.state_since,
        parties=batch.readers(version.pk),
        source=(version.title, *lines),
        make=lambda: (version.title, "\n".join(lines)),
    )


def _sections(versions: Mapping[int, Version], batch: Batch) -> Iterator[Findable]:
    places = {version.template_id for version in versions.values()}
    templates = {ts.pk: ts for ts in TemplateSection.objects.filter(version__in=places).defer("guidance", "locked")}
    columns = ("version_id", "key", "template_section_id", "content", "content_hash", "changed_at")
    for version, key, ts, content, digest, at in (
        Section.objects.filter(version__in=versions).exclude(content={}).values_list(*columns)
    ):
        yield _section(versions[version], batch, key, templates[ts], content, (digest,), at)
    chosen = _chosen(versions)
    for version, (ts, lines) in chosen.items():
        if ts in templates and lines:
            yield _contacts(versions[version], batch, templates[ts], tuple(lines))


def _section(
    version: Version,
    batch: Batch,
    key: str,
    ts: TemplateSection,
    content: Mapping[str, Any],
    source: tuple[str, ...],
    at: datetime.datetime | None,
) -> Findable:
    return Findable(
        kind=SearchDocument.Kind.SECTION,
        version=version.pk,
        section=key,
        at=at or version.created_at,
        parties=batch.readers(version.pk),
        source=(ts.pk, *source),
        make=lambda: (f"{ts.number} {ts.title}", "\n".join(text_of(ts.fields, content))),
    )


def _contacts(version: Version, batch: Batch, ts: TemplateSection, lines: tuple[str, ...]) -> Findable:
    """Section 7, whose contact points stand in a table of their own."""
    return Findable(
        kind=SearchDocument.Kind.SECTION,
        version=version.pk,
        section=ts.key,
        at=version.state_since,
        parties=batch.readers(version.pk),
        source=(ts.pk, *lines),
        make=lambda: (f"{ts.number} {ts.title}", "\n".join(lines)),
    )


def _chosen(versions: Collection[int]) -> dict[int, tuple[int, list[str]]]:
    """The contact points that each version rests on, and the section of its template that they stand in."""
    sections = Section.objects.filter(version__in=versions, key="contacts", content={})
    found: dict[int, tuple[int, list[str]]] = {
        version: (ts, []) for version, ts in sections.values_list("version_id", "template_section_id")
    }
    rows = AgreementContact.objects.filter(version__in=found).order_by("version_id", "position", "pk")
    for row in rows.select_related("contact_point__function", "party"):
        point = row.contact_point
        line = _joined(f"{LEVELS[row.level]}: {point.name}", point.unit, row.party.name, point.mailbox, point.phone)
        found[row.version_id][1].append(line)
    return found


def text_of(fields: tuple[Field, ...], content: Mapping[str, Any]) -> Iterator[str]:
    """What has been filled in locally, as a reader sees it; national text is the same everywhere and not searched."""
    for spec in local(fields):
        value: Any = content.get(spec.key)
        if value in (None, "", []):
            continue
        if spec.kind is Kind.ROWS:
            yield from (_joined(*(_cell(column, row.get(column.key)) for column in spec.columns)) for row in value)
        elif spec.kind is Kind.CHOICES:
            yield ", ".join(spec.option_label(item) for item in value)
        else:
            yield _cell(spec, value)


def _cell(spec: Field, value: Any) -> str:
    if value is None:
        return ""
    if spec.kind is Kind.TEXT:
        return plain_text(str(value))
    return spec.option_label(str(value)) if spec.kind is Kind.CHOICE else str(value)


def _attachments(batch: Batch) -> Iterator[Findable]:
    """Attached files by title, name and text; a file's text is read from the database only when it is new."""
    rows = Attachment.objects.filter(version__in=batch.ids).exclude(file__status=AttachedFile.Status.REFUSED)
    for row in rows.with_files():
        version = row.version_id or 0
        yield Findable(
            kind=SearchDocument.Kind.ATTACHMENT,
            version=version,
            section=row.section_key,
            attachment=row.pk,
            at=row.added_at,
            parties=batch.readers(version),
            source=(row.title, row.name, row.file.sha256, row.file.status, row.file.read_at),
            make=_read_file(row),
        )


def _read_file(attachment: Attachment) -> Callable[[], Made]:
    def made() -> Made:
        text = AttachedFile.objects.values_list("text", flat=True).get(pk=attachment.file_id)
        return attachment.title, _joined_lines(attachment.name, text)

    return made


# ----------------------------------------------------------------------------------------- the organisations' own


def of_contact_points(ids: Collection[int]) -> Iterator[Findable]:
    """Contact points as their organisation's register shows them; who holds one is for those who see names."""
    rows = ContactPoint.objects.active().filter(pk__in=ids).select_related("function", "organisation")
    holders = dict(
        Holder.objects.filter(contact_point__in=ids, to_date__isnull=True).values_list("contact_point", "name")
    )
    for point in rows:
        yield _contact_point(point, holders.get(point.pk, ""))


def _contact_point(point: ContactPoint, holder: str) -> Findable:
    text = _joined(point.organisation.name, point.unit, point.mailbox, point.phone, point.sdk_address)
    return Findable(
        kind=SearchDocument.Kind.CONTACT,
        contact_point=point.pk,
        organisation=point.organisation_id,
        at=point.created_at,
        parties=(point.organisation_id,),
        source=(point.name, text),
        make=lambda: (point.name, text),
        named=f"Innehavare: {holder}" if holder else "",
    )


def of_organisations(ids: Collection[int]) -> Iterator[Findable]:
    rows = Organisation.objects.filter(pk__in=ids).select_related("municipality__county", "parent")
    for organisation in rows:
        yield _organisation(organisation)


def _organisation(organisation: Organisation) -> Findable:
    municipality = getattr(organisation, "municipality", None)
    text = _joined(municipality.county.name if municipality else "", organisation.org_number)
    return Findable(
        kind=SearchDocument.Kind.ORGANISATION,
        organisation=organisation.pk,
        at=BEGINNING,
        parties=(organisation.pk,),
        source=(organisation.name, text),
        make=lambda: (organisation.name, text),
    )


BEGINNING: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""Organisations have no day of their own, and stand after what has."""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _joined_lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def places_of(findables: Iterable[Findable]) -> dict[tuple[Any, ...], Findable]:
    return {findable.place: findable for findable in findables}
