"""The country counted by the database: any number of days with one query. The same definitions as nationwide.rules."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from agreements.states import WORKING
from nationwide.counting import Criteria, percent
from nationwide.coverage import end_of
from nationwide.rules import SIGNED, SIZES, soon_after

MEASURES: Final = ("status", "binding", "level", "expiry", "confirmation", "edition")
COUNT: Final = """
WITH asked AS (
    SELECT day, day_end, soon, (
        SELECT max(number) FROM agreements_templateversion WHERE published_at < day_end AND valid_from <= day
    ) AS template
    FROM unnest(%(days)s::date[], %(ends)s::timestamptz[], %(soons)s::date[]) AS asked(day, day_end, soon)
), standing AS (
    SELECT asked.*, place.population, place.organisation_id, party.version_id, upper(party.in_force) AS ending
    FROM asked
    JOIN municipalities_municipality AS place ON (place.valid_from IS NULL OR place.valid_from <= asked.day)
        AND (place.valid_to IS NULL OR place.valid_to > asked.day)
    JOIN municipalities_county AS county ON county.code = place.county_id
    LEFT JOIN agreements_party AS party ON party.organisation_id = place.organisation_id
        AND party.in_force @> asked.day
    WHERE (%(county)s = '' OR place.county_id = %(county)s)
        AND (%(group)s = '' OR place.group_id = %(group)s)
        AND (%(region)s::bigint IS NULL OR county.af_region_id = %(region)s::bigint)
        AND place.population >= %(least)s AND (%(under)s::int IS NULL OR place.population < %(under)s::int)
)
SELECT standing.day,
    CASE WHEN standing.version_id IS NOT NULL THEN 'signed'
        WHEN EXISTS (
            SELECT FROM agreements_party AS part JOIN agreements_version AS begun ON begun.id = part.version_id
            WHERE part.organisation_id = standing.organisation_id AND begun.created_at < standing.day_end
                AND CASE WHEN lower(part.in_force) IS NOT NULL THEN lower(part.in_force) > standing.day
                    WHEN begun.discarded_at IS NOT NULL THEN begun.discarded_at >= standing.day_end
                    ELSE begun.state = ANY(%(working)s) END
        ) THEN 'in_work'
        WHEN EXISTS (
            SELECT FROM agreements_party AS part
            WHERE part.organisation_id = standing.organisation_id AND upper(part.in_force) <= standing.day
        ) THEN 'expired' ELSE 'none' END,
    coalesce(nullif(judged.verdict, ''), 'unjudged'),
    coalesce(nullif(judged.level, ''), 'unjudged'),
    CASE WHEN standing.ending IS NULL THEN 'open' WHEN standing.ending <= standing.soon THEN 'soon' ELSE 'later' END,
    CASE WHEN EXISTS (
        SELECT FROM agreements_flag AS flag
        WHERE flag.version_id = standing.version_id AND flag.rule = 'not_confirmed'
            AND flag.opened_at < standing.day_end
            AND (flag.closed_at IS NULL OR flag.closed_at >= standing.day_end)
    ) THEN 'unconfirmed' ELSE 'confirmed' END,
    CASE WHEN template.number < standing.template THEN 'older' ELSE 'current' END,
    count(*), sum(standing.population)
FROM standing
LEFT JOIN agreements_version AS version ON version.id = standing.version_id
LEFT JOIN agreements_templateversion AS template ON template.id = version.template_id
LEFT JOIN agreements_verdictperiod AS judged ON judged.version_id = standing.version_id
    AND judged.since < standing.day_end AND (judged.until IS NULL OR judged.until >= standing.day_end)
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
"""A municipality is bound by one agreement at a time; all but the status is said of that one."""


class Tally(NamedTuple):
    """A day: how many municipalities there were of each value of each measure, and where people live."""

    day: datetime.date
    sizes: dict[str, Counter[str]]
    """By measure. All but "status" are of the municipalities with an agreement in force."""
    population: int
    population_signed: int

    @property
    def signed(self) -> int:
        return self.sizes["status"][SIGNED]

    @property
    def population_percent(self) -> int:
        return percent(self.population_signed, self.population)


def read_tallies(days: Sequence[datetime.date], criteria: Criteria) -> list[Tally]:
    """A tally of each day, in the asked part of the country. One query, however many days."""
    found: defaultdict[datetime.date, list[tuple[Any, ...]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, asked_of(days, criteria))
        for day, *line in cursor.fetchall():
            found[day].append(tuple(line))
    return [tally(day, found[day]) for day in days]


def asked_of(days: Sequence[datetime.date], criteria: Criteria) -> dict[str, Any]:
    least = int(criteria.size or 0)
    return {
        "days": list(days),
        "ends": [end_of(day) for day in days],
        "soons": [soon_after(day) for day in days],
        "county": criteria.county,
        "group": criteria.group,
        "region": criteria.region,
        "least": least,
        "under": min((size for size in SIZES if size > least), default=None) if criteria.size else None,
        "working": sorted(WORKING),
    }


def tally(day: datetime.date, lines: Iterable[tuple[Any, ...]]) -> Tally:
    sizes: dict[str, Counter[str]] = {measure: Counter() for measure in MEASURES}
    people = dict.fromkeys((True, False), 0)
    for *values, count, population in lines:
        is_signed = values[0] == SIGNED
        people[is_signed] += population
        for measure, value in zip(MEASURES, values, strict=True):
            if is_signed or measure == "status":
                sizes[measure][value] += count
    return Tally(day, sizes, sum(people.values()), people[True])
