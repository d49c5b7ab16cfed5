"""The country on a day: one query, then pure counting; and what was computed is kept until a write."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import FilteredRelation, Q
from django.utils import timezone

from municipalities.models import Municipality
from nationwide.rules import Part, Place, Row, row_of

T = TypeVar("T")
KEEP_SECONDS = 60 * 60

PARTY = "organisation__agreement_parties"
PLACE_FIELDS = (
    "pk",
    "code",
    "organisation__name",
    "organisation__short_name",
    "organisation__search_key",
    "county_id",
    "county__name",
    "county__af_region_id",
    "county__af_region__short_name",
    "group_id",
    "group__name",
    "population",
)
PART_FIELDS = (
    f"{PARTY}__version__agreement_id",
    f"{PARTY}__version_id",
    f"{PARTY}__version__state",
    f"{PARTY}__version__template__number",
    f"{PARTY}__version__created_at__date",
    f"{PARTY}__version__discarded_at__date",
    f"{PARTY}__in_force",
    "judged__verdict",
)


def read_rows(on: datetime.date) -> list[Row]:
    """A row for every municipality that existed on the day, in Swedish order. One query."""
    found = (
        Municipality.objects.existing(on)
        .annotate(judged=verdict_at(end_of(on)))
        .order_by("organisation__sort_key", "pk")
        .values_list(*PLACE_FIELDS, *PART_FIELDS)
    )
    return [row_of(place, parts, on) for place, parts in by_place(found.iterator(chunk_size=5000))]


def verdict_at(moment: datetime.datetime) -> FilteredRelation:
    """The verdict that stood at a moment, joined so that versions without one stay."""
    path = f"{PARTY}__version__verdicts"
    return FilteredRelation(
        path,
        condition=Q(**{f"{path}__since__lt": moment})
        & (Q(**{f"{path}__until__isnull": True}) | Q(**{f"{path}__until__gte": moment})),
    )


def end_of(day: datetime.date) -> datetime.datetime:
    following = day + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(following, datetime.time.min))


def by_place(found: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Place, list[Part]]]:
    """The joined rows gathered to one place each with its parts."""
    width = len(PLACE_FIELDS)
    for _, rows in groupby(found, key=lambda row: row[0]):
        lines = list(rows)
        yield Place(*lines[0][:width]), [part_of(line[width:]) for line in lines if line[width] is not None]


def part_of(values: tuple[Any, ...]) -> Part:
    agreement, version, state, template, created, discarded, span, verdict = values
    bound = span is not None and not span.isempty
    start, end = (span.lower, span.upper) if bound else (None, None)
    return Part(agreement, version, state, template, created, discarded, start, end, verdict or "")


def newest_change() -> tuple[int, ...]:
    """A mark that differs once anything has been written: every action leaves an event.

    Events get their number before they are committed, so a lower number can turn up after a higher one. The sum
    of the newest two hundred sees that too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(id), 0), coalesce(sum(id), 0)::bigint,"
            " (SELECT coalesce(max(id), 0) FROM agreements_verdictperiod),"
            " (SELECT coalesce(max(id), 0) FROM municipalities_referencerevision)"
            " FROM (SELECT id FROM contacts_event ORDER BY id DESC LIMIT 200) AS newest"
        )
        return tuple(cursor.fetchone())


class Kept:
    """What one request takes from what was computed before, as long as nothing has been written since."""

    def __init__(self) -> None:
        self.mark = newest_change()

    def get(self, name: str, on: datetime.date, make: Callable[[], T]) -> T:
        """The kept value, or a new one. The mark is older than the rows: a write in between shows."""
        key = f"nationwide:{on}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
        stored = cache.get(key)
        if stored is not None and stored[0] == self.mark:
            value: T = stored[1]
            return value
        value = make()
        cache.set(key, (self.mark, value), KEEP_SECONDS)
        return value

    def rows(self, on: datetime.date) -> list[Row]:
        return self.get("rows", on, lambda: read_rows(on))
