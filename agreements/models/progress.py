"""What becomes of the goals (section 4) and the action plan (annex B3). Rows are found by their id in the text.

A row keeps its id when a new version is begun, so what is written here goes on over versions.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from agreements.models.agreement import Agreement

ROW_ID = 16
"""The longest id of a row: see content.row_id."""


class MeasuredValue(models.Model):
    """What a goal was measured to on a day. Who wrote it is in the history; the party stands here."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="measured_values", verbose_name="överenskommelse", db_index=False
    )
    row_id = models.CharField("målets rad", max_length=ROW_ID)
    measured_on = models.DateField("mätt den")
    value = models.DecimalField("värde", max_digits=14, decimal_places=2)
    source = models.CharField("källa", max_length=200, blank=True)
    note = models.CharField("kommentar", max_length=500, blank=True)
    entered_for = models.CharField("antecknat av", max_length=300, blank=True)
    recorded_at = models.DateTimeField("antecknat", default=timezone.now)

    class Meta:
        verbose_name = "mätvärde"
        verbose_name_plural = "mätvärden"
        ordering = ["measured_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "row_id", "measured_on"], name="a_goal_has_one_value_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.measured_on}: {self.value}"


class ActionProgress(models.Model):
    """How an activity of the action plan stands since a day. The latest row counts, the rest is its history."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "Ej påbörjad"
        ONGOING = "ongoing", "Pågår"
        DONE = "done", "Klar"
        POSTPONED = "postponed", "Uppskjuten"
        STOPPED = "stopped", "Avbruten"

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="action_progress", verbose_name="överenskommelse", db_index=False
    )
    row_id = models.CharField("aktivitetens rad", max_length=ROW_ID)
    status = models.CharField("status", max_length=20, choices=Status)
    since = models.DateField("sedan")
    new_due = models.DateField("ny dag", null=True, blank=True)
    note = models.CharField("kommentar", max_length=500, blank=True)
    entered_for = models.CharField("antecknat av", max_length=300, blank=True)
    recorded_at = models.DateTimeField("antecknat", default=timezone.now)

    class Meta:
        verbose_name = "status i handlingsplanen"
        verbose_name_plural = "statusar i handlingsplanen"
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="postponed") | models.Q(new_due__isnull=False),
                name="what_is_postponed_has_a_new_day",
            ),
        ]
        indexes = [models.Index(fields=["agreement", "row_id", "-since", "-id"], name="action_progress_latest")]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.since}"
