"""Letters, and the yearly question whether a contact point is right."""

from __future__ import annotations

import datetime
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from contacts.models.people import ContactPoint


def _minutes(*numbers: int) -> tuple[datetime.timedelta, ...]:
    return tuple(datetime.timedelta(minutes=number) for number in numbers)


PAUSES: Final = _minutes(15, 30, 60, 120, 240, 480, 720, 720, 720, 720, 720, 720)
"""How long after each attempt the next one is made: three to four days in all.

The first is longer than a task may live (config.celery: ten minutes), so that a letter is never in two hands.
"""


class LetterQuerySet(models.QuerySet["Letter"]):
    def waiting(self) -> LetterQuerySet:
        """Written and neither sent nor given up."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def due(self, now: datetime.datetime) -> LetterQuerySet:
        """Waiting, and in nobody's hands: never tried, or tried long enough ago."""
        free = Q(attempts=0) | Q(tried_at__lte=now - PAUSES[-1])
        for attempts, pause in enumerate(PAUSES, start=1):
            free |= Q(attempts=attempts, tried_at__lte=now - pause)
        return self.waiting().filter(free)


class Letter(models.Model):
    """A letter to a function mailbox, or to somebody who signs: the row is the order, and stays as the record.

    It is known by what it is about and when (`occasion`), so that the same letter is written once. It is sent when the
    mail server has taken it, and given up when it was refused for good or waited too long.
    """

    class Kind(models.TextChoices):
        CHASE = "chase", "Det som väntar på att rättas"
        CONFIRMATION = "confirmation", "Stämmer uppgifterna?"
        DIGEST = "digest", "Nytt om överenskommelserna"
        OPERATIONS = "operations", "Till driften"
        SIGNING = "signing", "Att underteckna"
        SIGNING_NEWS = "signing_news", "Om en underskrift"
        ARCHIVE = "archive", "Arkiv att hämta"

    kind = models.CharField("slag", max_length=20, choices=Kind)
    recipient = models.EmailField("till")
    occasion = models.CharField("tillfälle", max_length=40, help_text='"2026-W47" or "2026-11-24".')
    contact_point = models.ForeignKey(
        ContactPoint,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name="kontaktytan vars brevlåda det är",
    )
    subject = models.CharField("ämne", max_length=200)
    text = models.TextField("text")
    html = models.TextField("html")
    questions = ArrayField(
        models.BigIntegerField(),
        verbose_name="frågor",
        default=list,
        blank=True,
        help_text="The confirmations it asks for; their links are put in when it leaves.",
    )
    links = ArrayField(
        models.BigIntegerField(),
        verbose_name="personliga länkar",
        default=list,
        blank=True,
        help_text="Their addresses are put in when it leaves.",
    )
    mark = models.CharField("märke", max_length=40, unique=True, editable=False)
    written_at = models.DateTimeField("skrivet", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("försök", default=0)
    tried_at = models.DateTimeField("senaste försök", null=True, blank=True)
    sent_at = models.DateTimeField("skickat", null=True, blank=True)
    failed_at = models.DateTimeField("uppgivet", null=True, blank=True)
    failure = models.CharField("senaste felet", max_length=300, blank=True)
    bounced_at = models.DateTimeField("studsade", null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "brev"
        verbose_name_plural = "brev"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "recipient", "occasion"], name="one_letter_to_a_mailbox_on_an_occasion"
            ),
            models.CheckConstraint(condition=Q(recipient=Lower("recipient")), name="letter_recipient_is_lower_case"),
            models.CheckConstraint(
                condition=Q(attempts=0, tried_at__isnull=True) | Q(attempts__gt=0, tried_at__isnull=False),
                name="a_tried_letter_says_when",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True, attempts__gt=0),
                name="a_letter_is_sent_or_given_up",
            ),
            models.CheckConstraint(
                condition=Q(failed_at__isnull=True) | ~Q(failure=""), name="a_letter_given_up_says_why"
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True) | Q(sent_at__isnull=False), name="only_a_sent_letter_comes_back"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(sent_at__isnull=True, failed_at__isnull=True), name="letter_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.recipient}"


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def open(self) -> ConfirmationQuerySet:
        return self.filter(answered_at__isnull=True)


class Confirmation(models.Model):
    """A contact point has been asked whether its facts are right; open until it is answered in one way or another."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", "Uppgifterna stämmer"
        CHANGED = "changed", "Uppgifterna ändrades"
        ENDED = "ended", "Kontaktytan avslutades"
        NONE = "none", "Inget svar på ett år"

    contact_point = models.ForeignKey(
        ContactPoint, models.CASCADE, related_name="confirmations", verbose_name="kontaktyta"
    )
    asked_at = models.DateTimeField("frågad")
    reminders = models.PositiveSmallIntegerField("påminnelser", default=0)
    reminded_at = models.DateTimeField("senast påmind", null=True, blank=True)
    answered_at = models.DateTimeField("besvarad", null=True, blank=True)
    answer = models.CharField("svar", max_length=20, choices=Answer, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = "fråga om bekräftelse"
        verbose_name_plural = "frågor om bekräftelse"
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point"],
                condition=Q(answered_at__isnull=True),
                name="a_contact_point_has_one_open_question",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="an_answered_question_says_how",
            ),
            models.CheckConstraint(condition=Q(reminders__lte=3), name="a_question_has_three_reminders_at_most"),
            models.CheckConstraint(
                condition=Q(reminders=0, reminded_at__isnull=True) | Q(reminders__gt=0, reminded_at__isnull=False),
                name="a_reminded_question_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Fråga {self.pk} om kontaktyta {self.contact_point_id}"
