"""Drafting the national template: one draft at a time, begun as a copy of the newest version."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.db import transaction

from agreements.fields import parse
from agreements.html import clean_html, plain_text
from agreements.models import TemplateSection, TemplateVersion
from agreements.national.definition import InvalidDefinition, Known, checked, key_of, paths
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused, Stale
from contacts.history import record
from contacts.models import User
from contacts.rules import IDENTITY_NUMBER, clean_line, identity_complaints

LONGEST_TEXT = 100_000
"""Characters of guidance or national text, counted with its markup."""
MOST_SECTIONS = 60
_ASIDE = 10_000
"""Where sections stand while they change places, since two never share one."""


@dataclass(frozen=True)
class Facts:
    """What is written of a template version as a whole."""

    name: str
    note: str
    news: str


@dataclass(frozen=True)
class OutlineRow:
    """A section in the outline. key: that of one which is there already."""

    number: str
    title: str
    key: str = ""


@dataclass(frozen=True)
class SectionChange:
    """What is written in a section of a draft; fields as stored, keys left out for new ones."""

    guidance: str
    locked: str
    fields: Sequence[Mapping[str, Any]]


def facts_of(version: TemplateVersion) -> Facts:
    return Facts(version.name, version.note, version.news)


@transaction.atomic
def start_draft(*, by: User) -> TemplateVersion:
    """A copy of the newest version to write in. Raises Refused when there is a draft already."""
    demand_editor(by)
    newest = TemplateVersion.objects.select_for_update(of=("self",)).order_by("-number").first()
    if TemplateVersion.objects.drafts().exists():  # asked anew: another may have begun while this one waited
        raise Refused("Det finns redan ett utkast. Publicera eller kasta det först.")
    number = newest.number + 1 if newest else 1
    draft = TemplateVersion.objects.create(
        number=number,
        name=f"Nationell mall för överenskommelse, version {number}",
        note=newest.note if newest else "",
    )
    if newest:
        TemplateSection.objects.bulk_create(copies_of(newest, draft))
    after = {"number": number, "copy_of": newest.number if newest else None}
    record("template.started", by=by, subject=draft.subject, after=after)
    return draft


def copies_of(version: TemplateVersion, draft: TemplateVersion) -> list[TemplateSection]:
    """The sections of one version as sections of another, not saved yet."""
    return [
        TemplateSection(
            version=draft,
            key=section.key,
            number=section.number,
            position=section.position,
            title=section.title,
            guidance=section.guidance,
            locked=section.locked,
            definition=section.definition,
        )
        for section in version.sections.all()
    ]


@transaction.atomic
def save_facts(*, by: User, number: int, facts: Facts, revision: int) -> TemplateVersion:
    """Name, note and what is new. Raises Stale, Refused, NotAllowed or TemplateVersion.DoesNotExist."""
    draft = lock_draft(number, by=by, revision=revision)
    before, facts = facts_of(draft), replace(facts, name=clean_line(facts.name))
    if before == facts:
        return draft
    if not facts.name:
        raise Refused("Ge mallen ett namn.")
    for complaint in identity_complaints(asdict(facts)).values():
        raise Refused(complaint)
    draft.name, draft.note, draft.news = facts.name, facts.note, facts.news
    _touch(draft, "name", "note", "news")
    record("template.facts_saved", by=by, subject=draft.subject, before=asdict(before), after=asdict(facts))
    return draft


@transaction.atomic
def save_outline(
    *, by: User, number: int, rows: Sequence[OutlineRow], seen: Mapping[str, int], revision: int
) -> TemplateVersion:
    """Which sections there are, in which order, with which numbers and titles.

    seen: the section's revision that was shown, so that one is not removed after somebody has written in it. Raises
    InvalidDefinition ("index.number"), Stale, Refused, NotAllowed or TemplateVersion.DoesNotExist.
    """
    draft = lock_draft(number, by=by, revision=revision)
    sections = {section.key: section for section in draft.sections.all()}
    rows = _checked_outline(rows, sections)
    gone = [section for key, section in sections.items() if key not in {row.key for row in rows}]
    for section in gone:
        if seen.get(section.key) != section.revision:
            raise Stale(draft)
    before = [_outline_line(section) for section in sections.values()]
    after = [{"key": row.key, "number": row.number, "title": row.title} for row in rows]
    if before == after:
        return draft
    TemplateSection.objects.filter(pk__in=[section.pk for section in gone]).delete()
    _place(draft, rows, sections)
    _touch(draft)
    removed = [{"key": s.key, "locked": s.locked, "guidance": s.guidance, "fields": s.definition} for s in gone]
    record(
        "template.outline_saved",
        by=by,
        subject=draft.subject,
        before={"sections": before, "removed": removed},
        after={"sections": after},
    )
    return draft


SECTION_NUMBER: Final = re.compile(r"0|B?[1-9][0-9]?")
"""Of a section, or with a B of an annex."""


def _outline_line(section: TemplateSection) -> dict[str, str]:
    return {"key": section.key, "number": section.number, "title": section.title}


def _checked_outline(rows: Sequence[OutlineRow], sections: Mapping[str, TemplateSection]) -> list[OutlineRow]:
    """The rows cleaned, new ones with a key. Raises InvalidDefinition."""
    errors: dict[str, str] = {}
    taken = set(sections)
    found: list[OutlineRow] = []
    for index, row in enumerate(rows):
        number, title = clean_line(row.number), clean_line(row.title)
        if not SECTION_NUMBER.fullmatch(number):
            errors[f"{index}.number"] = (
                "Skriv ett tal, till exempel 4, eller B och ett tal för en bilaga, till exempel B2."
            )
        elif clash := next((other for other in found if other.number == number), None):
            errors[f"{index}.number"] = f"Numret står redan på {clash.title or 'ett annat avsnitt'}."
        if complaint := _title_complaint(title):
            errors[f"{index}.title"] = complaint
        if row.key and (row.key not in sections or row.key in {other.key for other in found}):
            errors[f"{index}.title"] = "Avsnittet finns inte längre. Ta bort raden och lägg till avsnittet på nytt."
        key = row.key or key_of(title, taken)
        taken.add(key)
        found.append(OutlineRow(number, title, key))
    if len(found) > MOST_SECTIONS:
        errors[f"{MOST_SECTIONS}.number"] = f"Högst {MOST_SECTIONS} avsnitt får plats."
    if errors:
        raise InvalidDefinition(errors)
    return found


def _title_complaint(title: str) -> str:
    if not title:
        return "Ge avsnittet en rubrik."
    if len(title) > 120:
        return "Rubriken får vara högst 120 tecken."
    return IDENTITY_NUMBER if identity_complaints({"title": title}) else ""


def _place(draft: TemplateVersion, rows: Sequence[OutlineRow], sections: Mapping[str, TemplateSection]) -> None:
    """Write the order in two steps, since the database never lets two sections share a place."""
    known = [sections[row.key] for row in rows if row.key in sections]
    for place, section in enumerate(known):
        section.position = _ASIDE + place
    TemplateSection.objects.bulk_update(known, ["position"])
    for position, row in enumerate(rows):
        if row.key in sections:
            section = sections[row.key]
            section.position, section.number, section.title = position, row.number, row.title
    TemplateSection.objects.bulk_update(known, ["position", "number", "title"])
    TemplateSection.objects.bulk_create(
        TemplateSection(version=draft, key=row.key, number=row.number, title=row.title, position=position)
        for position, row in enumerate(rows)
        if row.key not in sections
    )


@transaction.atomic
def save_section(*, by: User, number: int, key: str, change: SectionChange, revision: int) -> TemplateSection:
    """Guidance, national text and fields of one section.

    Raises InvalidDefinition ("index.part", "guidance", "locked"), Stale, Refused, NotAllowed, or DoesNotExist of the
    version or the section.
    """
    draft = lock_draft(number, by=by)
    section = draft.sections.get(key=key)
    if section.revision != revision:
        raise Stale(section)
    before = written_in(section)
    texts = {"guidance": clean_html(change.guidance), "locked": clean_html(change.locked)}
    if errors := {name: complaint for name, text in texts.items() if (complaint := _long(text))}:
        raise InvalidDefinition(errors)
    section.guidance = _kept(section.guidance, texts["guidance"])
    section.locked = _kept(section.locked, texts["locked"])
    section.definition = _same_or(section.definition, checked(change.fields, known_fields(key)))
    after = written_in(section)
    if before == after:
        return section
    section.revision += 1
    section.save(update_fields=["guidance", "locked", "definition", "revision"])
    where = {"section": key, "number": section.number, "title": section.title}
    record("template.section_saved", by=by, subject=draft.subject, before=before, after={**where, **after})
    return section


def written_in(section: TemplateSection) -> dict[str, Any]:
    return {"guidance": section.guidance, "locked": section.locked, "fields": section.definition}


def _long(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        return f"Texten är {len(text)} tecken lång. Högst {LONGEST_TEXT} får plats."
    return IDENTITY_NUMBER if identity_complaints({"text": plain_text(text)}) else ""


def _kept(before: str, after: str) -> str:
    """The text as it was when nothing but its spacing differs: what has not changed is not shown as changed."""
    return before if clean_html(before) == after else after


def _same_or(before: list[Any], after: list[Any]) -> list[Any]:
    """The fields as they were stored when they say the same: what is left out says no more than what is empty."""
    return before if [parse(row) for row in before] == [parse(row) for row in after] else after


def known_fields(key: str) -> Known:
    """The fields that a section has had in published versions, the newest word of each."""
    rows = TemplateSection.objects.filter(key=key, version__published_at__isnull=False).order_by("version__number")
    return {
        path: (kind, number)
        for number, definition in rows.values_list("version__number", "definition")
        for path, kind in paths(parse(data) for data in definition)
    }


@transaction.atomic
def discard_draft(*, by: User, number: int) -> None:
    """Throw a draft away; what stood in it is kept in history. Raises Refused, NotAllowed or DoesNotExist."""
    draft = lock_draft(number, by=by)
    before = {
        **asdict(facts_of(draft)),
        "sections": [_outline_line(section) | written_in(section) for section in draft.sections.all()],
    }
    record("template.discarded", by=by, subject=draft.subject, before=before)
    draft.delete()


def demand_editor(user: User) -> None:
    if not reach_of(user).nationally(Permission.EDIT_TEMPLATE):
        raise NotAllowed


def lock_draft(number: int, *, by: User, revision: int | None = None) -> TemplateVersion:
    """The draft, locked until the transaction ends; with a revision also unchanged since it was shown."""
    demand_editor(by)
    draft = TemplateVersion.objects.select_for_update(of=("self",)).get(number=number)
    if not draft.is_draft:
        raise Refused("Mallen är publicerad och kan inte ändras. Skapa ett utkast till en ny version i stället.")
    if revision is not None and draft.revision != revision:
        raise Stale(draft)
    return draft


def _touch(draft: TemplateVersion, *fields: str) -> None:
    draft.revision += 1
    draft.save(update_fields=[*fields, "revision"])
