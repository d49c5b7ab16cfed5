"""Filters of the list of agreements that somebody has named, to come back to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models import User
from municipalities.models import Organisation


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def for_user(self, user: User) -> SavedViewQuerySet:
        """One's own, and those that are shared where one has a role, by name."""
        mine = Organisation.objects.filter(memberships__user=user, memberships__to_date__isnull=True)
        return self.filter(Q(user=user) | Q(shared_with__in=mine)).select_related("shared_with").order_by("name", "pk")


class SavedView(models.Model):
    """A named filter: the query of the list's address, without the page."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name="användare", db_index=False)
    name = models.CharField("namn", max_length=60)
    query = models.CharField("filter", max_length=500, blank=True)
    shared_with = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="delas inom"
    )
    created_at = models.DateTimeField("skapad", default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "sparad vy"
        verbose_name_plural = "sparade vyer"
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="a_users_views_have_their_own_names")]

    def __str__(self) -> str:
        return self.name
