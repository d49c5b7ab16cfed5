"""A second version of the national template that some of the invented agreements rest on, and a draft of a third."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, Final

from agreements.actions.template_drafts import copies_of
from agreements.document import locked_hash
from agreements.gather import Whole
from agreements.models import TemplateSection, TemplateVersion, UpgradePoint
from agreements.national.upgrade import points
from agreements.states import State
from nationwide.demo.bulk import copy_rows
from nationwide.demo.rows import Built
from nationwide.demo.timeline import days, moment

SECOND: Final = 2
BEGAN_DAYS_AGO = 270
NEWS = (
    "Avsnitt 17 säger vad uppföljningen ska leda till: parterna bestämmer vad som ska ändras och när.\n"
    "Avsnitt 13 har ett nytt fält som måste fyllas i: hur parterna gör när någon uteblir."
)
ADDED_CLAUSE = (
    "<p>Efter varje uppföljning bestämmer parterna vad som ska ändras, vilken funktion som ansvarar och när det ska "
    "vara gjort. Beslutet antecknas i åtgärdsplanen.</p>"
)
NEW_FIELD: Final[dict[str, Any]] = {
    "key": "absence",
    "kind": "text",
    "label": "När någon uteblir",
    "help": "Beskriv hur parterna håller kontakt med den som uteblir, och vem som gör det.",
    "required": True,
}
WRITTEN: Final[dict[str, dict[str, Any]]] = {
    "routines": {
        "absence": "<p>Uteblir någon från ett gemensamt möte tar den som kallade kontakt inom två arbetsdagar, och "
        "berättar för den andra parten vad som har bestämts.</p>"
    }
}
"""What agreements on the second version say in the field that is new in it."""
DRAFT_NEWS = "Förslag till samråd: kontaktytor bekräftas varje halvår."


def second_template(today: datetime.date) -> TemplateVersion:
    """Template 2, from a day some months ago. One that is there already stays: a published version never changes."""
    known = TemplateVersion.objects.published().filter(number=SECOND).first()
    if known is not None:
        return known
    first = TemplateVersion.objects.get(number=1)
    version = TemplateVersion.objects.create(
        number=SECOND, name="Nationell mall för överenskommelse, version 2", note=first.note, news=NEWS
    )
    sections = [changed(section) for section in copies_of(first, version)]
    TemplateSection.objects.bulk_create(sections)
    version.valid_from = today - days(BEGAN_DAYS_AGO)
    version.published_at = moment(version.valid_from - days(20), 9)
    version.locked_hash = locked_hash((section.key, section.locked) for section in sections)
    version.save(update_fields=["valid_from", "published_at", "locked_hash"])
    return version


def changed(section: TemplateSection) -> TemplateSection:
    if section.key == "follow_up":
        section.locked += ADDED_CLAUSE
    if section.key == "routines":
        section.definition = [*section.definition, NEW_FIELD]
    return section


def draft_template() -> TemplateVersion:
    """A step from the newest version, for SKR to go on with."""
    newest = TemplateVersion.objects.published().latest("number")
    number = newest.number + 1
    name = f"Nationell mall för överenskommelse, version {number}"
    draft = TemplateVersion.objects.create(number=number, name=name, note=newest.note, news=DRAFT_NEWS)
    sections = copies_of(newest, draft)
    for section in sections:
        if section.key == "contacts":
            section.locked += "<p>Varje part bekräftar sina kontaktytor minst en gång varje halvår.</p>"
    TemplateSection.objects.bulk_create(sections)
    return draft


def ask_of_upgraded(built: Iterable[Built]) -> None:
    """What is left to decide in the drafts that began on the new template after a version on the old one."""
    before: dict[int, Built] = {}
    rows: list[UpgradePoint] = []
    for one in sorted(built, key=lambda one: one.version.number):
        old = before.get(one.version.agreement_id)
        before[one.version.agreement_id] = one
        if old and one.plan.state == State.DRAFT and old.version.template_id != one.version.template_id:
            rows += _points(old, one)
    copy_rows(rows)


def _points(old: Built, new: Built) -> list[UpgradePoint]:
    contents = {section.key: section.content for section in old.sections}
    was, now = ([section.template_section for section in one.sections] for one in (old, new))
    document = old.version.frozen or Whole(old.version).document
    return [
        UpgradePoint(
            version=new.version,
            source=old.version.template,
            position=place,
            kind=point.kind,
            section_key=point.section_key,
            section=point.section,
            field_key=point.field_key,
            field=point.field,
            was=point.was,
        )
        for place, point in enumerate(points(was, now, contents, document))
    ]
