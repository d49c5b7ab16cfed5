"""What the search knows: a row for each thing that can be found, kept by the worker."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from agreements.models.agreement import Version
from agreements.models.attachment import Attachment
from contacts.models import ContactPoint
from municipalities.models import Organisation


class SearchDocument(models.Model):
    """Something that can be found, for everybody or for those who may, or may not, see names.

    What holds names has two rows: `named` as it stands, and `covered` without the names, in text and words alike, so
    that who may not see a name cannot find by it either. Personal data: the same as in what it is made of, and it goes
    when that goes.
    """

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", "Överenskommelse"
        SECTION = "section", "Avsnitt"
        ATTACHMENT = "attachment", "Bifogad fil"
        CONTACT = "contact", "Kontaktyta"
        ORGANISATION = "organisation", "Organisation"

    class Audience(models.TextChoices):
        ALL = "all", "Alla"
        NAMED = "named", "De som får se namn"
        COVERED = "covered", "De som inte får se namn"

    kind = models.CharField("slag", max_length=20, choices=Kind)
    audience = models.CharField("för", max_length=10, choices=Audience)
    version = models.ForeignKey(
        Version, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="version", db_index=False
    )
    section_key = models.SlugField("avsnitt", max_length=40, blank=True, db_index=False)
    attachment = models.ForeignKey(
        Attachment, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="bifogad fil"
    )
    contact_point = models.ForeignKey(
        ContactPoint, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="kontaktyta"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="organisation"
    )
    parties = ArrayField(models.BigIntegerField(), verbose_name="organisationer vars läsare får hitta den")
    title = models.CharField("rubrik", max_length=250)
    text = models.TextField("text", blank=True)
    title_key = models.CharField("rubriken utan prickar", max_length=250, blank=True)
    words = SearchVectorField("ord")
    at = models.DateTimeField("senast ändrad")
    mark = models.CharField("gjord av", max_length=32, help_text="A hash of what it was made of, and how.")

    class Meta:
        verbose_name = "sökbar text"
        verbose_name_plural = "sökbara texter"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind", "section_key", "attachment", "contact_point", "organisation", "audience"],
                nulls_distinct=False,
                name="a_thing_is_found_once",
            )
        ]
        indexes = [
            GinIndex(fields=["words", "parties"], name="search_words"),
            GinIndex(fields=["parties"], name="search_parties"),
            GinIndex(
                fields=["title_key"],
                opclasses=["gin_trgm_ops"],
                condition=~Q(kind="section"),
                name="search_title",
            ),
            models.Index(fields=["-at", "-id"], name="search_newest"),
        ]

    def __str__(self) -> str:
        return self.title
