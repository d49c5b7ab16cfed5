"""One number for everything that was invented: two loads with the same seed and day give the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model

from agreements.models import (
    Agreement,
    AgreementContact,
    Comment,
    Flag,
    Notice,
    Party,
    Section,
    SectionReview,
    Signature,
    Thread,
    VerdictPeriod,
    Version,
)
from contacts.models import ContactPoint, Event, Holder, Membership

LEFT_OUT = {"last_seen", "checked_at", "id", "user_id", "actor_id", "author_id"}
"""What differs between two loads that are the same: the clock, and the numbers of users."""


def digest() -> str:
    """SHA-256 over the rows in the order they were written."""
    sums = hashlib.sha256()
    for line in lines():
        sums.update(line.encode())
    return sums.hexdigest()


def lines() -> Iterator[str]:
    models: Iterable[type[Model]] = (
        ContactPoint,
        Holder,
        Agreement,
        Version,
        Party,
        Section,
        AgreementContact,
        Signature,
        Notice,
        Flag,
        VerdictPeriod,
        Thread,
        Comment,
        SectionReview,
    )
    for model in models:
        yield from rows(model, model._default_manager.all())
    yield from rows(Event, Event.objects.exclude(type="membership.given"))
    members = Membership.objects.order_by("organisation__name", "role", "user__email")
    yield from (repr(row) for row in members.values_list("organisation__name", "role", "user__name"))


def rows(model: type[Model], found: Any) -> Iterator[str]:
    fields = [field.attname for field in model._meta.concrete_fields if field.attname not in LEFT_OUT]
    for values in found.order_by("pk").values_list(*fields).iterator(chunk_size=2000):
        yield repr(values)
