"""The other party's review, section by section, and what each reader has seen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.models.agreement import Version
from contacts.models import User
from municipalities.models import Organisation


class SectionReview(models.Model):
    """What a party says of a section of a proposed text. It holds for the text it was said of, and for no other."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "Godtaget"
        CHANGE = "change", "Behöver ändras"

    version = models.ForeignKey(Version, models.CASCADE, related_name="reviews", verbose_name="version", db_index=False)
    section_key = models.SlugField("avsnitt", max_length=40, db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="part", db_index=False
    )
    side = models.CharField("sida", max_length=20, choices=Organisation.Side)
    verdict = models.CharField("bedömning", max_length=20, choices=Verdict)
    reason = models.CharField("skäl", max_length=1000, blank=True)
    text_hash = models.CharField("avsnittets SHA-256", max_length=64)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="användare")
    name = models.CharField("namn", max_length=150)
    function = models.CharField("i funktionen", max_length=200, blank=True)
    reviewed_at = models.DateTimeField("granskat", default=timezone.now)

    class Meta:
        verbose_name = "granskat avsnitt"
        verbose_name_plural = "granskade avsnitt"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "section_key", "organisation"], name="a_party_reviews_a_section_once"
            ),
            models.CheckConstraint(
                condition=Q(verdict="accepted", reason="") | (Q(verdict="change") & ~Q(reason="")),
                name="what_needs_changing_says_why",
            ),
            models.CheckConstraint(condition=Q(text_hash__regex=r"^[0-9a-f]{64}$"), name="reviewed_means_text_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.section_key}: {self.get_verdict_display()}"


class LastLook(models.Model):
    """How far one user has read a section: its revision, the newest history row then, and the newest comment.

    Nobody else is shown it, and it leaves no history.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="looks", verbose_name="användare", db_index=False)
    version = models.ForeignKey(Version, models.CASCADE, related_name="+", verbose_name="version")
    section_key = models.SlugField("avsnitt", max_length=40, db_index=False)
    revision = models.PositiveIntegerField("ändringsnummer")
    event = models.BigIntegerField("senaste händelsen")
    comment = models.BigIntegerField("senaste kommentaren", default=0)
    at = models.DateTimeField("läst", default=timezone.now)

    class Meta:
        verbose_name = "läst avsnitt"
        verbose_name_plural = "lästa avsnitt"
        constraints = [
            models.UniqueConstraint(fields=["user", "version", "section_key"], name="a_user_has_one_last_look")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} läste {self.section_key}"
