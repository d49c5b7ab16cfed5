"""The yearly question to each contact point: asked in one letter to a mailbox, reminded of, answered by a link."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from django.db import transaction
from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from contacts.actions.letters import write
from contacts.asking import (
    MOST_REMINDERS,
    asked_anew_when_asked_by,
    asked_when_confirmed_by,
    reminded_when_written_to_by,
)
from contacts.history import by_the_system, record, record_all
from contacts.links import unsign
from contacts.mailboxes import Mailbox, mailbox_of, mending_mailboxes
from contacts.models import Confirmation, ContactPoint, Event, Letter
from contacts.question_letter import Question, can_be_judged, letter_about

THROUGH_LINK: Final = "link"
WITH_FUNCTION: Final = ("contact_point__function", "contact_point__deputy__function")


def ask_all(*, now: datetime.datetime) -> int:
    """Ask and remind every contact point that is due; the number of letters written.

    One letter to a mailbox with all it is asked about. Late and repeated runs ask nobody twice.
    """
    _give_up_old_questions(now)
    ids: defaultdict[str, list[int]] = defaultdict(list)
    owners: dict[str, int] = {}
    due = list(_due(timezone.localdate(now)))
    fallbacks = mending_mailboxes({point.organisation_id for point in due})
    for point in due:
        mailbox = mailbox_of(point) or fallbacks.get(point.organisation_id)
        if mailbox is not None:
            address, owner = mailbox
            ids[address].append(point.pk)
            owners.setdefault(address, owner)
    return sum(_ask((address, owners[address]), ids[address], now) for address in sorted(ids))


def _due(today: datetime.date) -> QuerySet[ContactPoint]:
    """Active contact points that are to be asked or reminded on the day."""
    question = Confirmation.objects.open().filter(contact_point=OuterRef("pk"))
    written_to = question.annotate(at=Coalesce("reminded_at", "asked_at")).values("at")[:1]
    known = Coalesce("confirmed_at", "created_at", output_field=DateTimeField())
    points = ContactPoint.objects.active().annotate(
        known_at=known,
        written_to_at=Subquery(written_to),
        reminded=Subquery(question.values("reminders")[:1]),
    )
    ask = Q(written_to_at=None, known_at__date__lte=asked_when_confirmed_by(today))
    remind = Q(written_to_at__date__lte=reminded_when_written_to_by(today), reminded__lt=MOST_REMINDERS)
    return points.filter(ask | remind).order_by("pk")


@transaction.atomic
def _ask(mailbox: Mailbox, point_ids: Collection[int], now: datetime.datetime) -> int:
    """One letter with all the questions; 0 when another worker was first, or when the day's letter is written."""
    recipient, owner = mailbox
    list(ContactPoint.objects.select_for_update(of=("self",)).filter(pk__in=point_ids).order_by("pk"))
    due = _due(timezone.localdate(now)).filter(pk__in=point_ids)
    points = list(due.select_related("function", "organisation", "deputy__function"))
    if not points:
        return 0
    questions = _questions(points, now)
    subject, text, html = letter_about(questions, recipient)
    letter = write(
        kind=Letter.Kind.CONFIRMATION,
        recipient=recipient,
        occasion=str(timezone.localdate(now)),
        contact_point_id=owner,
        subject=subject,
        text=text,
        html=html,
        questions=[question.confirmation.pk for question in questions],
        now=now,
    )
    if letter is None:
        transaction.set_rollback(True)
        return 0
    record_all(_asked(question, recipient) for question in questions)
    return 1


def _questions(points: Sequence[ContactPoint], now: datetime.datetime) -> list[Question]:
    """Each contact point's open question with one more reminder, or a new one."""
    known = {q.contact_point_id: q for q in Confirmation.objects.open().filter(contact_point__in=points)}
    for question in known.values():
        question.reminders, question.reminded_at = question.reminders + 1, now
    Confirmation.objects.bulk_update(known.values(), ["reminders", "reminded_at"])
    new = [Confirmation(contact_point=point, asked_at=now) for point in points if point.pk not in known]
    known |= {question.contact_point_id: question for question in Confirmation.objects.bulk_create(new)}
    return [Question(point, known[point.pk]) for point in points]


def _asked(question: Question, recipient: str) -> Event:
    after = {"recipient": recipient, "reminder": question.confirmation.reminders}
    return by_the_system("contact_point.asked", subject=f"contact_point:{question.point.pk}", after=after)


@transaction.atomic
def _give_up_old_questions(now: datetime.datetime) -> None:
    """What nobody has answered in a year is asked anew."""
    cut = asked_anew_when_asked_by(timezone.localdate(now))
    old = list(Confirmation.objects.open().select_for_update(skip_locked=True).filter(asked_at__date__lte=cut))
    Confirmation.objects.filter(pk__in=[question.pk for question in old]).update(
        answered_at=now, answer=Confirmation.Answer.NONE
    )
    subjects = (f"contact_point:{question.contact_point_id}" for question in old)
    record_all([by_the_system("contact_point.unanswered", subject=subject) for subject in subjects])


def asked_by_link(token: str) -> Confirmation | None:
    """The open question a link is about; None when it is wrong, too old or used, without telling which."""
    pk = unsign(token)
    if pk is None:
        return None
    rows = Confirmation.objects.open().filter(pk=pk, contact_point__ended_on__isnull=True)
    return rows.select_related("contact_point__organisation", *WITH_FUNCTION).first()


@transaction.atomic
def confirm_by_link(*, token: str, now: datetime.datetime) -> ContactPoint | None:
    """Say that the facts are right, by the link in the letter; None when the link is good for nothing any more.

    Who answers is not known, only that the answer came through the function's own mailbox. Of two at once one answers.
    """
    question = asked_by_link(token)
    if question is None:
        return None
    point = ContactPoint.objects.select_for_update(of=("self",)).get(pk=question.contact_point_id)
    answered = Confirmation.objects.open().filter(pk=question.pk)
    if (
        point.ended_on
        or not can_be_judged(point)
        or not answered.update(answered_at=now, answer=Confirmation.Answer.CONFIRMED)
    ):
        return None
    point.confirmed_at = now
    point.save(update_fields=["confirmed_at"])
    record(
        "contact_point.confirmed",
        by=None,
        subject=f"contact_point:{point.pk}",
        after={"through": THROUGH_LINK},
        pending=True,
    )
    return point
