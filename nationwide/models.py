"""What the overview owns itself; everything else it reads from the rooms below."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Disclosure(models.Model):
    """A measure that SKR lets everybody see. As long as it has no row, the public pages and files are silent of it."""

    class Measure(models.TextChoices):
        LEVEL = "level", "Nationell lägsta nivå"

    measure = models.CharField("mått", max_length=20, choices=Measure, primary_key=True)
    since = models.DateTimeField("visas sedan", default=timezone.now)

    class Meta:
        verbose_name = "öppet mått"
        verbose_name_plural = "öppna mått"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(measure__in=["level"]), name="what_everybody_sees_is_a_known_measure")
        ]

    def __str__(self) -> str:
        return self.get_measure_display()
