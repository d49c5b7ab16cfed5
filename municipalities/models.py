"""The ground: organisations, municipalities, counties, SKR groups and map shapes."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower

ACCENTED = "åäöÅÄÖéèüáàÉÈÜÁÀ"
AFTER_Z = "{|}{|}eeuaaeeuaa"
UNACCENTED = "aaoaaoeeuaaeeuaa"
FOLDED = str.maketrans(ACCENTED, UNACCENTED)
SORTED = str.maketrans(ACCENTED, AFTER_Z)


def swedish_sort_key(field: str) -> Func:
    """Lower-cased name whose å, ä, ö sort after z under the C collation.

    Neither C.UTF-8 nor a server without ICU sorts the Swedish way, so the order is stored.
    """
    return translated(field, AFTER_Z)


def search_key(field: str) -> Func:
    """Lower-cased name without diacritics: "are" finds Åre."""
    return translated(field, UNACCENTED)


def translated(field: str, replacements: str) -> Func:
    """Spelt with Django's own classes, so that migrations import nothing of ours."""
    return Func(Lower(field), Value(ACCENTED), Value(replacements), function="translate")


def fold(text: str) -> str:
    """The search key of what a user typed; mirrors the generated column."""
    return text.lower().translate(FOLDED).strip()


def sorts_as(text: str) -> str:
    """What a name sorts by, where it is sorted outside the database; mirrors the generated column."""
    return text.lower().translate(SORTED)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def matching(self, text: str) -> OrganisationQuerySet:
        return self.filter(search_key__contains=fold(text)) if text.strip() else self

    def in_swedish_order(self) -> OrganisationQuerySet:
        return self.order_by("sort_key", "pk")


class Organisation(models.Model):
    """Anything that can be party, hold contact points or receive grants.

    One table, so that nothing switches on type.
    """

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", "Kommun"
        AF = "af", "Arbetsförmedlingen"
        AF_REGION = "af_region", "Region inom Arbetsförmedlingen"
        AF_UNIT = "af_unit", "Enhet inom Arbetsförmedlingen"
        SKR = "skr", "Sveriges Kommuner och Regioner"
        OTHER = "other", "Annan organisation"

    class Side(models.TextChoices):
        """The side an organisation takes in an agreement."""

        MUNICIPALITY = "municipality", "Kommun"
        AF = "af", "Arbetsförmedlingen"
        NONE = "none", "Ingen part"

    kind = models.CharField(max_length=20, choices=Kind)
    side = models.CharField(max_length=20, choices=Side)
    name = models.CharField("namn", max_length=150)
    short_name = models.CharField("kortnamn", max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="ingår i"
    )
    org_number = models.CharField("organisationsnummer", max_length=11, blank=True)
    mail_domain = models.CharField("e-postdomän", max_length=100, blank=True)
    sort_key = models.GeneratedField(
        expression=swedish_sort_key("short_name"),
        output_field=models.CharField(max_length=100, db_collation="C"),
        db_persist=True,
    )
    search_key = models.GeneratedField(
        expression=search_key("name"), output_field=models.CharField(max_length=150), db_persist=True
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisationer"
        default_permissions = ()
        # What can be granted on an organisation. contacts.access names them and a test compares the two.
        permissions = [
            ("read_agreements", "Läsa organisationens överenskommelser och kontaktytor"),
            ("edit_agreements", "Skriva, föreslå och granska överenskommelser"),
            ("edit_contacts", "Ändra kontaktytor och innehavare"),
            ("sign_agreements", "Underteckna överenskommelser"),
            ("see_names", "Se namn på innehavare"),
            ("read_nation", "Läsa hela landets överenskommelser och täckning"),
            ("edit_template", "Ändra den nationella mallen"),
            ("edit_rules", "Ändra den nationella lägsta nivån"),
            ("administer", "Administrera systemet"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="organisation_name_is_unique_within_its_kind"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="organisation_is_not_its_own_parent"),
        ]
        indexes = [models.Index(fields=["kind", "sort_key"], name="organisation_kind_sort")]

    def __str__(self) -> str:
        return self.name


class County(models.Model):
    """One of the 21 counties and the AF region that serves it (förordning 2022:593, 2 §)."""

    code = models.CharField("länskod", max_length=2, primary_key=True)
    name = models.CharField("namn", max_length=60)
    af_region = models.ForeignKey(Organisation, models.PROTECT, related_name="counties", verbose_name="AF-region")

    class Meta:
        verbose_name = "län"
        verbose_name_plural = "län"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class MunicipalityGroup(models.Model):
    """SKR:s kommungrupp 2023, for example A1 Storstäder."""

    code = models.CharField("kod", max_length=2, primary_key=True)
    name = models.CharField("namn", max_length=100)

    class Meta:
        verbose_name = "kommungrupp"
        verbose_name_plural = "kommungrupper"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def existing(self, on: datetime.date) -> MunicipalityQuerySet:
        """Municipalities that exist on a day; they merge and are never deleted."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gt=on)
        )


class Municipality(models.Model):
    """The facts of an organisation that is a municipality."""

    organisation = models.OneToOneField(
        Organisation,
        models.PROTECT,
        primary_key=True,
        related_name="municipality",
        verbose_name="organisation",
    )
    code = models.CharField("kommunkod", max_length=12, unique=True)
    county = models.ForeignKey(County, models.PROTECT, related_name="municipalities", verbose_name="län")
    group = models.ForeignKey(
        MunicipalityGroup, models.PROTECT, related_name="municipalities", verbose_name="kommungrupp"
    )
    population = models.PositiveIntegerField("folkmängd")
    population_year = models.PositiveSmallIntegerField("folkmängdens år")
    valid_from = models.DateField("finns från", null=True, blank=True)
    valid_to = models.DateField("upphör", null=True, blank=True, help_text="Första dagen kommunen inte längre finns.")
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="uppgått i"
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = "kommun"
        verbose_name_plural = "kommuner"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                name="municipality_validity_dates_are_in_order",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_to__isnull=False),
                name="a_municipality_with_a_successor_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name


class MunicipalityShape(models.Model):
    """A municipality's outline as an SVG path in map units: SWEREF 99 TM scaled, y downwards."""

    municipality = models.OneToOneField(
        Municipality, models.CASCADE, primary_key=True, related_name="shape", verbose_name="kommun"
    )
    path = models.TextField("SVG-form")
    min_x = models.FloatField()
    min_y = models.FloatField()
    max_x = models.FloatField()
    max_y = models.FloatField()

    class Meta:
        verbose_name = "kartform"
        verbose_name_plural = "kartformer"

    def __str__(self) -> str:
        return str(self.municipality_id)


class ReferenceRevision(models.Model):
    """A change of the ground itself: what was computed from it is kept until the next row."""

    at = models.DateTimeField("när", auto_now_add=True)
    what = models.CharField("vad", max_length=200)

    class Meta:
        verbose_name = "ändring av referensdata"
        verbose_name_plural = "ändringar av referensdata"

    def __str__(self) -> str:
        return self.what
