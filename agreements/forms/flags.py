"""The form beside a flag: letting it be for a time."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from agreements.actions.waiving import LONGEST_MONTHS, waiver_complaints
from agreements.deadlines import months_before
from agreements.models import Flag

WRONG_DATE = {"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD.", "required": "Skriv ett datum."}


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class WaiverForm(forms.Form):
    """Why a flag may wait, and until when."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Skäl",
        max_length=400,
        help_text="Till exempel: Ny funktionsbrevlåda är beställd och kommer i mars.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": "Skriv ett skäl, så att andra förstår varför det får vänta.",
            "max_length": "Skälet får vara högst 400 tecken.",
        },
    )
    until = forms.DateField(
        label="Till och med",
        help_text=f"Högst {LONGEST_MONTHS} månader. Därefter kommer flaggan tillbaka av sig själv.",
        widget=day_input(),
        error_messages=WRONG_DATE,
    )

    def __init__(self, data: QueryDict | None, flag: Flag, today: datetime.date) -> None:
        super().__init__(data, label_suffix="", initial={"until": months_before(today, -3)})
        self.flag, self.today = flag, today

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if "reason" in facts and "until" in facts:
            for name, complaint in waiver_complaints(self.flag.rule, **facts, today=self.today).items():
                self.add_error(name, complaint)
        return facts
