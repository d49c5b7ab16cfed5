"""Doing one thing with many agreements: a run of rows that workers take one by one, and its report."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from agreements.models.agreement import Version
from contacts.models import User


class BulkRunQuerySet(models.QuerySet["BulkRun"]):
    def unfinished(self) -> BulkRunQuerySet:
        return self.filter(finished_at__isnull=True)

    def with_progress(self) -> BulkRunQuerySet:
        """Adds how many rows are handled, done and not done."""
        handled = Q(rows__handled_at__isnull=False)
        return self.annotate(
            handled=Count("rows", filter=handled),
            done=Count("rows", filter=Q(rows__outcome=BulkRow.Outcome.DONE)),
            not_done=Count("rows", filter=handled & ~Q(rows__outcome=BulkRow.Outcome.DONE)),
        )


class BulkRun(models.Model):
    """One thing asked for of many agreements: what, by whom, when. Each row is checked by itself."""

    class Verb(models.TextChoices):
        RENEW = "renew", "Förnya"
        PROPOSE = "propose", "Föreslå"
        DISCARD = "discard", "Kassera utkast"

    verb = models.CharField("åtgärd", max_length=20, choices=Verb)
    facts = models.JSONField("uppgifter", default=dict, blank=True)
    token = models.UUIDField("formulärets nummer", default=uuid.uuid4, unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="bulk_runs", verbose_name="användare")
    started_at = models.DateTimeField("påbörjad", default=timezone.now)
    finished_at = models.DateTimeField("klar", null=True, blank=True)
    total = models.PositiveIntegerField("antal", default=0)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        verbose_name = "massåtgärd"
        verbose_name_plural = "massåtgärder"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.started_at:%Y-%m-%d %H:%M}"


class BulkRow(models.Model):
    """One agreement of a run, and what became of it: written together with what was done, so never twice or half."""

    class Outcome(models.TextChoices):
        DONE = "done", "Gjort"
        REFUSED = "refused", "Inte gjort"
        NOT_ALLOWED = "not_allowed", "Saknar behörighet"
        FAILED = "failed", "Fel i portalen"

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows", verbose_name="massåtgärd", db_index=False)
    place = models.PositiveIntegerField("ordning")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+", verbose_name="version")
    label = models.CharField("överenskommelse", max_length=250)
    outcome = models.CharField("utfall", max_length=20, choices=Outcome, blank=True)
    message = models.CharField("besked", max_length=1000, blank=True)
    result = models.ForeignKey(
        Version, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="det som blev till"
    )
    handled_at = models.DateTimeField("behandlad", null=True, blank=True)

    class Meta:
        verbose_name = "rad i massåtgärd"
        verbose_name_plural = "rader i massåtgärder"
        ordering = ["run", "place"]
        constraints = [
            models.UniqueConstraint(fields=["run", "place"], name="rows_of_a_bulk_run_are_numbered"),
            models.UniqueConstraint(fields=["run", "version"], name="an_agreement_stands_once_in_a_bulk_run"),
            models.CheckConstraint(
                condition=Q(outcome="", handled_at__isnull=True) | (~Q(outcome="") & Q(handled_at__isnull=False)),
                name="a_handled_row_says_what_became_of_it",
            ),
        ]
        indexes = [models.Index(fields=["run", "place"], condition=Q(handled_at__isnull=True), name="bulk_row_waiting")]

    def __str__(self) -> str:
        return self.label
