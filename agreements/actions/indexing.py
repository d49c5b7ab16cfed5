"""Keeping what the search knows in step with what it is about. No page shows it, so that it leaves no event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from agreements.findable import Findable, of_contact_points, of_organisations, of_versions, places_of
from agreements.models import AgreementContact, SearchDocument, Version
from agreements.searching.words import indexed, title_key
from agreements.states import State
from contacts.models import ContactPoint
from contacts.personbound import edition
from contacts.rules import without_names
from municipalities.models import Organisation

BATCH: Final = 200
"""Versions that are held in memory at a time."""
LONGEST_TITLE: Final = 250
TOLD_OF: Final = ("agreement:", "contact_point:")
ALL, NAMED, COVERED = SearchDocument.Audience.ALL, SearchDocument.Audience.NAMED, SearchDocument.Audience.COVERED

COLUMNS: Final = (
    ("kind", "text"),
    ("audience", "text"),
    ("version_id", "bigint"),
    ("section_key", "text"),
    ("attachment_id", "bigint"),
    ("contact_point_id", "bigint"),
    ("organisation_id", "bigint"),
    ("parties", "text"),
    ("title", "text"),
    ("text", "text"),
    ("title_key", "text"),
    ("title_words", "text"),
    ("text_words", "text"),
    ("at", "timestamptz"),
    ("mark", "text"),
)
WRITE: Final = f"""
INSERT INTO agreements_searchdocument AS known (kind, audience, version_id, section_key, attachment_id,
    contact_point_id, organisation_id, parties, title, text, title_key, at, mark, words)
SELECT kind, audience, version_id, section_key, attachment_id, contact_point_id,
    organisation_id, parties::bigint[], title, text, title_key, at, mark,
    setweight(to_tsvector('swedish', title_words), 'A') || setweight(to_tsvector('swedish', text_words), 'B')
FROM unnest({", ".join(f"%s::{kind}[]" for _, kind in COLUMNS)}) AS new({", ".join(name for name, _ in COLUMNS)})
ON CONFLICT ON CONSTRAINT a_thing_is_found_once DO UPDATE SET
    parties = EXCLUDED.parties, title = EXCLUDED.title, text = EXCLUDED.text, title_key = EXCLUDED.title_key,
    at = EXCLUDED.at, mark = EXCLUDED.mark, words = EXCLUDED.words
"""  # noqa: S608 - put together of constants


@dataclass
class Changes:
    """What differs between what can be found and what is known of it."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


@transaction.atomic
def index_versions(*, ids: Collection[int]) -> int:
    """Bring what is known of the versions up to date; the number of rows written. The queries do not grow."""
    return _bring_up_to_date(SearchDocument.objects.filter(version__in=ids), of_versions(ids))


@transaction.atomic
def index_contact_points(*, ids: Collection[int]) -> int:
    known = SearchDocument.objects.filter(contact_point__in=ids)
    return _bring_up_to_date(known, of_contact_points(ids))


@transaction.atomic
def index_organisations(*, ids: Collection[int]) -> int:
    known = SearchDocument.objects.filter(organisation__in=ids, kind=SearchDocument.Kind.ORGANISATION)
    return _bring_up_to_date(known, of_organisations(ids))


def _bring_up_to_date(known: QuerySet[SearchDocument], findables: Iterable[Findable]) -> int:
    columns = ("kind", "version_id", "section_key", "attachment_id", "contact_point_id", "organisation_id")
    marks: dict[tuple[Any, ...], dict[str, str]] = {}
    numbers: dict[tuple[Any, ...], list[int]] = {}
    for pk, audience, mark, *place in known.values_list("pk", "audience", "mark", *columns):
        marks.setdefault(tuple(place), {})[audience] = mark
        numbers.setdefault(tuple(place), []).append(pk)
    found, changes, now = places_of(findables), Changes(), edition()
    for place, findable in found.items():
        if set(marks.get(place, {}).values()) != {_mark(findable, now)}:
            changes.rows += _rows(findable, now)
            changes.gone += numbers.get(place, [])
    changes.gone += [pk for place, pks in numbers.items() if place not in found for pk in pks]
    SearchDocument.objects.filter(pk__in=changes.gone).delete()
    _write(changes.rows)
    return len(changes.rows)


def _mark(findable: Findable, edition: str) -> str:
    """Names are covered as this edition of the check knows them."""
    return f"{findable.mark[:20]}{edition[:12]}"


def _rows(findable: Findable, edition: str) -> Iterator[tuple[Any, ...]]:
    """One row when there is nothing to cover, else one for those who see names and one for those who do not."""
    title, text = findable.make()
    covered_title, covered_text = without_names(title), without_names(text)
    named_text = "\n".join(part for part in (text, findable.named) if part)
    if (covered_title, covered_text) == (title, named_text):
        yield _row(findable, ALL, title, text, edition)
    else:
        yield _row(findable, NAMED, title, named_text, edition)
        yield _row(findable, COVERED, covered_title, covered_text, edition)


def _row(findable: Findable, audience: str, title: str, text: str, edition: str) -> tuple[Any, ...]:
    return (
        str(findable.kind),
        str(audience),
        findable.version,
        findable.section,
        findable.attachment,
        findable.contact_point,
        findable.organisation,
        "{" + ",".join(map(str, findable.parties)) + "}",
        title[:LONGEST_TITLE],
        text,
        title_key(title),
        indexed(title),
        indexed(text),
        findable.at,
        _mark(findable, edition),
    )


def _write(rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [list(values) for values in zip(*rows, strict=True)])


def index_touched(subjects: Iterable[str]) -> None:
    """Bring up to date what events have told of: agreements, and contact points with the versions resting on them."""
    agreements, points = ([int(s.partition(":")[2]) for s in subjects if s.startswith(kind)] for kind in TOLD_OF)
    resting = AgreementContact.objects.filter(contact_point__in=points).values("version")
    versions = Version.objects.filter(Q(agreement__in=agreements) | Q(pk__in=resting))
    for ids in _portions(versions):
        index_versions(ids=ids)
    if points:
        index_contact_points(ids=points)


# ---------------------------------------------------------------------------------------------------- all of it


def index_missing() -> int:
    """Make known what the search knows nothing of, for example since it was there before the search; rows written."""
    known = SearchDocument.objects.filter(kind=SearchDocument.Kind.AGREEMENT, version=OuterRef("pk"))
    versions = Version.objects.exclude(Exists(known)).exclude(state=State.DISCARDED)
    of_point = SearchDocument.objects.filter(contact_point=OuterRef("pk"))
    points = ContactPoint.objects.active().exclude(Exists(of_point))
    return _index(versions, points)


def index_all() -> int:
    """Compare everything with what is known of it; the number of rows written."""
    return _index(Version.objects.all(), ContactPoint.objects.all())


def _index(versions: QuerySet[Version], points: QuerySet[ContactPoint]) -> int:
    written = 0
    for ids in _portions(Organisation.objects.all()):
        written += index_organisations(ids=ids)
    for ids in _portions(points):
        written += index_contact_points(ids=ids)
    for ids in _portions(versions):
        written += index_versions(ids=ids)
    return written


def _portions(rows: QuerySet[Any]) -> Iterator[list[int]]:
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
