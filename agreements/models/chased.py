"""Which flags were told of in which letter."""

from __future__ import annotations

from django.db import models

from agreements.chase import Step
from agreements.models.flag import Flag
from contacts.models import Letter

STEPS = [
    (str(Step.RESPONSIBLE), "den ansvariga funktionen"),
    (str(Step.DEPUTY), "ersättaren"),
    (str(Step.OTHER_PARTY), "den andra parten"),
    (str(Step.SKR), "SKR"),
]


class ChasedFlag(models.Model):
    """A flag that a letter names, and why its mailbox was told."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="chased_flags", verbose_name="brev", db_index=False)
    flag = models.ForeignKey(Flag, models.CASCADE, related_name="chased", verbose_name="flagga")
    step = models.CharField("skickat till", max_length=20, choices=STEPS)

    class Meta:
        verbose_name = "flagga i brev"
        verbose_name_plural = "flaggor i brev"
        constraints = [
            models.UniqueConstraint(fields=["letter", "flag"], name="a_letter_tells_of_a_flag_once"),
        ]

    def __str__(self) -> str:
        return f"{self.flag_id} i brev {self.letter_id}"
