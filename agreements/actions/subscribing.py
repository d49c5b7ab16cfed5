"""Secret addresses of calendars: made, made anew and shut. The secret is told once and only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from agreements.models import CalendarFeed
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.history import record
from contacts.models import User
from municipalities.models import Organisation

BYTES: Final = 32
LENGTH: Final = 43
"""Characters of a secret: 32 bytes in the alphabet of addresses."""


@dataclass(frozen=True)
class Opened:
    """An address that was made, with the secret that nobody can read again."""

    feed: CalendarFeed
    secret: str


@transaction.atomic
def open_feed(*, by: User, organisation: Organisation) -> Opened:
    """A new address in the place of the user's former one. Raises NotAllowed, Refused for who is no party."""
    if not reach_of(by).may(Permission.READ_AGREEMENTS, [organisation.pk]):
        raise NotAllowed
    if organisation.side == Organisation.Side.NONE:
        raise Refused("Organisationen är inte part i några överenskommelser och har ingen kalender.")
    User.objects.select_for_update().get(pk=by.pk)
    former = CalendarFeed.objects.filter(organisation=organisation, user=by, revoked_at__isnull=True)
    shut = former.update(revoked_at=timezone.now())
    secret = secrets.token_urlsafe(BYTES)
    feed = CalendarFeed.objects.create(organisation=organisation, user=by, address_hash=hashed(secret))
    event = "calendar.renewed" if shut else "calendar.opened"
    record(event, by=by, subject=f"organisation:{organisation.pk}", after={"feed": feed.pk})
    return Opened(feed, secret)


@transaction.atomic
def shut_feed(*, by: User, feed_id: int) -> CalendarFeed:
    """Shut an address: one's own, or one of an organisation whose agreements one writes. Raises NotAllowed."""
    feed = CalendarFeed.objects.select_for_update(of=("self",)).get(pk=feed_id)
    if feed.user_id != by.pk and not reach_of(by).may(Permission.EDIT_AGREEMENTS, [feed.organisation_id]):
        raise NotAllowed
    if feed.revoked_at is None:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        record("calendar.shut", by=by, subject=f"organisation:{feed.organisation_id}", before={"feed": feed.pk})
    return feed


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
