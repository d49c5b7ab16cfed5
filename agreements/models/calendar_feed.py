"""Secret addresses at which calendars fetch an organisation's days."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models import User
from municipalities.models import Organisation


class CalendarFeed(models.Model):
    """A secret address, of which only the hash is kept. It opens for as long as its maker reads the organisation."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="calendar_feeds", verbose_name="organisation", db_index=False
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds", verbose_name="skapad av")
    address_hash = models.CharField("adressens SHA-256", max_length=64, unique=True)
    created_at = models.DateTimeField("skapad", default=timezone.now)
    revoked_at = models.DateTimeField("avslutad", null=True, blank=True)

    class Meta:
        verbose_name = "kalenderadress"
        verbose_name_plural = "kalenderadresser"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(revoked_at__isnull=True),
                name="a_user_has_one_calendar_address_for_an_organisation",
            ),
            models.CheckConstraint(condition=Q(address_hash__regex=r"^[0-9a-f]{64}$"), name="only_the_hash_is_kept"),
        ]

    def __str__(self) -> str:
        return f"Kalenderadress för {self.organisation_id}"
