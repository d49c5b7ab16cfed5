"""What the checks found, and the verdict of each version over time."""

from __future__ import annotations

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agreements.lowest_level import STATUS_LABELS
from agreements.models.agreement import Version
from agreements.models.rule_set import RuleSet
from contacts.models import ContactPoint
from municipalities.models import Organisation


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> FlagQuerySet:
        """Not mended, waived ones included."""
        return self.filter(closed_at__isnull=True)

    def pressing(self, on: datetime.date) -> FlagQuerySet:
        """Open, and not waived on the day."""
        return self.open().filter(Q(waived_until__isnull=True) | Q(waived_until__lt=on))


class Flag(models.Model):
    """A finding of a rule about a subject. Opens and closes by itself; one open at a time per rule and subject.

    A finding that comes back opens its old row again, so that the row tells how often and since when. A waived flag
    is open but leaves its people in peace until the last day of the waiver has passed.
    """

    class Severity(models.TextChoices):
        SERIOUS = "serious", "Allvarlig"
        WARNING = "warning", "Varning"

    version = models.ForeignKey(Version, models.CASCADE, related_name="flags", verbose_name="version")
    rule = models.SlugField("regel", max_length=40, db_index=False)
    subject = models.CharField(
        "gäller", max_length=200, help_text='"contact:7", "period:6" or "text:goals:goals.k3f.responsible:Anna Berg".'
    )
    section_key = models.SlugField("avsnitt", max_length=40, db_index=False)
    severity = models.CharField("allvar", max_length=10, choices=Severity)
    reason = models.CharField("skäl", max_length=400)
    mend = models.CharField("så åtgärdas det", max_length=400)
    details = models.JSONField(
        "detaljer", default=dict, blank=True, help_text="words: marked words; ranges: [start, end) in the plain text."
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="den som kan rätta"
    )
    mender = models.ForeignKey(
        ContactPoint,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="funktionen som kan rätta",
        db_index=False,
    )
    first_seen = models.DateTimeField("först sedd", default=timezone.now)
    opened_at = models.DateTimeField("öppnad", default=timezone.now, help_text="Den senaste gången den öppnades.")
    last_seen = models.DateTimeField(
        "senast sedd",
        default=timezone.now,
        help_text="En öppen sågs när versionen kontrollerades senast.",
    )
    times_opened = models.PositiveSmallIntegerField("gånger öppnad", default=1)
    closed_at = models.DateTimeField("stängd", null=True, blank=True)
    closed_by = models.CharField("stängd av", max_length=150, blank=True)
    waived_until = models.DateField("undantagen till och med", null=True, blank=True)
    waived_reason = models.CharField("skäl för undantag", max_length=400, blank=True)
    waived_by = models.CharField("undantagen av", max_length=150, blank=True)

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
            models.CheckConstraint(
                condition=Q(waived_until__isnull=True) | (~Q(waived_reason="") & ~Q(waived_by="")),
                name="a_waiver_says_why_and_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["version"], condition=Q(closed_at__isnull=True), name="flag_open_by_version"),
            models.Index(fields=["severity", "id"], condition=Q(closed_at__isnull=True), name="flag_open_by_severity"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"

    def is_waived(self, on: datetime.date) -> bool:
        return self.waived_until is not None and self.waived_until >= on


LEVELS = [(str(status), label) for status, label in STATUS_LABELS.items()]


class VerdictPeriod(models.Model):
    """How a version was judged, from a moment until the next judgement. The open row is today's.

    `level` is how it stood to the national lowest level under `rule_set`, and `short_of` the rules it did not fully
    meet ("N04"); they are empty while the version is not in force.
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="verdicts", verbose_name="version")
    verdict = models.CharField("bedömning", max_length=20, blank=True)
    level = models.CharField("lägsta nivå", max_length=10, choices=LEVELS, blank=True)
    short_of = ArrayField(models.CharField(max_length=3), verbose_name="uppfyller inte helt", default=list, blank=True)
    rule_set = models.ForeignKey(
        RuleSet, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="regelverk", db_index=False
    )
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
            models.CheckConstraint(
                condition=Q(level="", rule_set__isnull=True) | (~Q(level="") & Q(rule_set__isnull=False)),
                name="a_level_is_judged_by_a_rule_set",
            ),
        ]

    def __str__(self) -> str:
        return self.verdict
