"""Files that belong to an agreement version or to a follow-up: what is stored once, and each place it is attached."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.inspecting.kinds import CONTENT_TYPES, FileKind
from agreements.models.agreement import Version
from agreements.models.follow_up import FollowUp


class AttachedFileQuerySet(models.QuerySet["AttachedFile"]):
    def due(self, now: datetime.datetime) -> AttachedFileQuerySet:
        """Waiting for a worker, and in nobody's hands; oldest first."""
        return self.filter(status=AttachedFile.Status.WAITING, due_at__lte=now).order_by("pk")

    def unattached(self) -> AttachedFileQuerySet:
        """Nothing needs it: it is attached nowhere, and nobody has signed it."""
        return self.filter(attachments__isnull=True, signed_files__isnull=True)


class AttachedFile(models.Model):
    """The bytes of one file, known by their SHA-256 and never changed. It is handed out once a worker has cleared it.

    Personal data: `text` is what the file says, kept for search and for the check of identity numbers; it goes with
    the file when nothing is attached to it any more.
    """

    class Kind(models.TextChoices):
        PDF = FileKind.PDF.value, "PDF"
        DOCX = FileKind.DOCX.value, "Word"
        XLSX = FileKind.XLSX.value, "Excel"
        PNG = FileKind.PNG.value, "PNG-bild"
        JPEG = FileKind.JPEG.value, "JPEG-bild"

    class Status(models.TextChoices):
        WAITING = "waiting", "Kontrolleras"
        CLEAR = "clear", "Kontrollerad"
        REFUSED = "refused", "Stoppad"

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    kind = models.CharField("slag", max_length=10, choices=Kind)
    size = models.PositiveIntegerField("storlek, byte")
    file = models.FileField("fil", upload_to="")
    status = models.CharField("status", max_length=10, choices=Status, default=Status.WAITING)
    failure = models.CharField("hinder", max_length=300, blank=True, help_text="Varför den väntar eller är stoppad.")
    stored_at = models.DateTimeField("lagrad", default=timezone.now)
    due_at = models.DateTimeField("kontrolleras tidigast", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("försök", default=0)
    scanned_at = models.DateTimeField("genomsökt", null=True, blank=True)
    read_at = models.DateTimeField("läst", null=True, blank=True)
    read_as = models.CharField("läst som", max_length=60, blank=True, help_text="The edition of the person check.")
    text = models.TextField("text", blank=True)
    identity_numbers = models.PositiveSmallIntegerField("personnummer i texten", default=0)

    objects = AttachedFileQuerySet.as_manager()

    class Meta:
        verbose_name = "lagrad fil"
        verbose_name_plural = "lagrade filer"
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$") & Q(size__gt=0), name="a_stored_file_has_hash_and_bytes"
            ),
            models.CheckConstraint(condition=~Q(status="refused") | ~Q(failure=""), name="a_refused_file_says_why"),
            models.CheckConstraint(condition=~Q(status="clear") | ~Q(file=""), name="a_cleared_file_is_there"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(status="waiting"), name="attached_file_waiting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sha256[:8]}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[FileKind(self.kind)]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def with_files(self) -> AttachmentQuerySet:
        """With what is shown of their files: never the text in them."""
        return self.select_related("file").defer("file__text")

    def belonging_to(self, version: Version) -> AttachmentQuerySet:
        """Those of the version, and of the follow-ups of its agreement."""
        ours = Q(version=version) | Q(follow_up__agreement=version.agreement_id)
        return self.with_files().filter(ours)


class Attachment(models.Model):
    """A file's place: in a version, whose text it is part of, or with a follow-up that has been held.

    Personal data: title, name and `added_by` are typed or taken from a person, and are covered where names are.
    """

    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="version"
    )
    follow_up = models.ForeignKey(
        FollowUp, models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name="uppföljning"
    )
    file = models.ForeignKey(AttachedFile, models.PROTECT, related_name="attachments", verbose_name="fil")
    title = models.CharField("rubrik", max_length=150)
    name = models.CharField("filnamn", max_length=150)
    section_key = models.SlugField("avsnitt", max_length=40, blank=True, db_index=False)
    added_at = models.DateTimeField("tillagd", default=timezone.now)
    added_by = models.CharField("tillagd av", max_length=150, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "bilaga"
        verbose_name_plural = "bilagor"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=False, follow_up__isnull=True)
                | Q(version__isnull=True, follow_up__isnull=False),
                name="an_attachment_has_one_place",
            ),
            models.UniqueConstraint(
                fields=["version", "file"],
                condition=Q(version__isnull=False),
                name="a_file_is_attached_once_to_a_version",
            ),
            models.UniqueConstraint(
                fields=["follow_up", "file"],
                condition=Q(follow_up__isnull=False),
                name="a_file_is_attached_once_to_a_follow_up",
            ),
        ]

    def __str__(self) -> str:
        return self.title
