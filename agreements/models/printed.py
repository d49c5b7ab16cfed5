"""Printed copies: the order is written in the action's transaction, the worker fills it in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.models.agreement import Version
from agreements.models.national_template import TemplateVersion


class PrintedCopyQuerySet(models.QuerySet["PrintedCopy"]):
    def waiting(self) -> PrintedCopyQuerySet:
        """Copies that wait for a worker, oldest first."""
        return self.filter(made_at__isnull=True, failed_at__isnull=True).order_by("pk")


class PrintedCopy(models.Model):
    """A PDF of a version or of a template: one per variant and text. A row without made_at is an order.

    A comparison's text_hash is that of both its texts (actions.printing_comparisons), a public copy's its mark
    (agreements.public_copy).
    """

    class Variant(models.TextChoices):
        ARCHIVE = "archive", "Arkivexemplar (PDF/A-3a)"
        READING = "reading", "Läsexemplar (PDF/UA-1)"
        DRAFT = "draft", "Utkast"
        COMPARISON = "comparison", "Jämförelse"
        PUBLIC = "public", "Offentligt exemplar"

    version = models.ForeignKey(
        Version, models.PROTECT, related_name="copies", verbose_name="version", db_index=False, null=True, blank=True
    )
    template = models.ForeignKey(
        TemplateVersion, models.CASCADE, related_name="copies", verbose_name="mallversion", null=True, blank=True
    )
    variant = models.CharField("variant", max_length=10, choices=Variant)
    text_hash = models.CharField("textens SHA-256", max_length=64)
    document = models.JSONField("text att trycka", help_text="The agreement as JSON, as it stood when ordered.")
    ordered_at = models.DateTimeField("beställd", default=timezone.now)
    made_at = models.DateTimeField("gjord", null=True, blank=True)
    failed_at = models.DateTimeField("misslyckad", null=True, blank=True)
    failure = models.CharField("fel", max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField("försök", default=0)
    file = models.FileField("fil", upload_to="", blank=True)
    sha256 = models.CharField("filens SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField("storlek, byte", default=0)
    code = models.CharField(
        "verifieringskod",
        max_length=14,
        blank=True,
        help_text="Printed on each page of an archive copy or a public one.",
    )

    objects = PrintedCopyQuerySet.as_manager()

    class Meta:
        verbose_name = "tryckt exemplar"
        verbose_name_plural = "tryckta exemplar"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "variant", "text_hash"], name="one_copy_per_version_variant_and_text"
            ),
            models.UniqueConstraint(
                fields=["template", "variant", "text_hash"], name="one_copy_per_template_variant_and_text"
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=True) ^ Q(template__isnull=True),
                name="a_copy_is_of_an_agreement_or_a_template",
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="a_verification_code_names_one_copy"),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | (Q(sha256__regex=r"^[0-9a-f]{64}$") & Q(size__gt=0) & ~Q(file="")),
                name="a_made_copy_has_file_and_hash",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(made_at__isnull=True, failed_at__isnull=True), name="copy_ordered")
        ]

    def __str__(self) -> str:
        return f"{self.get_variant_display()} {self.text_hash[:8]}"

    def newest_file(self) -> tuple[str, str]:
        """Where its file stands, and that file's SHA-256: the one that was stamped last, if it is sealed."""
        seals = self.seals.stored() if self.variant == self.Variant.ARCHIVE else self.seals.none()
        seal = seals.order_by("-pk").first()
        return (seal.file, seal.sha256) if seal else (str(self.file.name), self.sha256)

    @property
    def subject(self) -> str:
        """What history calls that which is printed."""
        if self.version is not None:
            return self.version.subject
        return self.template.subject if self.template is not None else ""
