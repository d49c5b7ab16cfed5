"""What workers do with letters. Each task finds its work in the database or the mail folder."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from contacts.actions import confirming, incoming, letters
from contacts.history import nudge


@shared_task(name=letters.SEND)
def send_letters() -> int:
    """Send the letters that are due; the number the mail server took."""
    return letters.send_due(now=timezone.now())


@shared_task(name="contacts.ask_for_confirmation")
def ask_for_confirmation() -> int:
    """Ask and remind the contact points that are due; the number of letters written."""
    written = confirming.ask_all(now=timezone.now())
    nudge(letters.SEND)
    return written


@shared_task(name="contacts.take_mail")
def take_mail() -> int:
    """Read what has come to the mail folder, when there is one; the number of messages of ours."""
    if settings.BOUNCE_MAILDIR is None:
        return 0
    taken = incoming.take_maildir(folder=settings.BOUNCE_MAILDIR, now=timezone.now())
    return len([item for item in taken if item is not incoming.Taken.IGNORED])
