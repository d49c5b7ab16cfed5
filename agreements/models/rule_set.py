"""The national lowest level as versioned data: which rules apply, as demand or advice, with which thresholds."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q

from agreements import lowest_level


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    def published(self) -> RuleSetQuerySet:
        return self.filter(published_at__isnull=False)

    def drafts(self) -> RuleSetQuerySet:
        return self.filter(published_at__isnull=True)

    def in_force(self, on: datetime.date) -> RuleSet | None:
        """The rule set that judges the day: the newest of those that apply by then."""
        return self.published().filter(valid_from__lte=on).order_by("-valid_from", "-number").first()


class RuleSet(models.Model):
    """A version of the lowest level. Once published it never changes: each date is judged by the set of that date."""

    number = models.PositiveSmallIntegerField("nummer", unique=True)
    name = models.CharField("namn", max_length=150)
    note = models.TextField("anmärkning", blank=True)
    rules = models.JSONField("regler", help_text="lowest_level.stored: rule → {weight, thresholds}.")
    valid_from = models.DateField("gäller från", null=True, blank=True)
    published_at = models.DateTimeField("publicerat", null=True, blank=True)
    revision = models.PositiveIntegerField("ändringsnummer", default=0)
    impact = models.JSONField("följder", null=True, blank=True, help_text="What publishing would mean, by a worker.")
    impact_of = models.PositiveIntegerField("följder räknade på ändring", null=True, blank=True)
    impact_at = models.DateTimeField("följder räknade", null=True, blank=True)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = "regelverk för lägsta nivå"
        verbose_name_plural = "regelverk för lägsta nivå"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(valid_from__isnull=False),
                name="a_published_rule_set_has_a_first_day",
            ),
            models.UniqueConstraint(
                fields=["valid_from"],
                condition=Q(published_at__isnull=False),
                name="one_published_rule_set_begins_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["published_at"],
                condition=Q(published_at__isnull=True),
                nulls_distinct=False,
                name="there_is_one_draft_rule_set_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Nationell lägsta nivå {self.number}"

    @property
    def subject(self) -> str:
        """What history calls this rule set."""
        return f"rule_set:{self.pk}"

    @property
    def is_weighed(self) -> bool:
        """Whether what publishing would mean has been counted of what stands here now."""
        return self.impact_of == self.revision

    @property
    def settings(self) -> lowest_level.RuleSet:
        return lowest_level.loaded(self.rules)
