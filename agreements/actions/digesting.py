"""The daily digest: one letter to a function mailbox with all that is new in agreements in work, and never a burst."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db import transaction
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from agreements.digest import Addresses, News, chosen, excerpt
from agreements.models import Comment, Party, TemplateSection, ToldEvent, Version, internal_subject
from agreements.states import State
from contacts.actions.letters import write
from contacts.links import absolute
from contacts.mailboxes import Mailbox, mailbox_of, mending_mailboxes
from contacts.models import ContactPoint, Event, Letter
from contacts.rules import without_names

LOOK_BACK: Final = datetime.timedelta(days=14)
"""What is older is no longer news; a mailbox that could not be reached for so long finds it in the portal."""
SAID: Final = ("agreement.commented", "agreement.replied")
MOVES: Final = {
    "agreement.propose": ((State.PROPOSED,), "{who} har föreslagit texten. Den väntar på er granskning."),
    "agreement.send_back": ((State.DRAFT,), "{who} har skickat tillbaka texten. Den är ett utkast igen."),
    "agreement.reopen": ((State.DRAFT,), "{who} har öppnat texten igen. Den är ett utkast."),
    "agreement.accept": ((State.ACCEPTED,), "{who} har godtagit texten. Nu kan den undertecknas."),
    "elsewhere.handed_in": (
        (State.ACCEPTED, State.SIGNING),
        "{who} har lämnat in en fil som är undertecknad utanför portalen. Den väntar på er bekräftelse.",
    ),
}
"""Moves that are told of while the text still stands where they brought it."""


def write_digests(*, now: datetime.datetime) -> int:
    """Write today's digests; the number written. A second run on the day writes those that are missing."""
    reading = Reading(now)
    today = timezone.localdate(now)
    return sum(
        _write(mailbox, point, news, reading.titles, today, now)
        for (mailbox, point), news in sorted(reading.by_mailbox().items())
    )


