"""Agreements on chosen days, as rows: the actions always act today."""

import datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, Party, TemplateVersion, VerdictPeriod, Version
from agreements.states import FROZEN, State
from tests.factories import municipality

PAST = datetime.date(2023, 1, 10)


def noon(day):
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)


def country(size, *, first=0, **how):
    """As many municipalities, with codes and names of their own."""
    numbers = range(first, first + size)
    return [municipality(f"99{number:02d}", f"Prov {number:02d}", **how) for number in numbers]


def agreement(
    *organisations, state=State.IN_FORCE, created=PAST, start=None, end=None, verdict="", template=None, **more
):
    """One version with these municipalities as parties, in force from `start` up to but not on `end`."""
    if template is None:
        template, _ = TemplateVersion.objects.get_or_create(
            number=1, defaults={"name": "Prov", "valid_from": PAST, "published_at": noon(PAST)}
        )
    fixed = {"frozen": {}, "text_hash": "0" * 64, "signed_at": noon(created)} if state in FROZEN else {}
    fixed |= {"ended_as": "expired"} if state == State.ENDED else {}
    version = Version.objects.create(
        agreement=Agreement.objects.create(created_at=noon(created)),
        template=template,
        title="Överenskommelse",
        state=state,
        created_at=noon(created),
        **{**fixed, **more},
    )
    for organisation in organisations:
        Party.objects.create(
            version=version,
            organisation=organisation,
            side=organisation.side,
            name=organisation.name,
            in_force=DateRange(start, end) if start else None,
        )
    if verdict:
        VerdictPeriod.objects.create(version=version, verdict=verdict, since=noon(created))
    return version
