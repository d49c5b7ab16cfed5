"""The country on a day, read with one query; what a municipality's status is, the rules say."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from agreements.models import Flag, TemplateVersion
from municipalities.models import Municipality
from nationwide.rules import Part, Place, Row, row_of

PARTY = "organisation__agreement_parties"
CHUNK = 2000
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
    f"{PARTY}__in_force__startswith",
    f"{PARTY}__in_force__endswith",
    "judged__verdict",
    "judged__level",
    "judged__short_of",
    "unconfirmed",
    "current_template",
)


def read_rows(on: datetime.date) -> list[Row]:
    """A row for every municipality that existed on the day, in Swedish order. One query."""
    return [row_of(place, parts, on) for place, parts in by_place(joined(on))]


def each_row(on: datetime.date, **only: str) -> Iterator[Row]:
    """The same rows one at a time, so that memory does not grow with the country. only: which municipalities."""
    found = joined(on).filter(**only).iterator(CHUNK)
    return (row_of(place, parts, on) for place, parts in by_place(found))


def joined(on: datetime.date) -> QuerySet[Municipality, tuple[Any, ...]]:
    """Every municipality of the day beside each of its parts in agreements."""
    end = end_of(on)
    return (
        Municipality.objects.existing(on)
        .annotate(judged=verdict_at(end), unconfirmed=unconfirmed_at(end), current_template=template_at(on, end))
        .order_by("organisation__sort_key", "pk")
        .values_list(*PLACE_FIELDS, *PART_FIELDS)
    )


def verdict_at(moment: datetime.datetime) -> FilteredRelation:
    """The verdict that stood at a moment, joined so that versions without one stay."""
    path = f"{PARTY}__version__verdicts"
    return FilteredRelation(
        path,
        condition=Q(**{f"{path}__since__lt": moment})
        & (Q(**{f"{path}__until__isnull": True}) | Q(**{f"{path}__until__gte": moment})),
    )


def unconfirmed_at(moment: datetime.datetime) -> Exists:
    """Whether a contact that the version rests on stood as not confirmed at a moment: its flag was open."""
    flags = Flag.objects.filter(version=OuterRef(f"{PARTY}__version_id"), rule="not_confirmed", opened_at__lt=moment)
    return Exists(flags.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=moment)))


def template_at(on: datetime.date, moment: datetime.datetime) -> Subquery:
    """The number of the newest national template in force on the day. Asked once, not for each row."""
    published = TemplateVersion.objects.filter(published_at__lt=moment, valid_from__lte=on).order_by("-number")
    return Subquery(published.values("number")[:1])


def end_of(day: datetime.date) -> datetime.datetime:
    following = day + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(following, datetime.time.min))


def by_place(found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Place, list[Part]]]:
    """The joined rows gathered to one place each with its parts."""
    width = len(PLACE_FIELDS)
    for _, rows in groupby(found, key=lambda row: row[0]):
        lines = list(rows)
        yield Place(*lines[0][:width]), [part_of(line[width:]) for line in lines if line[width] is not None]


def part_of(values: tuple[Any, ...]) -> Part:
    *facts, verdict, level, short_of, unconfirmed, template = values
    return Part._make([*facts, verdict or "", level or "", tuple(short_of or ()), unconfirmed, template])
