"""Follow-up meetings (section 17): planned, moved, held or cancelled. The latest one held answers rule N11."""

from __future__ import annotations

import datetime
from typing import cast

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agreements.models.agreement import Agreement
from contacts.models import Level


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def held(self) -> FollowUpQuerySet:
        return self.filter(held_on__isnull=False)

    def planned(self) -> FollowUpQuerySet:
        """Those that are still to be held, whether or not their day has passed."""
        return self.filter(held_on__isnull=True, cancelled_at__isnull=True)


class FollowUp(models.Model):
    """A meeting at which the parties follow the agreement up, whichever version of it is in force.

    It is planned until it has a day on which it was held, or a reason for which it was cancelled. One that was held
    without having been planned has no planned day. Times are those of Swedish clocks.
    """

    class Kind(models.TextChoices):
        YEARLY = "yearly", "Årlig uppföljning av hela överenskommelsen"
        GOALS = "goals", "Avstämning av mål och insatser"
        FORUM = "forum", "Uppföljning i ett forum"
        EXTRA = "extra", "Extra uppföljning"

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="follow_ups", verbose_name="överenskommelse", db_index=False
    )
    kind = models.CharField("slag", max_length=20, choices=Kind, default=Kind.YEARLY)
    planned_on = models.DateField("planerad till", null=True, blank=True)
    starts_at = models.TimeField("börjar", null=True, blank=True)
    ends_at = models.TimeField("slutar", null=True, blank=True)
    place = models.CharField("plats", max_length=200, blank=True)
    link = models.URLField("möteslänk", max_length=500, blank=True)
    forum = models.CharField("forum", max_length=300, blank=True)
    level = models.CharField("nivå", max_length=20, choices=Level, blank=True)
    responsible = models.CharField("ansvarig funktion", max_length=150, blank=True)
    agenda = models.TextField("dagordning", blank=True)
    cancelled_at = models.DateTimeField("inställd", null=True, blank=True)
    cancelled_reason = models.CharField("skäl till att det ställdes in", max_length=400, blank=True)
    held_on = models.DateField("hölls den", null=True, blank=True)
    took_part = models.JSONField("funktioner som deltog", default=list, blank=True)
    summary = models.TextField("kort om resultatet", blank=True)
    decisions = models.TextField("beslut", blank=True)
    revision = models.PositiveIntegerField(
        "ändringsnummer", default=0, help_text="Tells calendars, and whoever saves second, that it has changed."
    )
    changed_at = models.DateTimeField("ändrad", default=timezone.now)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "uppföljning"
        verbose_name_plural = "uppföljningar"
        ordering = [F("held_on").desc(nulls_last=True), "-planned_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "held_on"], name="one_follow_up_of_an_agreement_a_day"),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(held_on__isnull=False), name="a_follow_up_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(cancelled_at__isnull=True),
                name="a_cancelled_follow_up_was_not_held",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancelled_reason=""),
                name="a_follow_up_is_cancelled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="a_follow_up_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["planned_on"],
                condition=Q(held_on__isnull=True, cancelled_at__isnull=True),
                name="follow_up_to_come",
            )
        ]

    def __str__(self) -> str:
        return f"Uppföljning {self.day}"

    @property
    def day(self) -> datetime.date:
        """The day it was held, else the one it is planned for; the database demands one of them."""
        return cast(datetime.date, self.held_on or self.planned_on)

    @property
    def is_planned(self) -> bool:
        return self.held_on is None and self.cancelled_at is None