@dataclass
class Reading:
    """What has happened lately in agreements in work, and whom it is news to: a constant number of queries."""

    now: datetime.datetime

    @cached_property
    def versions(self) -> dict[str, Version]:
        """By what history calls their agreement: of each agreement only one version is in work."""
        rows = Version.objects.working().select_related("agreement").defer("frozen")
        parties = Prefetch("parties", Party.objects.select_related("organisation"))
        return {version.subject: version for version in rows.prefetch_related(parties)}

    @cached_property
    def titles(self) -> dict[int, str]:
        return {version.pk: without_names(version.title) for version in self.versions.values()}

    @cached_property
    def events(self) -> list[tuple[Event, Version]]:
        """With internal talk among them, the oldest first."""
        subjects = dict(self.versions)
        for version in self.versions.values():
            for party in version.parties.all():
                subjects[internal_subject(version.agreement_id, party.organisation_id)] = version
        rows = Event.objects.about(*subjects).filter(type__in=[*SAID, *MOVES], at__gt=self.now - LOOK_BACK)
        found = [(event, subjects[event.subject]) for event in rows.order_by("pk")]
        return [(event, version) for event, version in found if event.after.get("version") == version.number]

    @cached_property
    def comments(self) -> dict[int, Comment]:
        """Those that still stand, in threads that are not done."""
        wanted = [event.after.get("comment") for event, _ in self.events if event.type in SAID]
        rows = Comment.objects.standing().filter(pk__in=wanted, thread__resolved_at__isnull=True)
        points = Prefetch("mentioned", ContactPoint.objects.select_related("function"))
        return rows.select_related("thread").prefetch_related(points).in_bulk()

    @cached_property
    def mailboxes(self) -> dict[int, Mailbox]:
        organisations = {p.organisation_id for version in self.versions.values() for p in version.parties.all()}
        return mending_mailboxes(organisations)

    @cached_property
    def sections(self) -> dict[tuple[int, str], str]:
        templates = {version.template_id for version in self.versions.values()}
        rows = TemplateSection.objects.filter(version__in=templates)
        return {
            (template, key): f"avsnitt {number} {title}"
            for template, key, number, title in rows.values_list("version_id", "key", "number", "title")
        }

    @cached_property
    def told(self) -> dict[str, set[int]]:
        """What each mailbox has been sent. A letter that has not left is replaced by the next one."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        rows = ToldEvent.objects.filter(letter__sent_at__isnull=False, event__in=[event.pk for event, _ in self.events])
        for recipient, event in rows.values_list("letter__recipient", "event"):
            found[recipient].add(event)
        return found

    def by_mailbox(self) -> dict[Mailbox, list[News]]:
        """What each mailbox is to be told; the same thing once, as the mention when there is one."""
        found: defaultdict[str, dict[int, News]] = defaultdict(dict)
        points: dict[str, int] = {}
        for event, version in self.events:
            for (mailbox, point), news in self._news(event, version):
                if event.pk not in self.told.get(mailbox, ()):
                    points.setdefault(mailbox, point)
                    found[mailbox].setdefault(event.pk, news)
        return {(mailbox, points[mailbox]): list(news.values()) for mailbox, news in found.items()}

    def _news(self, event: Event, version: Version) -> Iterator[tuple[Mailbox, News]]:
        if event.type in MOVES:
            yield from self._of_move(event, version)
        elif comment := self.comments.get(event.after.get("comment", 0)):
            yield from self._mentions(event, version, comment)
            if not comment.thread.internal:
                others = (p for p in version.parties.all() if p.organisation_id != comment.organisation_id)
                yield from ((mailbox, self._of_comment(event, version, comment, "")) for mailbox in self._of(others))

    def _mentions(self, event: Event, version: Version, comment: Comment) -> Iterator[tuple[Mailbox, News]]:
        for point in comment.mentioned.all():
            mailbox = mailbox_of(point)
            if mailbox is not None:
                yield mailbox, self._of_comment(event, version, comment, without_names(point.name))

    def _of_comment(self, event: Event, version: Version, comment: Comment, mentioned: str) -> News:
        thread = comment.thread
        where = self.sections.get((version.template_id, thread.section_key), "ett avsnitt")
        who = " och ".join(event.after.get("for", []))
        verb = "svarade om" if event.type == "agreement.replied" else "kommenterade"
        words = f"{who} {verb} {where}{f' och nämner er funktion {mentioned}' if mentioned else ''}"
        return News(
            event=event.pk,
            version=version.pk,
            words=f"{words}, internt." if thread.internal else f"{words}:",
            text="" if thread.internal else excerpt(without_names(comment.text)),
            section=thread.section_key,
            thread=thread.pk,
        )

    def _of_move(self, event: Event, version: Version) -> Iterator[tuple[Mailbox, News]]:
        states, words = MOVES[event.type]
        if version.state not in states or event.at < version.state_since - datetime.timedelta(minutes=1):
            return
        movers = {party.pk for party in self._movers(event, version)}
        parties = list(version.parties.all())
        who = " och ".join(party.name for party in parties if party.pk in movers)
        news = News(event.pk, version.pk, words.format(who=who), "", "", None, is_move=True)
        yield from ((mailbox, news) for mailbox in self._of(p for p in parties if p.pk not in movers))

    def _movers(self, event: Event, version: Version) -> Iterator[Party]:
        """Those who made the move: named in it, or the side that proposed, or the other one."""
        named = set(event.after.get("for", []))
        proposed = event.type == "agreement.propose"
        for party in version.parties.all():
            if party.name in named if named else (party.side == version.proposed_by_side) == proposed:
                yield party

    def _of(self, parties: Iterable[Party]) -> Iterator[Mailbox]:
        for party in parties:
            if mailbox := self.mailboxes.get(party.organisation_id):
                yield mailbox


@transaction.atomic
def _write(
    recipient: str,
    point: int,
    news: list[News],
    titles: dict[int, str],
    today: datetime.date,
    now: datetime.datetime,
) -> int:
    """One letter and what it tells of; 0 when the mailbox has had today's."""
    choice = chosen(news, titles, ADDRESSES)
    context = {"choice": choice, "recipient": recipient, "site": absolute("/"), "all": absolute(reverse("news"))}
    letter = write(
        kind=Letter.Kind.DIGEST,
        recipient=recipient,
        occasion=today.isoformat(),
        contact_point_id=point,
        subject=choice.subject,
        text=render_to_string("mail/digest.txt", context),
        html=render_to_string("mail/digest.html", context),
        now=now,
    )
    if letter is None:
        return 0
    ToldEvent.objects.bulk_create(ToldEvent(letter=letter, event=event) for event in choice.told)
    return 1


def _agreement(pk: int) -> str:
    return absolute(reverse("agreement", args=[pk]))


def _thread(pk: int, section: str, thread: int) -> str:
    return f"{absolute(reverse('section_talk', args=[pk, section]))}#trad-{thread}"


ADDRESSES: Final = Addresses(agreement=_agreement, thread=_thread)
