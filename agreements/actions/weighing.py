"""Counting what a draft rule set would mean, by a worker: batch by batch, with flat memory."""

from __future__ import annotations

import datetime

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from agreements.actions.checking import batches
from agreements.evidence import read_evidence, standing_on
from agreements.impact import Impact
from agreements.lowest_level import RuleSet as Settings
from agreements.models import RuleSet, Version
from agreements.standing import stand_of
from agreements.states import State

_LOCKS_OF_DRAFTS = 0x52554C45
"""The first key of PostgreSQL's advisory locks on drafts being weighed; the second is the draft's id."""


def weigh_drafts(*, now: datetime.datetime) -> int:
    """Weigh every draft that was changed since it was weighed, or was weighed on another day; the number weighed.

    A draft that another worker is weighing is left to it. The lock goes with the connection should that one die.
    """
    return sum(weigh_alone(draft, now) for draft in RuleSet.objects.drafts().filter(due(now)))


def due(now: datetime.datetime) -> Q:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(impact_of__isnull=True) | ~Q(impact_of=F("revision")) | Q(impact_at__lt=midnight)


def weigh_alone(draft: RuleSet, now: datetime.datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS_OF_DRAFTS, draft.pk])
        if not cursor.fetchone()[0]:
            return False
    try:
        weigh(draft, now)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS_OF_DRAFTS, draft.pk])
    return True


def weigh(draft: RuleSet, now: datetime.datetime) -> None:
    """Count, and keep the answer unless the draft has been published or thrown away meanwhile.

    The answer says which revision it is of; a draft that was changed meanwhile is weighed again.
    """
    impact, against = impact_of(draft.settings, timezone.localdate(now))
    RuleSet.objects.drafts().filter(pk=draft.pk).update(
        impact=impact.as_json(against), impact_of=draft.revision, impact_at=now
    )


def impact_of(settings: Settings, on: datetime.date) -> tuple[Impact, int | None]:
    """The draft's impact on the day, and the number of the set it was compared with."""
    standing, impact = standing_on(on), Impact()
    ids = list(Version.objects.filter(state=State.IN_FORCE).order_by("pk").values_list("pk", flat=True))
    for batch in batches(ids):
        versions = list(Version.objects.filter(pk__in=batch).defer("frozen").order_by("pk"))
        for evidence in read_evidence(versions, standing):
            stand = stand_of(evidence)
            impact.add(evidence.version.pk, stand.outcomes(standing.settings), stand.outcomes(settings))
    return impact, standing.rule_set.number if standing.rule_set else None
