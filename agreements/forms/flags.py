"""Forms beside the flags: letting one be for a time, noting a follow-up."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from agreements.actions.following_up import follow_up_complaints
from agreements.actions.waiving import LONGEST_MONTHS, waiver_complaints
from agreements.deadlines import months_before
from agreements.models import Flag, Version

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


class FollowUpForm(forms.Form):
    """When a follow-up was held, and shortly what came of it."""

    use_required_attribute = False
    held_on = forms.DateField(label="Uppföljningen hölls", widget=day_input(), error_messages=WRONG_DATE)
    summary = forms.CharField(
        label="Kort om resultatet",
        max_length=500,
        required=False,
        help_text="Hur det går med målen och vad ni ändrar. Inga uppgifter om enskilda personer.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": "Högst 500 tecken får plats."},
    )

    def __init__(self, data: QueryDict | None, version: Version, today: datetime.date) -> None:
        super().__init__(data, label_suffix="")
        self.version, self.today = version, today

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if "held_on" in facts:
            complaints = follow_up_complaints(self.version, facts["held_on"], facts.get("summary", ""), self.today)
            for name, complaint in complaints.items():
                self.add_error(name, complaint)
        return facts
