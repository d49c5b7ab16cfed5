"""Keeping what the check has read and judged, under the hash of what it saw: the same is not judged twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from agreements.evidence import Unread
from agreements.findings import InText
from agreements.flags import CheckedContact, assessed
from contacts.judging import stored

KEEP_FINDINGS = """
UPDATE agreements_section AS section SET findings = kept.found::jsonb, checked_as = kept.mark
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS kept(id, found, mark) WHERE section.id = kept.id
"""
"""Written out: bulk_update makes one CASE of all rows, which takes longer than reading the texts."""

KEEP_ASSESSMENTS = """
UPDATE contacts_contactpoint AS point SET assessment = kept.found::jsonb, assessed_as = kept.mark
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS kept(id, found, mark)
WHERE point.id = kept.id AND point.id IN (
    SELECT id FROM contacts_contactpoint WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE SKIP LOCKED)
"""
"""A contact point that somebody is changing, or another worker is at, is passed over: nobody waits for a memory."""


def keep_findings(read: Sequence[tuple[Unread, Sequence[InText]]]) -> None:
    """Keep what was read with the sections: one query for however many."""
    _run(KEEP_FINDINGS, [(section.pk, json.dumps(texts), section.mark) for section, texts in read])


def keep_assessments(contacts: Iterable[CheckedContact]) -> None:
    """Keep what was said of contact points with them. It leaves no event: nothing that anybody sees has changed."""
    rows = [(c.pk, json.dumps(stored(assessed(c.facts))), c.mark) for c in contacts]
    _run(KEEP_ASSESSMENTS, rows, [pk for pk, *_ in rows])


def _run(command: str, rows: Sequence[tuple[int, str, str]], *more: Any) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(command, [*map(list, zip(*rows, strict=True)), *more])
