"""What everybody may see, read and kept. The newest change is asked first, and mostly nothing else."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Final, NamedTuple, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from agreements.actions.publishing import public_copies
from agreements.models import Party
from contacts.kept import NEWEST_CHANGE, Mark, Near
from municipalities.models import Municipality, Organisation
from nationwide.coverage import each_row
from nationwide.map import Outline, frame, read_outlines
from nationwide.models import Disclosure
from nationwide.public import Happening, Period, PublicRow, place_of, public

T = TypeVar("T")
ORGANISATION: Final = ("organisation__name", "organisation__municipality__code", "organisation__short_name")
near: Final = Near(1024)
"""Of its own, so that nobody who walks through the public pages pushes out what those who are logged in have kept."""


def newest_change() -> Mark | None:
    """The one question of every public page."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_CHANGE)
        found: Mark | None = cursor.fetchone()[0]
    return found


def kept(key: Hashable, mark: Mark | None, make: Callable[[], T]) -> T:
    return near.keep(key, mark, make)


def level_is_shown() -> bool:
    return Disclosure.objects.filter(measure=Disclosure.Measure.LEVEL).exists()


def each_public(on: datetime.date, **only: str) -> Iterator[PublicRow]:
    """The municipalities of a day, one at a time. Two questions, however many there are, and none before the first."""
    level = level_is_shown()
    for row in each_row(on, **only):
        yield public(row, level=level)


class Country(NamedTuple):
    """The rows of a day, and a mark of what they say: most of what is written changes nothing that everybody sees."""

    rows: list[PublicRow]
    says: str


def country(mark: Mark | None, on: datetime.date) -> Country:
    def read() -> Country:
        rows = list(each_public(on))
        return Country(rows, hashlib.sha256(repr((rows, _ground(mark))).encode()).hexdigest())

    return kept(("country", on), mark, read)


def outlines(mark: Mark | None) -> dict[int, Outline]:
    return kept("outlines", _ground(mark), read_outlines)


def _ground(mark: Mark | None) -> Mark | None:
    """The last word of the mark tells of the reference data, which shapes belong to."""
    return mark.rpartition(" ")[2] if mark else None


# --------------------------------------------------------------------------------------------- a municipality


class Profile(NamedTuple):
    """A municipality, also one that has merged into another, and everything that has bound it."""

    code: str
    name: str
    short_name: str
    county: str
    county_name: str
    region_name: str
    population: int
    population_year: int
    valid_to: datetime.date | None
    successor: tuple[str, str] | None
    """The name and the part of the address of the municipality that it is part of now."""
    row: PublicRow | None
    """None when it does not exist on the day."""
    periods: list[Period]
    together: list[tuple[str, str]]
    """The other municipalities of the agreement in force, as names and parts of addresses."""
    counterpart: list[str]
    copies: frozenset[int]
    """The versions that have a public copy."""

    @property
    def place(self) -> str:
        return place_of(self.code, self.short_name)


def profile(code: str, on: datetime.date) -> Profile | None:
    """Everything that the page of a municipality tells. The number of questions is the same for all."""
    related = ("organisation", "county__af_region", "successor__organisation")
    copies = public_copies().filter(version__parties__organisation=OuterRef("pk"), made_at__isnull=False)
    places = Municipality.objects.annotate(public_versions=ArraySubquery(copies.values("version_id")))
    found = places.select_related(*related).filter(code=code).first()
    if found is None:
        return None
    successor = found.successor
    periods = list(periods_of(found.pk, on))
    now = [period.version for period in periods if period.end is None or period.end > on]
    return Profile(
        code=found.code,
        name=found.organisation.name,
        short_name=found.organisation.short_name,
        county=found.county_id,
        county_name=found.county.name,
        region_name=found.county.af_region.short_name,
        population=found.population,
        population_year=found.population_year,
        valid_to=found.valid_to if found.valid_to and found.valid_to <= on else None,
        successor=(successor.organisation.name, place_of(successor.code, successor.organisation.short_name))
        if successor
        else None,
        row=next(each_public(on, code=code), None),
        periods=periods,
        **parties_beside(found.pk, now, on),
        copies=frozenset(found.public_versions),  # type: ignore[attr-defined]  # annotated above
    )


