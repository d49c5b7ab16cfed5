"""Agreements, their versions, parties, local section content and the contact points they rest on."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import MD5, Cast
from django.utils import timezone

from agreements.models.national_template import TemplateSection, TemplateVersion
from agreements.states import FROZEN, WORKING, Ending, Standing, State, standing_of
from contacts.access import Permission, Reach
from contacts.models import ContactPoint, Level, User
from municipalities.models import Organisation

LIVING = WORKING | {State.IN_FORCE}
OUTSIDE = ("service", "paper")
"""The methods of signatures that were given outside the portal."""


def reference_of(created_at: datetime.datetime, number: int) -> str:
    """An agreement's id as printed on its cover, for example ÖK-2026-0042."""
    return f"ÖK-{created_at.year}-{number:04d}"


class Agreement(models.Model):
    """One agreement through all its versions: the first, amendments and renewals."""

    created_at = models.DateTimeField("skapad", default=timezone.now)

    class Meta:
        verbose_name = "överenskommelse"
        verbose_name_plural = "överenskommelser"

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return reference_of(self.created_at, self.pk)


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, reach: Reach) -> VersionQuerySet:
        """Versions one of whose parties the user reads; all of them for those who read the nation."""
        if reach.nationally(Permission.READ_NATION):
            return self
        return self.of(reach.organisations(Permission.READ_AGREEMENTS))

    def of(self, organisation_ids: Collection[int]) -> VersionQuerySet:
        """Versions one of whose parties is among the organisations."""
        parties = Party.objects.filter(organisation_id__in=organisation_ids)
        return self.filter(pk__in=parties.values("version_id"))

    def working(self) -> VersionQuerySet:
        return self.filter(state__in=WORKING)

    def in_force(self, on: datetime.date) -> VersionQuerySet:
        return self.filter(pk__in=Party.objects.filter(in_force__contains=on).values("version_id"))

    def living(self) -> VersionQuerySet:
        """Versions whose contact points matter: being written, or in force."""
        return self.filter(state__in=LIVING)

    def lapsed(self) -> VersionQuerySet:
        """Versions that have ended and left a municipality with nothing in force or in work."""
        living = Party.objects.filter(organisation=OuterRef("organisation"), version__state__in=LIVING)
        ours = Party.objects.filter(version=OuterRef("pk"), side=Organisation.Side.MUNICIPALITY)
        alone = ours.exclude(Exists(living))
        later = Version.objects.filter(agreement=OuterRef("agreement"), number__gt=OuterRef("number"))
        return self.filter(Exists(alone), state=State.ENDED).exclude(Exists(later.exclude(state=State.DISCARDED)))

    def watched(self) -> VersionQuerySet:
        """Versions that the check has something to say of: living, lapsed, or flagged when they were."""
        flagged = Exists(Version.objects.filter(pk=OuterRef("pk"), flags__isnull=False, flags__closed_at__isnull=True))
        lapsed = Version.objects.lapsed().values("pk")
        return self.filter(Q(state__in=LIVING) | Q(pk__in=lapsed) | flagged)

    def ending_by(self, day: datetime.date) -> VersionQuerySet:
        """In force with a last day, by its period or after notice, no later than this."""
        return self.filter(Q(period_end__lte=day) | Q(notice_until__lte=day), state=State.IN_FORCE)

    def with_heads(self) -> VersionQuerySet:
        return self.select_related("agreement", "template")


