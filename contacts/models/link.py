"""Links in letters that open one page for one user, once."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from contacts.models.people import User


class PersonalLinkQuerySet(models.QuerySet["PersonalLink"]):
    def open(self, now: datetime.datetime) -> PersonalLinkQuerySet:
        """Neither used, closed nor too old."""
        return self.filter(closed_at__isnull=True, expires_at__gt=now)


class PersonalLink(models.Model):
    """A way to one page, for one login, once. The secret in its address is made anew when a letter leaves, from the
    seed and the portal's own key; here stands its hash alone.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="links", verbose_name="mottagare")
    subject = models.CharField("gäller", max_length=60, help_text='For example "agreement:12".')
    path = models.CharField("sida", max_length=200)
    seed = models.CharField("frö", max_length=40, unique=True, editable=False)
    sha256 = models.CharField("hemlighetens SHA-256", max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("skapad", default=timezone.now)
    expires_at = models.DateTimeField("gäller till")
    closed_at = models.DateTimeField("stängd", null=True, blank=True, help_text="Used, or no longer of use.")

    objects = PersonalLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "personlig länk"
        verbose_name_plural = "personliga länkar"
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_link_is_kept_as_its_hash"),
            models.CheckConstraint(condition=Q(path__startswith="/"), name="a_link_leads_to_a_page_of_ours"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="a_link_expires"),
            models.UniqueConstraint(
                fields=["user", "path"], condition=Q(closed_at__isnull=True), name="a_user_has_one_open_link_to_a_page"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} för användare {self.user_id}"
