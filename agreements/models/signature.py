"""Signatures, and what leads to them: who has opened the text, and who has been asked to sign."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Regex
from django.utils import timezone

from agreements.assurance import method_words
from agreements.models.agreement import Party, Version
from contacts.models import Letter, User

IDENTITY_NUMBER: Final = (
    "(^|[^0-9A-Za-z])(18|19|20)?[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01]|[678][0-9]|9[01])[-+]?[0-9]{4}([^0-9A-Za-z]|$)"
)
"""The shape of a personnummer or samordningsnummer, for database and code alike; no check digit is asked for."""


OUTSIDE: Final = ("service", "paper")
"""The methods of signatures that were given outside the portal."""


class Signature(models.Model):
    """A party's signature on a version: frozen facts, never changed.

    One that was given outside the portal stands in a file, and is of no user; of its moment only the day is known.
    """

    class Decision(models.TextChoices):
        DELEGATION = "delegation", "Delegationsbeslut"
        BOARD = "board", "Nämnd- eller styrelsebeslut"
        MANDATE = "mandate", "Arbetsordning eller beslutsordning"

    class Method(models.TextChoices):
        PORTAL = "portal", "Undertecknad i portalen"
        SERVICE = "service", "Undertecknad i en annan tjänst"
        PAPER = "paper", "Undertecknad på papper"

    version = models.ForeignKey(Version, models.PROTECT, related_name="signatures", verbose_name="version")
    party = models.OneToOneField(Party, models.PROTECT, related_name="signature", verbose_name="part")
    user = models.ForeignKey(
        User, models.PROTECT, related_name="signatures", verbose_name="användare", null=True, blank=True
    )
    signed_file = models.ForeignKey(
        "agreements.SignedFile",
        models.PROTECT,
        related_name="signatures",
        verbose_name="undertecknad fil",
        null=True,
        blank=True,
    )
    name = models.CharField("undertecknarens namn", max_length=150)
    function = models.CharField("i funktionen", max_length=120)
    decision = models.CharField("beslut", max_length=20, choices=Decision)
    decision_reference = models.CharField("beslutets beteckning", max_length=120)
    decision_date = models.DateField("beslutsdatum")
    text_hash = models.CharField("textens SHA-256", max_length=64)
    method = models.CharField("metod", max_length=20, choices=Method, default=Method.PORTAL)
    signed_at = models.DateTimeField("undertecknad", default=timezone.now)
    behalf_name = models.CharField("på uppdrag av", max_length=150, blank=True)
    behalf_function = models.CharField("uppdragsgivarens funktion", max_length=120, blank=True)
    behalf_decision = models.CharField("beslut om uppdraget", max_length=200, blank=True)
    opened_at = models.DateTimeField("öppnade texten", null=True, blank=True)
    proof_method = models.CharField("bekräftad med", max_length=40, blank=True)
    proof_level = models.CharField("tillitsnivå", max_length=20, blank=True)
    proof_at = models.DateTimeField("bekräftad", null=True, blank=True)
    evidence = models.JSONField("bevis om inloggningen", default=dict, blank=True)

    class Meta:
        verbose_name = "underskrift"
        verbose_name_plural = "underskrifter"
        constraints = [
            models.CheckConstraint(condition=Q(text_hash__regex=r"^[0-9a-f]{64}$"), name="signed_means_text_hash"),
            models.CheckConstraint(
                condition=Q(signed_file__isnull=True, user__isnull=False) & ~Q(method__in=OUTSIDE)
                | Q(signed_file__isnull=False, user__isnull=True, method__in=OUTSIDE),
                name="a_signature_is_of_a_user_or_in_a_file",
            ),
            models.CheckConstraint(
                condition=Q(behalf_name="", behalf_decision="") | ~(Q(behalf_name="") | Q(behalf_decision="")),
                name="a_commission_names_who_gave_it_and_the_decision",
            ),
            models.CheckConstraint(
                condition=Q(proof_at__isnull=True, proof_method="", proof_level="")
                | (Q(proof_at__isnull=False) & ~Q(proof_method="") & ~Q(proof_level="")),
                name="a_proof_of_identity_says_how_and_when",
            ),
            models.CheckConstraint(
                condition=Q(proof_at__isnull=True) | Q(proof_at__lte=F("signed_at")),
                name="identity_is_proven_before_signing",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(opened_at__lte=F("signed_at")),
                name="a_text_is_opened_before_it_is_signed",
            ),
            models.CheckConstraint(
                condition=~Regex(Cast("evidence", models.TextField()), Value(IDENTITY_NUMBER)),
                name="evidence_of_login_holds_no_identity_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.function}"

    @property
    def method_words(self) -> str:
        """How identity was proven, in plain words; empty where that was not kept."""
        return method_words(self.proof_method, self.proof_level)


def signature_of(party: Party) -> Signature | None:
    """The party's signature, when it has signed."""
    return getattr(party, "signature", None)


class OpenedText(models.Model):
    """A user has been shown exactly this fixed text, on a page or as a file."""

    class How(models.TextChoices):
        PAGE = "page", "Sidan där den undertecknas"
        FILE = "file", "PDF"

    user = models.ForeignKey(User, models.CASCADE, related_name="opened_texts", verbose_name="användare")
    version = models.ForeignKey(Version, models.CASCADE, related_name="openings", verbose_name="version")
    text_hash = models.CharField("textens SHA-256", max_length=64)
    how = models.CharField("visad som", max_length=10, choices=How)
    opened_at = models.DateTimeField("öppnad", default=timezone.now)

    class Meta:
        verbose_name = "öppnad text"
        verbose_name_plural = "öppnade texter"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "version", "text_hash"], name="that_a_user_opened_a_text_is_kept_once"
            ),
            models.CheckConstraint(condition=Q(text_hash__regex=r"^[0-9a-f]{64}$"), name="an_opened_text_has_its_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} öppnade version {self.version_id}"


class AskedToSign(models.Model):
    """A letter has asked a user to sign for a party. step: days after the party's turn came; 0 for the first."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="asked", verbose_name="part", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="asked_to_sign", verbose_name="användare")
    called_at = models.DateTimeField("kan underteckna sedan")
    step = models.PositiveSmallIntegerField("dagar")
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="asked_to_sign", verbose_name="brev")

    class Meta:
        verbose_name = "begäran om underskrift"
        verbose_name_plural = "begäranden om underskrift"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "user", "called_at", "step"], name="a_user_is_asked_to_sign_once_a_step"
            ),
        ]

    def __str__(self) -> str:
        return f"Part {self.party_id}, användare {self.user_id}, dag {self.step}"
