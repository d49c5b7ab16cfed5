"""What the checks found, and the verdict of each version over time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agreements.models.agreement import Version


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> FlagQuerySet:
        return self.filter(closed_at__isnull=True)


class Flag(models.Model):
    """A finding of a rule about a subject. Opens and closes by itself; one open at a time per rule and subject."""

    class Severity(models.TextChoices):
        SERIOUS = "serious", "Allvarlig"
        WARNING = "warning", "Varning"

    version = models.ForeignKey(Version, models.CASCADE, related_name="flags", verbose_name="version")
    rule = models.SlugField("regel", max_length=40, db_index=False)
    subject = models.CharField(
        "gäller", max_length=200, help_text='"contact:7" or "text:goals:goals.k3f.responsible:Anna Berg".'
    )
    section_key = models.SlugField("avsnitt", max_length=40, db_index=False)
    severity = models.CharField("allvar", max_length=10, choices=Severity)
    reason = models.CharField("skäl", max_length=400)
    mend = models.CharField("så åtgärdas det", max_length=400)
    details = models.JSONField(
        "detaljer", default=dict, blank=True, help_text="words: marked words; ranges: [start, end) in the plain text."
    )
    first_seen = models.DateTimeField("först sedd", default=timezone.now)
    last_seen = models.DateTimeField("senast sedd", default=timezone.now)
    closed_at = models.DateTimeField("stängd", null=True, blank=True)
    closed_by = models.CharField("stängd av", max_length=150, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = "flagga"
        verbose_name_plural = "flaggor"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "rule", "subject"],
                condition=Q(closed_at__isnull=True),
                name="one_open_flag_per_rule_and_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["version"], condition=Q(closed_at__isnull=True), name="flag_open_by_version"),
            models.Index(fields=["severity", "id"], condition=Q(closed_at__isnull=True), name="flag_open_by_severity"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class VerdictPeriod(models.Model):
    """How function-bound a version was, from a moment until the next verdict. The open row is today's."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="verdicts", verbose_name="version")
    verdict = models.CharField("bedömning", max_length=20)
    since = models.DateTimeField("från", default=timezone.now)
    until = models.DateTimeField("till", null=True, blank=True)

    class Meta:
        verbose_name = "bedömningsperiod"
        verbose_name_plural = "bedömningsperioder"
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(until__isnull=True), name="a_version_has_one_verdict_now"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="verdict_dates_are_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.verdict
