"""Audits of what is stored, and archives that somebody has asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class ArchiveCheckQuerySet(models.QuerySet["ArchiveCheck"]):
    def last_finished(self) -> ArchiveCheck | None:
        return self.filter(finished_at__isnull=False).order_by("-pk").first()


class ArchiveCheck(models.Model):
    """A look through everything that is stored. `place` says how far it has come, so that another worker can go on."""

    MOST_EXAMPLES = 20

    started_at = models.DateTimeField("påbörjad", default=timezone.now)
    finished_at = models.DateTimeField("klar", null=True, blank=True)
    place = models.JSONField("hur långt den har kommit", default=list, blank=True)
    checked = models.PositiveIntegerField("granskade filer", default=0)
    size = models.PositiveBigIntegerField("granskade byte", default=0)
    missing = models.PositiveIntegerField("saknade", default=0)
    changed = models.PositiveIntegerField("ändrade", default=0)
    orphaned = models.PositiveIntegerField("herrelösa", default=0)
    examples = models.JSONField("exempel", default=list, blank=True, help_text="The first findings, as lists.")

    objects = ArchiveCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "granskning av arkivet"
        verbose_name_plural = "granskningar av arkivet"
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=models.F("started_at")),
                name="a_check_of_the_archive_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"Granskning {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def faults(self) -> int:
        return self.missing + self.changed + self.orphaned
