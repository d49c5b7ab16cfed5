"""Follow-ups that have been held (section 17): the latest one answers rule N11."""

from __future__ import annotations

from django.db import models

from agreements.models.agreement import Agreement


class FollowUp(models.Model):
    """A follow-up that the parties have held. It belongs to the agreement, whichever version was in force."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="follow_ups", verbose_name="överenskommelse", db_index=False
    )
    held_on = models.DateField("hölls den")
    summary = models.CharField("kort om resultatet", max_length=500, blank=True)

    class Meta:
        verbose_name = "uppföljning"
        verbose_name_plural = "uppföljningar"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "held_on"], name="one_follow_up_of_an_agreement_a_day"),
        ]

    def __str__(self) -> str:
        return f"Uppföljning {self.held_on}"
