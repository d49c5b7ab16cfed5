"""Links that open one page for one user, once: made for a letter, used, refused, closed."""

from __future__ import annotations

import datetime
import logging
import secrets
from collections.abc import Collection

from django.db import transaction

from contacts.history import record
from contacts.links import hash_of, secret_of
from contacts.models import PersonalLink, User

logger = logging.getLogger(__name__)


def link_for(*, user: User, path: str, subject: str, days: int, now: datetime.datetime) -> PersonalLink:
    """The user's open link to a page with new life, or a new one. Inside the transaction that writes its letter."""
    until = now + datetime.timedelta(days=days)
    mine = PersonalLink.objects.select_for_update().filter(user=user, path=path, closed_at__isnull=True)
    known = mine.first()
    if known is not None and known.expires_at > now:
        known.expires_at = until
        known.save(update_fields=["expires_at"])
        return known
    mine.update(closed_at=now)
    seed = secrets.token_urlsafe(24)
    facts = {"seed": seed, "sha256": hash_of(secret_of(seed)), "made_at": now, "expires_at": until}
    return PersonalLink.objects.create(user=user, path=path, subject=subject, **facts)


def close_links(*, paths: Collection[str], now: datetime.datetime) -> None:
    """What they lead to is done, or can't be done any more. Inside the transaction of whatever made it so."""
    PersonalLink.objects.filter(path__in=paths, closed_at__isnull=True).update(closed_at=now)


def open_link(*, sha256: str, by: User, now: datetime.datetime) -> PersonalLink | None:
    """The user's own link, when it still works; None otherwise. Somebody else's is refused, and that is kept."""
    link = PersonalLink.objects.filter(sha256=sha256).select_related("user").first()
    if link is None:
        return None
    if link.user_id != by.pk:
        _refuse(link, by)
        return None
    return link if link.closed_at is None and link.expires_at > now else None


@transaction.atomic
def _refuse(link: PersonalLink, by: User) -> None:
    logger.warning("user %s opened link %s, which is somebody else's", by.pk, link.pk)
    record("link.refused", by=by, subject=link.subject, after={"link": link.pk, "for": link.user.name})


@transaction.atomic
def use_link(*, sha256: str, by: User, now: datetime.datetime) -> str | None:
    """Use the link up; the page it leads to, or None. Of two at once one gets it."""
    link = open_link(sha256=sha256, by=by, now=now)
    if link is None or not PersonalLink.objects.open(now).filter(pk=link.pk).update(closed_at=now):
        return None
    record("link.used", by=by, subject=link.subject, after={"link": link.pk})
    return link.path
