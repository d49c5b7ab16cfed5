"""One section of a version, read for writing in it: a single question, and nothing else of the agreement."""

from __future__ import annotations

import json
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from agreements.gather import Whole, template_sections
from agreements.models import Section, Version
from contacts.access import Permission, reach_of
from contacts.errors import Stale
from contacts.history import ACTS_AS, remember_function
from contacts.models import User

VERSION: Final = (
    "id",
    "agreement_id",
    "template_id",
    "title",
    "state",
    "period_start",
    "period_end",
    "revision_date",
    "notice_months",
)
SECTION: Final = ("id", "version_id", "template_section_id", "key", "content", "revision", "changed_at", "changed_by")
"""Both in the order of their models, as from_db takes them."""
ONE_SECTION: Final = f"""
    SELECT {", ".join(f"v.{name}" for name in VERSION)}, {", ".join(f"s.{name}" for name in SECTION)},
        (SELECT published_at FROM agreements_templateversion WHERE id = v.template_id),
        ARRAY(SELECT organisation_id FROM agreements_party WHERE version_id = v.id),
        ARRAY({ACTS_AS})
    FROM agreements_version v JOIN agreements_section s ON s.version_id = v.id AND s.key = %s
    WHERE v.id = %s
"""  # noqa: S608 - put together of constants
"""Written out, since it is asked after each pause in typing: to put it together would cost more than its answer."""
LOCKED: Final = f"{ONE_SECTION} FOR UPDATE OF v, s"
"""Both rows: a row that is only joined would be shown as it was before the wait for the lock."""


def section_of(version_id: int, key: str, *, by: User, lock: bool = False) -> Whole | None:
    """The version with one section, whose organisations are known and whose other parts are read when asked for.

    None when there is no such section. What the user acts as is read along. lock: until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCKED if lock else ONE_SECTION, [by.pk, key, version_id])
        row = cursor.fetchone()
    if row is None:
        return None
    *columns, published_at, organisations, acts_as = row
    remember_function(by, acts_as)
    version = Version.from_db(connection.alias, VERSION, columns[: len(VERSION)])
    whole = Whole(version)
    whole.template_sections = template_sections(version.template_id, published_at)
    whole.organisation_ids = frozenset(organisations)
    whole.sections = {key: _section(columns[len(VERSION) :], whole)}
    return whole


def _section(columns: list[Any], whole: Whole) -> Section:
    place = SECTION.index("content")
    columns[place] = json.loads(columns[place])
    section = Section.from_db(connection.alias, SECTION, columns)
    section.version = whole.version
    section.template_section = whole.template_section(section.key)
    return section


def may_write(user: User, whole: Whole) -> bool:
    return reach_of(user).may(Permission.EDIT_AGREEMENTS, whole.organisation_ids)


WRITE: Final = """
    UPDATE agreements_section SET content = %s, revision = revision + 1, changed_at = %s, changed_by = %s,
        changed_by_id = %s
    WHERE id = %s AND revision = %s
"""


def write(section: Section, *, by: User) -> None:
    """The section's content on the next revision. Its row is locked; should it not be, nothing is written over."""
    section.changed_at, section.changed_by, section.changed_by_id = timezone.now(), by.name, by.pk
    who = section.changed_at, section.changed_by, section.changed_by_id
    facts: list[Any] = [json.dumps(section.content), *who, section.pk, section.revision]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, facts)
        if cursor.rowcount != 1:
            raise Stale(section)
    section.revision += 1