class Version(models.Model):
    """A version of an agreement: the thing that is written, proposed, signed and in force.

    From acceptance on it carries its whole text in `frozen` (see agreements.document) with the SHA-256 in `text_hash`.
    """

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="versions", verbose_name="överenskommelse", db_index=False
    )
    number = models.PositiveSmallIntegerField("version", default=1)
    template = models.ForeignKey(
        TemplateVersion, models.PROTECT, related_name="agreement_versions", verbose_name="mallversion"
    )
    title = models.CharField("rubrik", max_length=250)
    state = models.CharField("status", max_length=20, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField("status sedan", default=timezone.now)
    proposed_by_side = models.CharField("föreslagen av", max_length=20, choices=Organisation.Side, blank=True)
    period_start = models.DateField("gäller från", null=True, blank=True)
    period_end = models.DateField("gäller till och med", null=True, blank=True)
    revision_date = models.DateField("ses över senast", null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField("uppsägningstid, månader", null=True, blank=True)
    frozen = models.JSONField("fryst text", null=True, blank=True)
    text_hash = models.CharField("textens SHA-256", max_length=64, blank=True)
    locked_hash = models.CharField("den låsta textens SHA-256", max_length=64, blank=True)
    created_at = models.DateTimeField("skapad", default=timezone.now)
    signed_at = models.DateTimeField("sista underskrift", null=True, blank=True)
    discarded_at = models.DateTimeField("kasserad", null=True, blank=True)
    purged_at = models.DateTimeField("gallrad", null=True, blank=True)
    notice_until = models.DateField(
        "uppsagd till och med", null=True, blank=True, help_text="Sista dagen när den är uppsagd för alla kommuner."
    )
    ended_as = models.CharField("hur den upphörde", max_length=20, choices=Ending, blank=True)
    checked_at = models.DateTimeField("kontrollerad", null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version av överenskommelse"
        verbose_name_plural = "versioner av överenskommelser"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state__in=sorted(WORKING)),
                name="an_agreement_has_one_version_in_work",
            ),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_start__lt=F("period_end")),
                name="agreement_period_is_in_order",
            ),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True)
                | Q(revision_date__isnull=True)
                | Q(period_start__lte=F("revision_date")),
                name="revision_date_is_within_the_period",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(FROZEN))
                | (Q(frozen__isnull=False) & Q(text_hash__regex=r"^[0-9a-f]{64}$")),
                name="a_fixed_version_carries_its_text_and_hash",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.IN_FORCE, State.ENDED]) | Q(signed_at__isnull=False),
                name="a_version_in_force_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DISCARDED, discarded_at__isnull=False)
                | (~Q(state=State.DISCARDED) & Q(discarded_at__isnull=True)),
                name="a_discarded_version_says_when",
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | Q(state=State.DISCARDED),
                name="only_a_discarded_version_is_purged",
            ),
            models.CheckConstraint(
                condition=Q(notice_until__isnull=True) | Q(state__in=[State.IN_FORCE, State.ENDED]),
                name="notice_is_given_of_what_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ENDED, ended_as__in=Ending.values) | (~Q(state=State.ENDED) & Q(ended_as="")),
                name="a_version_that_has_ended_says_how",
            ),
        ]
        indexes = [models.Index(fields=["state", "period_end"], name="version_state_end")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_frozen(self) -> bool:
        return self.state in FROZEN

    @property
    def last_day(self) -> datetime.date | None:
        """The last day as it stands now: that of the period, or an earlier one when notice has been given."""
        return min((day for day in (self.period_end, self.notice_until) if day), default=None)

    def standing(self, *, amending: bool = False) -> Standing:
        """amending: a new version is in work."""
        under_notice = self.notice_until is not None
        return standing_of(self.state, ended_as=self.ended_as, under_notice=under_notice, amending=amending)

    @property
    def subject(self) -> str:
        """What history calls this agreement."""
        return f"agreement:{self.agreement_id}"


def remains(on: datetime.date, party: str = "") -> Q:
    """Parties, but for those who have left a version that is in force for others. party: the way, with its underscores.

    Said in the affirmative: a range without an end has no last day to compare, and NOT of nothing is nothing.
    """
    bound = Q(**{f"{party}in_force__upper_inf": True}) | Q(**{f"{party}in_force__endswith__gt": on})
    return bound | Q(**{f"{party}in_force__isnull": True}) | ~Q(**{f"{party}version__state": State.IN_FORCE})


class PartyQuerySet(models.QuerySet["Party"]):
    def remaining(self, on: datetime.date) -> PartyQuerySet:
        """Without those who have left a version that is still in force for others."""
        return self.filter(remains(on))

    def binding_from(self, on: datetime.date) -> PartyQuerySet:
        """Parties that are bound on the day or on a later one."""
        return self.filter(Q(in_force__upper_inf=True) | Q(in_force__endswith__gt=on))


class Party(models.Model):
    """An organisation's part in a version. Coverage counts parties, never agreements.

    `in_force` is the range of days on which the version binds this party; a party that leaves gets it shortened.
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="parties", verbose_name="version", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="agreement_parties", verbose_name="organisation", db_index=False
    )
    side = models.CharField("sida", max_length=20, choices=Organisation.Side)
    position = models.PositiveSmallIntegerField("ordning", default=0)
    name = models.CharField("namn", max_length=150, help_text="Som det stod när versionen skrevs.")
    unit = models.CharField("nämnd, förvaltning eller enhet", max_length=200, blank=True)
    org_number = models.CharField("organisationsnummer", max_length=11, blank=True)
    case_number = models.CharField("diarienummer", max_length=60, blank=True)
    signing_function = models.CharField("undertecknas av funktionen", max_length=120, blank=True)
    in_force = DateRangeField("gällande dagar", null=True, blank=True)
    leaving = ""
    """When the party leaves, in words, where a page shows it."""

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = "part"
        verbose_name_plural = "parter"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "organisation"], name="an_organisation_is_party_once"),
            models.CheckConstraint(
                condition=Q(side__in=[Organisation.Side.MUNICIPALITY, Organisation.Side.AF]),
                name="a_party_takes_a_side",
            ),
            ExclusionConstraint(
                name="one_agreement_in_force_per_municipality_and_day",
                expressions=[("organisation", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
                condition=Q(side=Organisation.Side.MUNICIPALITY, in_force__isnull=False),
                violation_error_message="Kommunen har redan en gällande överenskommelse under perioden.",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "version"], name="party_organisation")]

    def __str__(self) -> str:
        return self.name

    @property
    def signature_or_none(self) -> Signature | None:
        """The party's signature, when it has signed."""
        return getattr(self, "signature", None)


class Section(models.Model):
    """The local content of one section of a version; `revision` grows with every save."""

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="sections", verbose_name="version", db_index=False
    )
    template_section = models.ForeignKey(
        TemplateSection, models.PROTECT, related_name="+", verbose_name="avsnitt i mallen", db_index=False
    )
    key = models.SlugField(max_length=40, db_index=False)
    content = models.JSONField("lokalt innehåll", default=dict, blank=True)
    content_hash = models.GeneratedField(
        expression=MD5(Cast("content", models.TextField())),
        output_field=models.CharField(max_length=32),
        db_persist=True,
    )
    findings = models.JSONField(
        "fynd i texten", default=list, blank=True, help_text="What the person-bound check found: flags.InText as lists."
    )
    checked_as = models.CharField(
        "kontrollerad som", max_length=60, blank=True, help_text="Content hash and edition of the check at that time."
    )
    revision = models.PositiveIntegerField("ändringsnummer", default=0)
    changed_at = models.DateTimeField("ändrad", null=True, blank=True)
    changed_by = models.CharField("ändrad av", max_length=150, blank=True)
    changed_by_id = models.BigIntegerField("användarens id", null=True, blank=True)

    class Meta:
        verbose_name = "avsnitt"
        verbose_name_plural = "avsnitt"
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="a_section_stands_once_in_a_version")]

    def __str__(self) -> str:
        return self.key


class AgreementContact(models.Model):
    """A contact point that a version rests on, for a party at a level (section 7)."""

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="contacts", verbose_name="version", db_index=False
    )
    party = models.ForeignKey(Party, models.CASCADE, related_name="contacts", verbose_name="part")
    contact_point = models.ForeignKey(
        ContactPoint, models.PROTECT, related_name="agreement_contacts", verbose_name="kontaktyta"
    )
    level = models.CharField("nivå", max_length=20, choices=Level)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "kontaktyta i överenskommelse"
        verbose_name_plural = "kontaktytor i överenskommelser"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "contact_point", "level"], name="a_contact_point_stands_once_at_a_level"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.contact_point_id}"


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
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.function}"
