"""Going over to a newer template: what must be decided is laid out as rows, and each decision is kept."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from agreements.actions import writing
from agreements.actions.locking import lock_draft
from agreements.content import InvalidContent, carried
from agreements.gather import Whole
from agreements.models import Section, TemplateSection, TemplateVersion, UpgradePoint, Version
from agreements.national.upgrade import Point, points, with_text
from contacts.errors import Refused
from contacts.history import record
from contacts.models import User

Kind, Decision = UpgradePoint.Kind, UpgradePoint.Decision


def foresee(whole: Whole, template: TemplateVersion) -> list[Point]:
    """What would have to be decided if the version went over to the template. One query."""
    contents = {key: section.content for key, section in whole.sections.items()}
    return points(whole.template_sections, list(template.sections.all()), contents, whole.document)


def lay_out(old: Whole, new: Version) -> int:
    """Write down what must be decided in a version that has been made from another one; how many points there are.

    Inside the caller's transaction. Nothing when both rest on the same template.
    """
    if old.version.template_id == new.template_id:
        return 0
    return _write(new, old.version.template, foresee(old, new.template))


def _write(version: Version, source: TemplateVersion, found: Sequence[Point]) -> int:
    """New points are asked; a point that was decided before is asked anew; one that is still open stays as it is."""
    known = {(p.kind, p.section_key, p.field_key): p for p in version.upgrade_points.all()}
    fresh, again = [], []
    for place, point in enumerate(found):
        facts = {
            "source": source,
            "position": place,
            "section": point.section[:130],
            "field": point.field[:200],
            "was": point.was,
        }
        row = known.get((point.kind, point.section_key, point.field_key))
        if row is None:
            key = {"kind": point.kind, "section_key": point.section_key, "field_key": point.field_key}
            fresh.append(UpgradePoint(version=version, **key, **facts))
        elif row.decision:
            for name, value in {**facts, "decision": "", "decided_at": None, "decided_by": "", "placed_in": ""}.items():
                setattr(row, name, value)
            again.append(row)
    UpgradePoint.objects.bulk_create(fresh)
    columns = ["source", "position", "section", "field", "was", "decision", "decided_at", "decided_by", "placed_in"]
    UpgradePoint.objects.bulk_update(again, columns)
    return len(fresh) + len(again)


@transaction.atomic
def move_to_newest(*, by: User, version_id: int, today: datetime.date) -> Version:
    """Let a draft go over to the newest open template with all its text. Raises NotAllowed or Refused."""
    whole = lock_draft(version_id, by=by)
    version, old = whole.version, whole.version.template
    newest = writing.newest_template(today)
    if newest.number <= old.number:
        raise Refused("Utkastet bygger redan på den nyaste mallen.")
    found = foresee(whole, newest)
    lost = _carry(whole, newest)
    version.template = newest
    version.save(update_fields=["template"])
    _write(version, old, found)
    record(
        "agreement.template_changed",
        by=by,
        subject=version.subject,
        before={"template": old.number, "lost": lost},
        after={"template": newest.number, "points": len(found)},
        pending=True,
    )
    return version


def _carry(whole: Whole, newest: TemplateVersion) -> dict[str, Any]:
    """Each section's text into its place in the template; what found none, section by section."""
    places = {place.key: place for place in newest.sections.all()}
    lost: dict[str, Any] = {}
    for key, section in whole.sections.items():
        place = places.pop(key, None)
        kept, keys = carried(place.fields, section.content) if place else ({}, list(section.content))
        if keys:
            lost[key] = {name: section.content[name] for name in keys}
        if place is None:
            section.delete()
            continue
        section.template_section, section.content = place, kept
        section.revision += 1
        section.save(update_fields=["template_section", "content", "revision"])
    Section.objects.bulk_create(
        Section(version=whole.version, template_section=place, key=place.key) for place in places.values()
    )
    return lost


@transaction.atomic
def decide(*, by: User, version_id: int, point_id: int, now: datetime.datetime) -> UpgradePoint:
    """Say that an old text is not needed, or that what has changed has been read.

    Raises Refused, NotAllowed or UpgradePoint.DoesNotExist.
    """
    point = _open_point(version_id, point_id, by)
    if point.kind == Kind.REQUIRED:
        raise Refused("Ett nytt krav uppfylls genom att fältet fylls i.")
    return _decided(point, Decision.NOT_NEEDED if point.kind == Kind.TEXT else Decision.READ, by, now)


@transaction.atomic
def place(
    *, by: User, version_id: int, point_id: int, section_key: str, field_key: str, now: datetime.datetime
) -> UpgradePoint:
    """Put an old text into a field, after what stands there. Raises Refused, NotAllowed or DoesNotExist."""
    point = _open_point(version_id, point_id, by)
    if point.kind != Kind.TEXT or not point.was:
        raise Refused("Här finns ingen text att lägga in.")
    section = point.version.sections.select_related("template_section").filter(key=section_key).first()
    field = next((f for f in section.template_section.fields if f.key == field_key), None) if section else None
    if section is None or field is None:
        raise Refused("Välj vilket fält texten ska läggas i.")
    try:
        raw = with_text(field, section.content, point.was)
        writing.save_section(by=by, version_id=version_id, key=section_key, raw=raw, revision=section.revision)
    except InvalidContent as invalid:
        raise Refused(" ".join(invalid.errors.values())) from None
    point.placed_in = f"{name_of(section.template_section)}, {field.label}"[:340]
    return _decided(point, Decision.PLACED, by, now)


@transaction.atomic
def undo(*, by: User, version_id: int, point_id: int) -> UpgradePoint:
    """Take a decision back, so that the point is asked again. What was placed stays in its field."""
    point = _point(version_id, point_id, by)
    if not point.decision:
        return point
    before = _facts(point)
    point.decision, point.decided_at, point.decided_by, point.placed_in = "", None, "", ""
    point.save(update_fields=["decision", "decided_at", "decided_by", "placed_in"])
    record("upgrade.reopened", by=by, subject=point.version.subject, before=before)
    return point


def name_of(section: TemplateSection) -> str:
    return f"{section.number} {section.title}"


def _open_point(version_id: int, point_id: int, by: User) -> UpgradePoint:
    point = _point(version_id, point_id, by)
    if point.decision:
        raise Refused(f"{point.decided_by} har redan tagit ställning. Ladda om sidan.")
    return point


def _point(version_id: int, point_id: int, by: User) -> UpgradePoint:
    """The point, locked through its version, which must be a draft that the user writes in."""
    whole = lock_draft(version_id, by=by)
    point = whole.version.upgrade_points.get(pk=point_id)
    point.version = whole.version
    return point


def _decided(point: UpgradePoint, decision: str, by: User, now: datetime.datetime) -> UpgradePoint:
    point.decision, point.decided_at, point.decided_by = decision, now, by.name
    point.save(update_fields=["decision", "decided_at", "decided_by", "placed_in"])
    record("upgrade.decided", by=by, subject=point.version.subject, after=_facts(point))
    return point


def _facts(point: UpgradePoint) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "section": point.section,
        "field": point.field,
        "decision": point.decision,
        "placed_in": point.placed_in,
        "was": point.was,
    }
