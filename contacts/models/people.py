"""The people: users, functions, contact points, their holders, and the history of everything."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from contacts.roles import Role
from municipalities.models import Organisation, fold, search_key


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A login: always a person, never a shared mailbox. What the person may do is in Membership."""

    email = models.EmailField("e-post", unique=True)
    name = models.CharField("namn", max_length=150)
    is_active = models.BooleanField("aktiv", default=True)
    is_staff = models.BooleanField("kan öppna administrationen", default=False)
    date_joined = models.DateTimeField("upplagd", default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "användare"
        verbose_name_plural = "användare"
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name


class OrganisationUserPermission(UserObjectPermissionBase):
    """django-guardian's grants as rows with a real foreign key. Only contacts.access reads and writes them."""

    content_object = models.ForeignKey(Organisation, models.CASCADE, related_name="user_permissions")

    class Meta:
        unique_together: ClassVar[list[list[str]]] = [["user", "permission", "content_object"]]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: datetime.date) -> MembershipQuerySet:
        return self.filter(Q(to_date__isnull=True) | Q(to_date__gt=on), from_date__lte=on)

    def matching(self, text: str, *, names: bool) -> MembershipQuerySet:
        """Whose organisation holds the text or, for those who see names, whose name or address does."""
        key = fold(text)
        found = Q(organisation__search_key__contains=key)
        if names:
            found |= Q(person__contains=key) | Q(user__email__contains=key)
        return self.alias(person=search_key("user__name")).filter(found) if key else self


class Membership(models.Model):
    """A user's role in an organisation, from and to a date. The grants follow from it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="användare")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name="organisation"
    )
    role = models.CharField("roll", max_length=30, choices=Role)
    from_date = models.DateField("från")
    to_date = models.DateField("till", null=True, blank=True, help_text="Första dagen rollen inte längre gäller.")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "medlemskap"
        verbose_name_plural = "medlemskap"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(to_date__isnull=True),
                name="a_user_holds_a_role_once_in_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="membership_dates_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"


class Level(models.TextChoices):
    """Levels of cooperation; strategic and operative are mandatory in every agreement."""

    STRATEGIC = "strategic", "Strategisk"
    TACTICAL = "tactical", "Taktisk"
    OPERATIVE = "operative", "Operativ"
    SUPPORT = "support", "Stöd"


class Function(models.Model):
    """A function in the controlled list that SKR can extend; "annan funktion" is named in the contact point."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField("namn", max_length=100)
    side = models.CharField("sida", max_length=20, choices=Organisation.Side)
    level = models.CharField("nivå", max_length=20, choices=Level)
    signing = models.BooleanField("kan underteckna", default=False)
    other = models.BooleanField("annan funktion", default=False, help_text="Funktionen namnges i kontaktytan.")
    active = models.BooleanField("kan väljas", default=True)
    mends = models.PositiveSmallIntegerField(
        "rättar som nummer",
        null=True,
        blank=True,
        help_text="Den funktion med lägst nummer som organisationen har får brev om det som ska rättas.",
    )
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "funktion"
        verbose_name_plural = "funktioner"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def active(self) -> ContactPointQuerySet:
        return self.filter(ended_on__isnull=True)

    def reachable(self) -> ContactPointQuerySet:
        """Those with a mailbox that has not bounced."""
        return self.active().filter(bounced_at__isnull=True).exclude(mailbox="")

    def of(self, organisation_id: int) -> ContactPointQuerySet:
        return self.filter(organisation_id=organisation_id)

    def with_function(self) -> ContactPointQuerySet:
        return self.select_related("function", "deputy__function")

    def by_level(self) -> ContactPointQuerySet:
        """Strategic first, then tactical, operative and support; the catalogue's order within a level."""
        place = models.Case(
            *(models.When(level=level, then=models.Value(i)) for i, level in enumerate(Level.values)),
            output_field=models.SmallIntegerField(),
        )
        return self.order_by(place, "function__position", "pk")


