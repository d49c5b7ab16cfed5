"""Notice given: which municipality leaves a version in force, who said so, and its last day."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agreements.models.agreement import Party, Version
from agreements.models.signature import Signature
from contacts.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def standing(self) -> NoticeQuerySet:
        """Not taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def over(self, today: datetime.date) -> NoticeQuerySet:
        """Standing, the last day passed, and not told of in the history yet."""
        return self.standing().filter(last_day__lt=today, carried_out_at__isnull=True)


class Notice(models.Model):
    """A party's notice that an agreement is to end for one municipality (section 19). Frozen facts, but for its end.

    AF says for which municipality it gives notice; of several there is a row each. It can be taken back before its
    last day: whoever gave it asks, and the other party consents.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="notices", verbose_name="version")
    leaving = models.ForeignKey(
        Party, models.PROTECT, related_name="notices", verbose_name="kommun som lämnar", db_index=False
    )
    giver = models.ForeignKey(
        Party, models.PROTECT, related_name="notices_given", verbose_name="uppsagd av", db_index=False
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="notices", verbose_name="användare", db_index=False)
    name = models.CharField("namn", max_length=150)
    function = models.CharField("i funktionen", max_length=120)
    decision = models.CharField("beslut", max_length=20, choices=Signature.Decision)
    decision_reference = models.CharField("beslutets beteckning", max_length=120)
    decision_date = models.DateField("beslutsdatum")
    reason = models.CharField("skäl", max_length=1000)
    received_on = models.DateField("inkommen", help_text="Den dag uppsägningstiden räknas från.")
    last_day = models.DateField("sista dag")
    given_at = models.DateTimeField("uppsagd", default=timezone.now)
    carried_out_at = models.DateTimeField("verkställd", null=True, blank=True)
    asked_back_at = models.DateTimeField("begärd tillbaka", null=True, blank=True)
    asked_back_reason = models.CharField("skäl att ta tillbaka", max_length=1000, blank=True)
    asked_back_by = models.CharField("begärd tillbaka av", max_length=150, blank=True)
    withdrawn_at = models.DateTimeField("tillbakatagen", null=True, blank=True)
    withdrawn_by = models.CharField("samtycke av", max_length=150, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "uppsägning"
        verbose_name_plural = "uppsägningar"
        ordering = ["last_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["leaving"], condition=Q(withdrawn_at__isnull=True), name="a_party_is_given_notice_once"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("received_on")), name="notice_ends_after_it_has_been_received"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(asked_back_at__isnull=False),
                name="notice_is_taken_back_by_whoever_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaving_id}: {self.last_day}"
