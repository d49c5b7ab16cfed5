"""Audits of what is stored, and archives that somebody has asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone

from agreements.models.agreement import Version
from contacts.access import Permission, Reach
from contacts.models import User
from municipalities.models import Organisation


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


class ArchiveOrderQuerySet(models.QuerySet["ArchiveOrder"]):
    def unfinished(self) -> ArchiveOrderQuerySet:
        return self.filter(finished_at__isnull=True)

    def visible_to(self, reach: Reach) -> ArchiveOrderQuerySet:
        """What one's organisation has asked for; with names only for those who see its names."""
        nation = Q() if reach.nationally(Permission.READ_NATION) else Q(scope=ArchiveOrder.Scope.OWN)
        named = Q(names=False) | Q(organisation__in=reach.organisations(Permission.SEE_NAMES))
        return self.filter(nation, named, organisation__in=reach.organisations(Permission.READ_AGREEMENTS))

    def with_progress(self) -> ArchiveOrderQuerySet:
        """Adds how many agreements are handled and packed, and how many bytes they are."""
        packed = Q(rows__outcome=ArchiveRow.Outcome.PACKED)
        return self.annotate(
            handled=Count("rows", filter=Q(rows__handled_at__isnull=False)),
            packed=Count("rows", filter=packed),
            bytes=Sum("rows__size", filter=packed, default=0),
        )


class ArchiveOrder(models.Model):
    """All signed agreements of a choice, asked for as one archive. Each is packed by itself; the file is put together
    when it is fetched, and purged after some days.
    """

    class Scope(models.TextChoices):
        OWN = "own", "Egna överenskommelser"
        COUNTY = "county", "Ett län"
        REGION = "region", "En AF-region"
        COUNTRY = "country", "Hela landet"

    scope = models.CharField("urval", max_length=10, choices=Scope)
    place = models.CharField("vilket län eller vilken region", max_length=20, blank=True)
    label = models.CharField("urvalet i ord", max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="archive_orders", verbose_name="för organisationen"
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="archive_orders", verbose_name="användare")
    names = models.BooleanField("med namn", default=False)
    total = models.PositiveIntegerField("antal", default=0)
    ordered_at = models.DateTimeField("beställt", default=timezone.now)
    due_at = models.DateTimeField("görs tidigast", default=timezone.now)
    failure = models.CharField("hinder", max_length=300, blank=True, help_text="Why it waits.")
    finished_at = models.DateTimeField("klart", null=True, blank=True)
    purged_at = models.DateTimeField("gallrat", null=True, blank=True)

    objects = ArchiveOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "beställt arkiv"
        verbose_name_plural = "beställda arkiv"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scope", "place", "names"],
                condition=Q(finished_at__isnull=True),
                name="one_archive_order_at_a_time_per_choice",
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | Q(finished_at__isnull=False),
                name="only_a_finished_archive_order_is_purged",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def subject(self) -> str:
        """What history calls it."""
        return f"archive_order:{self.pk}"


class ArchiveRow(models.Model):
    """One agreement of an order, and what became of it; its package stands in the storage under its own hash."""

    class Outcome(models.TextChoices):
        PACKED = "packed", "Med i arkivet"
        NOT_ALLOWED = "not_allowed", "Saknar behörighet"
        FAILED = "failed", "Kunde inte packas"

    order = models.ForeignKey(
        ArchiveOrder, models.CASCADE, related_name="rows", verbose_name="beställt arkiv", db_index=False
    )
    position = models.PositiveIntegerField("ordning")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+", verbose_name="version")
    label = models.CharField("överenskommelse", max_length=250)
    outcome = models.CharField("utfall", max_length=20, choices=Outcome, blank=True)
    message = models.CharField("besked", max_length=300, blank=True)
    name = models.CharField("filens namn i arkivet", max_length=100, blank=True)
    file = models.FileField("fil", upload_to="", blank=True)
    sha256 = models.CharField("filens SHA-256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("storlek, byte", default=0)
    handled_at = models.DateTimeField("behandlad", null=True, blank=True)

    class Meta:
        verbose_name = "överenskommelse i beställt arkiv"
        verbose_name_plural = "överenskommelser i beställda arkiv"
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="rows_of_an_archive_order_are_numbered"),
            models.UniqueConstraint(fields=["order", "version"], name="an_agreement_stands_once_in_an_archive_order"),
            models.CheckConstraint(
                condition=Q(outcome="", handled_at__isnull=True) | (~Q(outcome="") & Q(handled_at__isnull=False)),
                name="a_handled_agreement_says_what_became_of_it",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="packed") | (Q(sha256__regex=r"^[0-9a-f]{64}$") & Q(size__gt=0) & ~Q(name="")),
                name="a_packed_agreement_has_name_and_hash",
            ),
        ]
        indexes = [
            models.Index(
                fields=["order", "position"], condition=Q(handled_at__isnull=True), name="archive_row_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.label
