"""Rechecks of everything: a run in batches that any worker takes, so that a killed one's work is done by another."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone


class CheckRunQuerySet(models.QuerySet["CheckRun"]):
    def unfinished(self) -> CheckRunQuerySet:
        return self.filter(finished_at__isnull=True)

    def with_progress(self) -> CheckRunQuerySet:
        """Adds `done`: the versions checked so far."""
        done = Sum("batches__size", filter=Q(batches__done_at__isnull=False), default=0)
        return self.annotate(done=done)


class CheckRun(models.Model):
    """One recheck of every version: when, how many, and what came of it."""

    started_at = models.DateTimeField("påbörjad", default=timezone.now)
    finished_at = models.DateTimeField("klar", null=True, blank=True)
    total = models.PositiveIntegerField("överenskommelser", default=0)
    opened = models.PositiveIntegerField("öppnade flaggor", default=0)
    closed = models.PositiveIntegerField("stängda flaggor", default=0)

    objects = CheckRunQuerySet.as_manager()

    class Meta:
        verbose_name = "kontrollomgång"
        verbose_name_plural = "kontrollomgångar"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Kontroll {self.started_at:%Y-%m-%d %H:%M}"


class CheckBatch(models.Model):
    """Some of a run's versions. Done together with their check in one transaction, so never twice and never half."""

    run = models.ForeignKey(CheckRun, models.CASCADE, related_name="batches", verbose_name="omgång")
    versions = ArrayField(models.BigIntegerField(), verbose_name="versioner")
    size = models.PositiveIntegerField("antal")
    opened = models.PositiveIntegerField("öppnade flaggor", default=0)
    closed = models.PositiveIntegerField("stängda flaggor", default=0)
    done_at = models.DateTimeField("klar", null=True, blank=True)

    class Meta:
        verbose_name = "del av kontrollomgång"
        verbose_name_plural = "delar av kontrollomgångar"
        indexes = [
            models.Index(fields=["run", "id"], condition=Q(done_at__isnull=True), name="check_batch_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.size}"
