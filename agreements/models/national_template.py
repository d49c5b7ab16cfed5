"""The national template and its versions. A published version cannot change."""

from __future__ import annotations

import datetime
from functools import cached_property

from django.db import models
from django.db.models import F, Q

from agreements.fields import Field, parse


class TemplateVersionQuerySet(models.QuerySet["TemplateVersion"]):
    def open_for_new_agreements(self, on: datetime.date) -> TemplateVersionQuerySet:
        """Published versions that new agreements may be made from, newest first."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on), published_at__isnull=False, valid_from__lte=on
        ).order_by("-number")

    def published(self) -> TemplateVersionQuerySet:
        return self.filter(published_at__isnull=False)

    def drafts(self) -> TemplateVersionQuerySet:
        return self.filter(published_at__isnull=True)


class TemplateVersion(models.Model):
    """A version of SKR's national template. Drafts have no published_at."""

    number = models.PositiveSmallIntegerField("version", unique=True)
    name = models.CharField("namn", max_length=150)
    note = models.TextField("anmärkning", blank=True)
    valid_from = models.DateField("gäller från", null=True, blank=True)
    valid_to = models.DateField("stängd för nya från", null=True, blank=True)
    published_at = models.DateTimeField("publicerad", null=True, blank=True)
    locked_hash = models.CharField("den låsta textens SHA-256", max_length=64, blank=True)
    news = models.TextField("vad är nytt", blank=True, help_text="Told to those who write in agreements.")
    revision = models.PositiveIntegerField("ändringsnummer", default=0, help_text="Of the outline and the facts above.")

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "mallversion"
        verbose_name_plural = "mallversioner"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(valid_from__isnull=False),
                name="a_published_template_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="template_dates_are_in_order",
            ),
            models.UniqueConstraint(
                fields=["valid_from"],
                condition=Q(published_at__isnull=False),
                name="one_published_template_begins_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["published_at"],
                condition=Q(published_at__isnull=True),
                nulls_distinct=False,
                name="there_is_one_draft_template_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Nationell mall, version {self.number}"

    @property
    def subject(self) -> str:
        """What history calls this template version."""
        return f"template:{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class TemplateSection(models.Model):
    """A section of a template version: locked national text, guidance and the local fields."""

    version = models.ForeignKey(TemplateVersion, models.CASCADE, related_name="sections", verbose_name="mallversion")
    key = models.SlugField(max_length=40)
    number = models.CharField("nummer", max_length=4)
    position = models.PositiveSmallIntegerField("ordning")
    title = models.CharField("rubrik", max_length=120)
    guidance = models.TextField("vägledning", blank=True)
    locked = models.TextField("låst nationell text", blank=True)
    definition = models.JSONField("lokala fält", default=list, blank=True)
    revision = models.PositiveIntegerField("ändringsnummer", default=0)

    class Meta:
        verbose_name = "avsnitt i mallen"
        verbose_name_plural = "avsnitt i mallen"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="a_section_stands_once_in_a_template"),
            models.UniqueConstraint(fields=["version", "position"], name="two_sections_do_not_share_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(parse(data) for data in self.definition)
