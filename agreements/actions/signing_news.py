"""Telling at once what becomes of signatures: to the parties' function mailboxes, and to those who sign for them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from agreements.gather import Whole
from contacts.access import signatories_of
from contacts.actions.letters import SEND, write
from contacts.history import nudge
from contacts.links import absolute
from contacts.mailboxes import mending_mailboxes
from contacts.models import Event, Letter
from contacts.rules import without_names
from municipalities.models import Organisation


@dataclass(frozen=True)
class News:
    """What a letter tells: a heading, what has happened, what was given as the reason, what follows from it."""

    heading: str
    text: str
    reason: str
    follows: str


def tell_everyone(whole: Whole, event: Event, news: News, now: datetime.datetime) -> None:
    """One letter to each function mailbox and each signatory of every party. Inside the action's transaction."""
    organisations = Organisation.objects.in_bulk(whole.organisation_ids).values()
    people = (user.email for users in signatories_of(list(organisations)).values() for user in users)
    mailboxes = mending_mailboxes(whole.organisation_ids).values()
    tell(whole, event, news, {**dict.fromkeys(people), **dict(mailboxes)}.items(), now)


def tell(
    whole: Whole, event: Event, news: News, recipients: Iterable[tuple[str, int | None]], now: datetime.datetime
) -> None:
    """recipients: address → the contact point whose mailbox it is, if it is one's. Names are covered in letters."""
    title = without_names(whole.version.title)
    context = {
        "heading": news.heading,
        "text": news.text,
        "reason": without_names(news.reason),
        "follows": news.follows,
        "title": title,
        "address": absolute(reverse("agreement", args=(whole.version.pk,))),
        "site": absolute("/"),
    }
    for recipient, contact_point in recipients:
        whose = context | {"recipient": recipient}
        write(
            kind=Letter.Kind.SIGNING_NEWS,
            recipient=recipient,
            occasion=f"event-{event.pk}",
            contact_point_id=contact_point,
            subject=f"{news.heading}: {title}",
            text=render_to_string("mail/signing_news.txt", whose),
            html=render_to_string("mail/signing_news.html", whose),
            replaces=False,
            now=now,
        )
    transaction.on_commit(lambda: nudge(SEND))
