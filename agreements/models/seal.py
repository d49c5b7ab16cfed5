"""Sealed files of archive copies, and the warnings that a seal's certificate ends."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.models.printed import PrintedCopy


class SealQuerySet(models.QuerySet["Seal"]):
    def stored(self) -> SealQuerySet:
        return self.filter(stored_at__isnull=False)

    def promised(self) -> SealQuerySet:
        """Rows whose file may not have been stored: a worker is at it, or died."""
        return self.filter(stored_at__isnull=True)

    def running_out(self, before: datetime.datetime) -> SealQuerySet:
        """The newest file of each copy, when what vouches for it ends before then."""
        newest = self.stored().order_by("copy", "-pk").distinct("copy").values("pk")
        return self.filter(pk__in=newest, protected_until__lt=before).order_by("protected_until", "pk")


class Seal(models.Model):
    """A sealed file of a copy: the first, and one more each time it is stamped anew. Files are added, never changed.

    The row is written before the file is stored and says which bytes are about to come, so that a killed worker's
    file is found again. Facts of the certificate are those of the moment.
    """

    class Kind(models.TextChoices):
        SEAL = "seal", "Förseglad"
        RENEWAL = "renewal", "Ny tidsstämpel"

    copy = models.ForeignKey(PrintedCopy, models.PROTECT, related_name="seals", verbose_name="exemplar")
    kind = models.CharField("slag", max_length=10, choices=Kind)
    file = models.CharField("fil", max_length=100)
    sha256 = models.CharField("filens SHA-256", max_length=64, unique=True)
    size = models.PositiveIntegerField("storlek, byte")
    level = models.CharField("nivå enligt PAdES", max_length=10)
    certificate = models.CharField("certifikatets innehavare", max_length=300)
    certificate_issuer = models.CharField("certifikatets utfärdare", max_length=300)
    certificate_sha256 = models.CharField("certifikatets SHA-256", max_length=64)
    certificate_until = models.DateTimeField("certifikatet gäller till")
    sealed_at = models.DateTimeField("förseglad")
    timestamped = models.BooleanField("tidsstämplad", help_text="Somebody else vouches for sealed_at.")
    protected_until = models.DateTimeField("skyddad till", help_text="Before then it has to be stamped anew.")
    stored_at = models.DateTimeField("lagrad", null=True, blank=True)

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = "försegling"
        verbose_name_plural = "förseglingar"
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_seal_knows_its_file"),
            models.UniqueConstraint(
                fields=["copy"], condition=Q(kind="seal", stored_at__isnull=False), name="a_copy_is_sealed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sha256[:8]}"


class SealWarning(models.Model):
    """It has been told that a certificate ends: once for each threshold. Open until another certificate seals."""

    certificate_sha256 = models.CharField("certifikatets SHA-256", max_length=64)
    certificate = models.CharField("certifikatets innehavare", max_length=300)
    until = models.DateTimeField("gäller till")
    threshold = models.PositiveSmallIntegerField("dagar innan")
    warned_at = models.DateTimeField("varnad", default=timezone.now)
    closed_at = models.DateTimeField("bytt", null=True, blank=True)

    class Meta:
        verbose_name = "varning om sigillets certifikat"
        verbose_name_plural = "varningar om sigillets certifikat"
        constraints = [
            models.UniqueConstraint(
                fields=["certificate_sha256", "threshold"], name="a_certificate_is_warned_of_once_per_threshold"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate}, {self.threshold} dagar"

    @property
    def subject(self) -> str:
        """What history calls the certificate."""
        return f"seal:{self.certificate_sha256[:32]}"
