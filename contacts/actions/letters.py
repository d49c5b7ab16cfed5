"""Letters: written once, sent when the mail server takes them, given up when they never will be.

A letter is claimed in a transaction of its own, and no transaction is open while the server is spoken to. A killed
worker's letter is free again when its pause is over. Should it have died between the server's yes and ours, the letter
goes again under the same Message-ID.
"""

from __future__ import annotations

import datetime
import logging
import secrets
import time
from collections.abc import Sequence
from smtplib import SMTPException
from typing import Final

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q

from contacts.actions.bouncing import mark_unreachable
from contacts.history import record
from contacts.models import Confirmation, Letter, PersonalLink
from contacts.models.letter import PAUSES
from contacts.post_office import Attempt, Fate, hand_over

logger = logging.getLogger(__name__)

SEND: Final = "contacts.send_letters"
MOST_LETTERS, MOST_SECONDS = 200, 40
"""In one run; the next one comes within a minute, and other work is let in between."""

REPLACED: Final = "Ett nyare brev till samma brevlåda ersatte det."
ANSWERED: Final = "Frågan var besvarad innan brevet hann skickas."


@transaction.atomic
def write(
    *,
    kind: Letter.Kind,
    recipient: str,
    occasion: str,
    contact_point_id: int | None,
    subject: str,
    text: str,
    html: str,
    questions: Sequence[int] = (),
    links: Sequence[int] = (),
    replaces: bool = True,
    now: datetime.datetime,
) -> Letter | None:
    """Order a letter; None when the one of this occasion is written already.

    What was written to the same mailbox before, asks nothing else and has not left is withdrawn, so that a server that
    comes back after weeks brings one letter and not a burst; not so where each letter tells of something of its own
    (replaces=False).
    """
    questions, links = list(questions), list(links)
    letter, is_new = Letter.objects.get_or_create(
        kind=kind,
        recipient=recipient.lower(),
        occasion=occasion,
        defaults={
            "contact_point_id": contact_point_id,
            "subject": subject[:200],
            "text": text,
            "html": html,
            "questions": questions,
            "links": links,
            "mark": secrets.token_urlsafe(24),
            "written_at": now,
        },
    )
    if not is_new:
        return None
    if replaces:
        _withdraw_older(letter, now)
    return letter


def _withdraw_older(letter: Letter, now: datetime.datetime) -> None:
    same = Letter.objects.waiting().filter(kind=letter.kind, recipient=letter.recipient)
    older = same.filter(questions__contained_by=letter.questions, links__contained_by=letter.links)
    in_nobodys_hands = Q(tried_at=None) | Q(tried_at__lte=now - PAUSES[0])
    older.filter(in_nobodys_hands).exclude(pk=letter.pk).update(failed_at=now, failure=REPLACED)


def send_due(*, now: datetime.datetime) -> int:
    """Send what is due; the number the server took. While no server answers, no letter is touched."""
    if not Letter.objects.due(now).exists():
        return 0
    connection: BaseEmailBackend = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        logger.warning("the mail server does not answer (%s); letters wait", type(error).__name__)
        return 0
    try:
        return _send_over(connection, now)
    finally:
        connection.close()


def _send_over(connection: BaseEmailBackend, now: datetime.datetime) -> int:
    sent, stop_at = 0, time.monotonic() + MOST_SECONDS
    for _ in range(MOST_LETTERS):
        letter = claim(now=now)
        if letter is None:
            break
        attempt = hand_over(letter, connection)
        settle(letter=letter, attempt=attempt, now=now)
        sent += attempt.fate is Fate.TAKEN
        if attempt.fate is Fate.LOST or time.monotonic() > stop_at:
            break
    return sent


@transaction.atomic
def claim(*, now: datetime.datetime) -> Letter | None:
    """Take the oldest letter that is due and count the attempt; those in other workers' hands are passed over."""
    rows = Letter.objects.due(now).select_for_update(of=("self",), skip_locked=True).order_by("pk")
    while letter := rows.first():
        if _is_answered(letter, now):
            _give_up(letter, ANSWERED, now)
            continue
        letter.attempts, letter.tried_at = letter.attempts + 1, now
        letter.save(update_fields=["attempts", "tried_at"])
        return letter
    return None


def _is_answered(letter: Letter, now: datetime.datetime) -> bool:
    """Whether everything the letter asks has been answered, or can't be any more, since it was written."""
    asked, led = letter.questions, letter.links
    if asked and Confirmation.objects.open().filter(pk__in=asked).exists():
        return False
    if led and PersonalLink.objects.open(now).filter(pk__in=led).exists():
        return False
    return bool(asked or led)


@transaction.atomic
def settle(*, letter: Letter, attempt: Attempt, now: datetime.datetime) -> None:
    """Write down what the server said. Should the letter have been withdrawn meanwhile, that stands."""
    if attempt.fate is Fate.GONE:
        mark_unreachable(mailbox=letter.recipient, reason=attempt.reason, now=now)  # before the letter's own lock
        _give_up(letter, attempt.reason, now)
        return
    if not Letter.objects.waiting().select_for_update().filter(pk=letter.pk).exists():
        logger.warning("letter %s was withdrawn while it was being sent (%s)", letter.pk, attempt.fate)
        return
    if attempt.fate is Fate.TAKEN:
        letter.sent_at, letter.failure = now, ""
        letter.save(update_fields=["sent_at", "failure"])
        _tell("letter.sent", letter)
    elif attempt.fate is Fate.REFUSED or letter.attempts >= len(PAUSES):
        _give_up(letter, attempt.reason, now)
    else:
        logger.warning("letter %s was not sent (attempt %s: %s)", letter.pk, letter.attempts, attempt.reason)
        letter.failure = attempt.reason
        letter.save(update_fields=["failure"])


def _give_up(letter: Letter, reason: str, now: datetime.datetime) -> None:
    letter.failed_at, letter.failure = now, reason or "Okänt fel."
    letter.save(update_fields=["failed_at", "failure"])
    _tell("letter.failed", letter, reason=letter.failure)


def _tell(type: str, letter: Letter, **more: str) -> None:
    """In the history of the contact point whose mailbox it is."""
    if letter.contact_point_id is not None:
        after = {"letter": letter.pk, "kind": letter.kind, "recipient": letter.recipient, "subject": letter.subject}
        record(type, by=None, subject=f"contact_point:{letter.contact_point_id}", after=after | more)
