"""Talk about the text: threads that begin at a section, a row or some words, their comments, and whom they mention."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.models.agreement import Version
from contacts.access import Permission, Reach
from contacts.models import ContactPoint, Letter, User
from municipalities.models import Organisation


def internal_subject(agreement_id: int, organisation_id: int) -> str:
    """What history calls an organisation's own talk about an agreement: nobody else asks for it."""
    return f"internal:{agreement_id}:{organisation_id}"


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, reach: Reach) -> ThreadQuerySet:
        """What both parties see, and what is internal to an organisation one reads for."""
        return self.filter(Q(internal=False) | Q(organisation__in=reach.organisations(Permission.READ_AGREEMENTS)))

    def open(self) -> ThreadQuerySet:
        return self.filter(resolved_at__isnull=True)


class Thread(models.Model):
    """Something that is talked about in a version. `path` is "", "field", "field.row_id" or "field.row_id.column".

    The quoted words are found again by what stood around them (agreements.anchors); when they are gone the thread
    stays, with its quote.
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="threads", verbose_name="version", db_index=False)
    section_key = models.SlugField("avsnitt", max_length=40, db_index=False)
    path = models.CharField("plats i avsnittet", max_length=200, blank=True)
    about = models.CharField("gäller", max_length=250, blank=True, help_text="Platsen i ord, när tråden började.")
    quote = models.CharField("ord i texten", max_length=500, blank=True)
    offset = models.PositiveIntegerField("ordens plats", null=True, blank=True)
    before = models.CharField("det som stod före", max_length=40, blank=True)
    after = models.CharField("det som stod efter", max_length=40, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="organisation", db_index=False
    )
    internal = models.BooleanField("intern", default=False)
    created_at = models.DateTimeField("påbörjad", default=timezone.now)
    resolved_at = models.DateTimeField("klar", null=True, blank=True)
    resolved_by = models.CharField("klarmarkerad av", max_length=150, blank=True)
    resolved_function = models.CharField("i funktionen", max_length=200, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = "tråd"
        verbose_name_plural = "trådar"
        constraints = [
            models.CheckConstraint(
                condition=Q(quote="", offset__isnull=True) | (~Q(quote="") & Q(offset__isnull=False) & ~Q(path="")),
                name="quoted_words_have_a_place",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=False) | Q(resolved_by="", resolved_function=""),
                name="an_open_thread_is_resolved_by_nobody",
            ),
        ]
        indexes = [models.Index(fields=["version", "section_key"], name="thread_section")]

    def __str__(self) -> str:
        return f"{self.section_key} {self.about}"

    def subject(self, agreement_id: int) -> str:
        """Where its history stands: with the agreement's, or with the organisation's own."""
        if self.internal:
            return internal_subject(agreement_id, self.organisation_id)
        return f"agreement:{agreement_id}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, reach: Reach) -> CommentQuerySet:
        reads = reach.organisations(Permission.READ_AGREEMENTS)
        return self.filter(Q(thread__internal=False) | Q(thread__organisation__in=reads))

    def standing(self) -> CommentQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class Comment(models.Model):
    """One thing said, by a person in a function of one of the parties.

    Written under the version's lock, so that within a version numbers follow the order in which they can be seen.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="comments", verbose_name="tråd")
    author = models.ForeignKey(User, models.PROTECT, related_name="comments", verbose_name="skriven av")
    author_name = models.CharField("namn", max_length=150)
    author_function = models.CharField("i funktionen", max_length=200, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="för", db_index=False)
    text = models.TextField("kommentar")
    written_at = models.DateTimeField("skriven", default=timezone.now)
    changed_at = models.DateTimeField("ändrad", null=True, blank=True)
    withdrawn_at = models.DateTimeField("tillbakatagen", null=True, blank=True)
    mentioned: models.ManyToManyField[ContactPoint, Mention] = models.ManyToManyField(
        ContactPoint, through="Mention", related_name="mentioned_in", verbose_name="nämnda funktioner"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "kommentar"
        verbose_name_plural = "kommentarer"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_comment_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


class Mention(models.Model):
    """A function that is named in a comment, and gets it in its digest."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="mentions", verbose_name="kommentar", db_index=False
    )
    contact_point = models.ForeignKey(ContactPoint, models.PROTECT, related_name="mentions", verbose_name="kontaktyta")

    class Meta:
        verbose_name = "nämnd funktion"
        verbose_name_plural = "nämnda funktioner"
        constraints = [
            models.UniqueConstraint(fields=["comment", "contact_point"], name="a_comment_mentions_a_function_once")
        ]

    def __str__(self) -> str:
        return f"{self.contact_point_id} i kommentar {self.comment_id}"


class ToldEvent(models.Model):
    """Something that has happened, and a digest tells of: once to each mailbox."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="told_events", verbose_name="brev", db_index=False)
    event = models.BigIntegerField("händelse")

    class Meta:
        verbose_name = "händelse i brev"
        verbose_name_plural = "händelser i brev"
        constraints = [
            models.UniqueConstraint(fields=["letter", "event"], name="a_digest_tells_of_an_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event} i brev {self.letter_id}"
