"""Files that were signed outside the portal: what was handed in, who it says has signed, and who vouches for it."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.models.agreement import Party, Version
from agreements.models.attachment import AttachedFile
from agreements.models.signature import Signature
from contacts.models import User


class SignedFileQuerySet(models.QuerySet["SignedFile"]):
    def with_files(self) -> SignedFileQuerySet:
        return self.select_related("file").defer("file__text")

    def waiting(self) -> SignedFileQuerySet:
        """Handed in, and neither counted nor closed."""
        return self.filter(counted_at__isnull=True, closed_at__isnull=True)

    def standing(self) -> SignedFileQuerySet:
        return self.filter(closed_at__isnull=True)


class SignedFile(models.Model):
    """A signed PDF that was handed in, kept byte for byte. It counts when the parties it binds have vouched for it.

    `found` is what the signatures in it said when it came (signed_inspection.SignaturesFound), judged once and kept.

    Personal data: who handed it in and who closed it, by name; the file names those who signed. All of it is part of
    the agreement's record and stays as long as that does.
    """

    class Kind(models.TextChoices):
        SERVICE = "service", "Undertecknad i en annan tjänst"
        PAPER = "paper", "Undertecknad på papper och inskannad"

    class Closed(models.TextChoices):
        WITHDRAWN = "withdrawn", "Tillbakatagen"
        REJECTED = "rejected", "Inte bekräftad"
        REOPENED = "reopened", "Texten öppnades igen"

    version = models.ForeignKey(Version, models.PROTECT, related_name="signed_files", verbose_name="version")
    file = models.ForeignKey(AttachedFile, models.PROTECT, related_name="signed_files", verbose_name="fil")
    name = models.CharField("filnamn", max_length=150)
    kind = models.CharField("hur den är undertecknad", max_length=10, choices=Kind)
    text_hash = models.CharField("textens SHA-256", max_length=64)
    is_marked = models.BooleanField(
        "bär textens kontrollsumma", help_text="The hash of this very text stands on its pages."
    )
    found = models.JSONField("underskrifter i filen", help_text="What they said when the file came.")
    found_at = models.DateTimeField("underskrifterna kontrollerade", default=timezone.now)
    handed_in_at = models.DateTimeField("inlämnad", default=timezone.now)
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="inlämnad av")
    counted_at = models.DateTimeField("räknad", null=True, blank=True)
    closed_at = models.DateTimeField("stängd", null=True, blank=True)
    closed_as = models.CharField("varför stängd", max_length=10, choices=Closed, blank=True)
    closed_by = models.CharField("stängd av", max_length=150, blank=True)
    reason = models.CharField("skäl", max_length=1000, blank=True)

    objects = SignedFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fil undertecknad utanför portalen"
        verbose_name_plural = "filer undertecknade utanför portalen"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(counted_at__isnull=True, closed_at__isnull=True),
                name="one_signed_file_at_a_time_waits",
            ),
            models.CheckConstraint(
                condition=Q(text_hash__regex=r"^[0-9a-f]{64}$"), name="a_signed_file_is_of_a_fixed_text"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_as="") | (Q(closed_at__isnull=False) & ~Q(closed_as="")),
                name="a_closed_signed_file_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClaimedSignature(models.Model):
    """Who signed for a party in a file, as the one who handed it in has read it there.

    Personal data: the name of the one who signed, kept as a signature's is.
    """

    signed_file = models.ForeignKey(SignedFile, models.CASCADE, related_name="claims", verbose_name="fil")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="part", db_index=False)
    name = models.CharField("undertecknarens namn", max_length=150)
    function = models.CharField("i funktionen", max_length=120)
    decision = models.CharField("beslut", max_length=20, choices=Signature.Decision)
    decision_reference = models.CharField("beslutets beteckning", max_length=120)
    decision_date = models.DateField("beslutsdatum")
    signed_on = models.DateField("undertecknad den")

    class Meta:
        verbose_name = "underskrift i en fil"
        verbose_name_plural = "underskrifter i en fil"
        ordering = ["party__position", "party_id"]
        constraints = [
            models.UniqueConstraint(fields=["signed_file", "party"], name="a_party_signs_once_in_a_file"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.function}"


class Voucher(models.Model):
    """A party stands for a file and for what was read in it. Personal data: who did so, by name."""

    signed_file = models.ForeignKey(SignedFile, models.CASCADE, related_name="vouchers", verbose_name="fil")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="part", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="användare")
    name = models.CharField("namn", max_length=150)
    side = models.CharField("sida", max_length=20)
    vouched_at = models.DateTimeField("bekräftad", default=timezone.now)

    class Meta:
        verbose_name = "bekräftelse av en fil"
        verbose_name_plural = "bekräftelser av filer"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["signed_file", "party"], name="a_party_vouches_once_for_a_file"),
            ExclusionConstraint(
                name="nobody_vouches_for_both_sides",
                expressions=[
                    ("signed_file", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("side", RangeOperators.NOT_EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.signed_file_id}"