def periods_of(organisation: int, on: datetime.date) -> Iterator[Period]:
    """The newest first. What has been signed and not yet begun is not told before its day."""
    with connection.cursor() as cursor:
        cursor.execute(PERIODS, {"organisation": organisation, "on": on})
        for values in cursor.fetchall():
            yield Period._make(values)


def parties_beside(organisation: int, versions: list[int], on: datetime.date) -> dict[str, Any]:
    """Who else is bound by the agreement on the day: municipalities by today's names, AF as it stands in the text."""
    bound = (
        Party.objects.filter(version__in=versions, in_force__contains=on)
        .exclude(organisation=organisation)
        .order_by("position", "pk")
        .values_list("side", "name", *ORGANISATION)
    )
    beside: dict[str, Any] = {"together": [], "counterpart": []}
    for side, name, today, code, short in bound:
        if side == Organisation.Side.MUNICIPALITY:
            beside["together"].append((today, place_of(code, short)))
        else:
            beside["counterpart"].append(name)
    return beside


BOUND: Final = """
SELECT party.organisation_id, version.id AS version_id, version.agreement_id, version.number,
    template.number AS template, lower(party.in_force) AS first_day, upper(party.in_force) AS end_day,
    (version.signed_at AT TIME ZONE 'Europe/Stockholm')::date AS signed,
    CASE WHEN upper(party.in_force) IS NULL THEN ''
        WHEN EXISTS (
            SELECT FROM agreements_party AS other WHERE other.version_id = party.version_id
            AND (upper_inf(other.in_force) OR upper(other.in_force) > upper(party.in_force))
        ) THEN 'left'
        ELSE coalesce(nullif(version.ended_as, ''), 'expired')
    END AS ending
FROM agreements_party AS party
JOIN agreements_version AS version ON version.id = party.version_id
JOIN agreements_templateversion AS template ON template.id = version.template_id
WHERE party.side = 'municipality' AND lower(party.in_force) <= %(on)s
"""
"""Every stretch of days that has bound a municipality and had begun on the day.

Whoever is bound no longer by what still binds others has left.
"""
PERIODS: Final = f"""
SELECT version_id, agreement_id, number, template, first_day, end_day, ending
FROM ({BOUND} AND party.organisation_id = %(organisation)s) AS bound ORDER BY first_day DESC
"""  # noqa: S608 - put together of constants
EVENTS: Final = f"""
WITH bound AS ({BOUND})
SELECT happened.day, happened.event, place.code, organisation.name, place.county_id, agreement_id, number, template,
    signed, CASE happened.event WHEN 'ended' THEN ending ELSE '' END
FROM bound
CROSS JOIN LATERAL (VALUES (first_day, 'began'), (end_day, 'ended')) AS happened (day, event)
JOIN municipalities_municipality AS place USING (organisation_id)
JOIN municipalities_organisation AS organisation ON organisation.id = bound.organisation_id
WHERE happened.day <= %(on)s
ORDER BY happened.day, place.code, happened.event DESC
"""  # noqa: S608 - put together of constants
"""On the day when a new version takes over, the old one ends first."""


def happenings(on: datetime.date) -> Iterator[Happening]:
    """Everything that had happened on the day, oldest first, read in pieces."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(EVENTS, {"on": on})
        while rows := cursor.fetchmany(2000):
            yield from map(Happening._make, rows)


# ------------------------------------------------------------------------------------------------------ the map


class PublicArea(NamedTuple):
    path: str
    row: PublicRow


class PublicDrawing(NamedTuple):
    view_box: str
    areas: list[PublicArea]
    scale: str
    missing: int


def draw(rows: list[PublicRow], shapes: dict[int, Outline]) -> PublicDrawing:
    drawn = [(row, shapes[row.organisation]) for row in rows if row.organisation in shapes]
    x, y, width, height = frame([outline for _, outline in drawn])
    return PublicDrawing(
        view_box=f"{x:.1f} {y:.1f} {width:.1f} {height:.1f}",
        areas=[PublicArea(outline.path, row) for row, outline in drawn],
        scale=f"{max(width, height * 0.42) / 600:.3f}",
        missing=len(rows) - len(drawn),
    )