class ContactPoint(models.Model):
    """A way to reach a function of an organisation. It carries no person: persons are in Holder."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contact_points", verbose_name="organisation"
    )
    function = models.ForeignKey(Function, models.PROTECT, related_name="contact_points", verbose_name="funktion")
    function_text = models.CharField(
        "funktionens namn",
        max_length=120,
        blank=True,
        help_text="Fyll i när funktionen saknas i listan eller behöver preciseras, till exempel Enhetschef Nord.",
    )
    level = models.CharField("nivå", max_length=20, choices=Level)
    unit = models.CharField("enhet", max_length=150, blank=True)
    mailbox = models.EmailField("funktionsbrevlåda", blank=True)
    phone = models.CharField("växel eller funktionstelefon", max_length=40, blank=True)
    sdk_address = models.CharField("SDK-adress", max_length=150, blank=True)
    postal_address = models.CharField("postadress", max_length=250, blank=True)
    deputy = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deputy_for",
        verbose_name="ersättare (funktion)",
    )
    confirmed_at = models.DateTimeField("bekräftad", null=True, blank=True)
    bounced_at = models.DateTimeField("studsade", null=True, blank=True)
    ended_on = models.DateField("upphörde", null=True, blank=True)
    created_at = models.DateTimeField("skapad", default=timezone.now)
    revision = models.PositiveIntegerField("ändringsnummer", default=1)
    assessment = models.JSONField(
        "bedömning", default=dict, blank=True, editable=False, help_text="What the check said last: judging.stored."
    )
    assessed_as = models.CharField(
        "bedömd som", max_length=60, blank=True, editable=False, help_text="Hash of the facts, and the check's edition."
    )

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = "kontaktyta"
        verbose_name_plural = "kontaktytor"
        constraints = [
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("pk")),
                name="a_contact_point_is_not_its_own_deputy",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "level"],
                condition=Q(ended_on__isnull=True),
                name="contact_point_active",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The function's name as written in agreements."""
        return self.function_text or self.function.name


class HolderQuerySet(models.QuerySet["Holder"]):
    def current(self, on: datetime.date) -> HolderQuerySet:
        return self.filter(Q(to_date__isnull=True) | Q(to_date__gt=on), from_date__lte=on)


class Holder(models.Model):
    """Who holds a function, from and to a date. Personal data; never printed in an agreement but in annex B4."""

    contact_point = models.ForeignKey(ContactPoint, models.PROTECT, related_name="holders", verbose_name="kontaktyta")
    name = models.CharField("namn", max_length=150)
    email = models.EmailField("personlig e-post", blank=True)
    phone = models.CharField("mobil eller direktnummer", max_length=40, blank=True)
    from_date = models.DateField("från")
    to_date = models.DateField(
        "till", null=True, blank=True, help_text="Första dagen personen inte längre har funktionen."
    )

    objects = HolderQuerySet.as_manager()

    class Meta:
        verbose_name = "innehavare"
        verbose_name_plural = "innehavare"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="holder_dates_are_in_order",
            ),
            models.UniqueConstraint(
                fields=["contact_point"],
                condition=Q(to_date__isnull=True),
                name="a_contact_point_has_one_holder_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, *subjects: str) -> EventQuerySet:
        return self.filter(subject__in=subjects)

    def newest_first(self) -> EventQuerySet:
        return self.order_by("-pk")


class Event(models.Model):
    """History and outbox in one row, without foreign keys: it outlives what it tells of.

    `pending` is True while a worker has consequences left to draw (recheck, PDF).
    """

    type = models.CharField("händelse", max_length=60)
    subject = models.CharField("gäller", max_length=60, help_text='For example "agreement:12" or "contact_point:7".')
    at = models.DateTimeField("när", default=timezone.now)
    actor_id = models.BigIntegerField("användarens id", null=True, blank=True)
    actor_name = models.CharField("vem", max_length=150, blank=True)
    actor_function = models.CharField("i funktionen", max_length=200, blank=True)
    before = models.JSONField("före", default=dict, blank=True)
    after = models.JSONField("efter", default=dict, blank=True)
    pending = models.BooleanField("väntar på arbetare", default=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "händelse"
        verbose_name_plural = "händelser"
        indexes = [
            models.Index(fields=["subject", "-id"], name="event_subject"),
            models.Index(fields=["id"], condition=Q(pending=True), name="event_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"
