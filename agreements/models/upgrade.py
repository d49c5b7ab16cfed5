"""What must be decided when an agreement goes over to a newer template, and what was decided: one row a point."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from agreements.models.agreement import Version
from agreements.models.national_template import TemplateVersion


class UpgradePointQuerySet(models.QuerySet["UpgradePoint"]):
    def open(self) -> UpgradePointQuerySet:
        """Points that nobody has decided. New demands are met by filling in, and are not asked here."""
        return self.filter(decided_at__isnull=True).exclude(kind=UpgradePoint.Kind.REQUIRED)


class UpgradePoint(models.Model):
    """One thing that differs between the template a version was written on and the one it has gone over to."""

    class Kind(models.TextChoices):
        REQUIRED = "required", "Nytt krav"
        TEXT = "text", "Text utan plats"
        LOCKED = "locked", "Ändrad nationell text"
        ADDED = "added", "Nytt avsnitt"
        REMOVED = "removed", "Borttaget avsnitt"

    class Decision(models.TextChoices):
        PLACED = "placed", "Inlagd"
        NOT_NEEDED = "not_needed", "Behövs inte"
        READ = "read", "Läst"

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="upgrade_points", verbose_name="version", db_index=False
    )
    source = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="+", verbose_name="från mall")
    position = models.PositiveSmallIntegerField("ordning", default=0)
    kind = models.CharField("slag", max_length=10, choices=Kind)
    section_key = models.CharField("avsnittets nyckel", max_length=40)
    section = models.CharField("avsnitt", max_length=130)
    field_key = models.CharField("fältets nyckel", max_length=40, blank=True)
    field = models.CharField("fält", max_length=200, blank=True)
    was = models.JSONField("som det stod", null=True, blank=True, help_text="The field's block of the old document.")
    decision = models.CharField("beslut", max_length=12, choices=Decision, blank=True)
    placed_in = models.CharField("inlagd i", max_length=340, blank=True)
    decided_at = models.DateTimeField("beslutad", null=True, blank=True)
    decided_by = models.CharField("beslutad av", max_length=150, blank=True)

    objects = UpgradePointQuerySet.as_manager()

    class Meta:
        verbose_name = "sak att ta ställning till"
        verbose_name_plural = "saker att ta ställning till"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind", "section_key", "field_key"], name="a_point_is_asked_once_in_a_version"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="") | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="a_decided_point_says_what_was_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.section} {self.field}".strip()
