"""Telling in good time that the seal's certificate ends: to those who administer, to SKR, and by letter."""

from __future__ import annotations

import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from agreements.dates import spelled
from agreements.models import SealWarning
from agreements.sealing import sealer
from contacts.actions.letters import write
from contacts.history import record
from contacts.links import absolute
from contacts.models import Letter

THRESHOLDS: Final = (90, 30, 7, 0)
"""Days before the end at which it is told; 0 is when it has ended."""


def watch(*, now: datetime.datetime) -> SealWarning | None:
    """Warn if a threshold has been passed that was not told; the warning, if there is a new one.

    Late runs tell the narrowest threshold alone. Warnings of a certificate that no longer seals are closed.
    """
    workshop = sealer()
    if workshop is None:
        return None
    certificate = workshop.certificate
    close_others(certificate_sha256=certificate.sha256, now=now)
    passed = [days for days in THRESHOLDS if certificate.until - now <= datetime.timedelta(days=days)]
    if not passed:
        return None
    return warn(
        certificate_sha256=certificate.sha256,
        certificate=certificate.subject,
        until=certificate.until,
        threshold=min(passed),
        now=now,
    )


@transaction.atomic
def warn(
    *, certificate_sha256: str, certificate: str, until: datetime.datetime, threshold: int, now: datetime.datetime
) -> SealWarning | None:
    """Tell it once for each certificate and threshold; None when it has been told."""
    warning, is_new = SealWarning.objects.get_or_create(
        certificate_sha256=certificate_sha256,
        threshold=threshold,
        defaults={"certificate": certificate[:300], "until": until, "warned_at": now},
    )
    if not is_new:
        return None
    after = {"certificate": certificate, "until": until.isoformat(), "threshold": threshold}
    record("seal.ending", by=None, subject=warning.subject, after=after)
    if settings.OPERATIONS_MAILBOX:
        _write(warning, now)
    return warning


@transaction.atomic
def close_others(*, certificate_sha256: str, now: datetime.datetime) -> int:
    """Warnings of certificates that have been replaced are over."""
    open_ones = SealWarning.objects.filter(closed_at__isnull=True).exclude(certificate_sha256=certificate_sha256)
    for warning in open_ones.select_for_update():
        warning.closed_at = now
        warning.save(update_fields=["closed_at"])
        record("seal.replaced", by=None, subject=warning.subject, after={"certificate": warning.certificate})
    return len(open_ones)


def _write(warning: SealWarning, now: datetime.datetime) -> None:
    day = spelled(timezone.localdate(warning.until))
    context = {"warning": warning, "day": day, "is_over": warning.until <= now, "site": absolute("/")}
    write(
        kind=Letter.Kind.OPERATIONS,
        recipient=settings.OPERATIONS_MAILBOX,
        occasion=f"{warning.certificate_sha256[:32]}-{warning.threshold}",
        contact_point_id=None,
        subject=f"Sigillets certifikat {'gick' if warning.until <= now else 'går'} ut {day}",
        text=render_to_string("mail/seal_ending.txt", context),
        html=render_to_string("mail/seal_ending.html", context),
        now=now,
    )
