"""Forms of notice: giving it, and asking to take it back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from agreements.actions.giving_notice import Wish
from agreements.forms.moves import MOST_LETTERS, ReasonForm, SignForm
from agreements.models import Party, Version
from contacts.personbound import find_identity_numbers


class NoticeForm(SignForm):
    """On what authority, why, and where it must be said: for which municipality, or which day."""

    read = None  # type: ignore[assignment]  # this is how Django is told to leave an inherited field out
    seen_hash = None  # type: ignore[assignment]
    reason = forms.CharField(
        label="Skäl",
        max_length=MOST_LETTERS,
        min_length=3,
        help_text="Skälet visas för den andra parten och i historiken.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": "Skriv varför överenskommelsen sägs upp.",
            "min_length": "Skriv varför överenskommelsen sägs upp.",
            "max_length": f"Skälet får vara högst {MOST_LETTERS} tecken.",
        },
    )
    leaving = forms.TypedMultipleChoiceField(
        label="Kommun som överenskommelsen sägs upp för",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Ange för vilken kommun överenskommelsen sägs upp.",
            "invalid_choice": "Ange för vilken kommun överenskommelsen sägs upp.",
        },
    )
    last_day = forms.DateField(
        label="Sista dag",
        help_text="Överenskommelsen har ingen uppsägningstid. Ange vilken dag den ska upphöra.",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD.", "required": "Ange vilken dag den ska upphöra."},
    )
    field_order = ("leaving", "last_day", "reason", "function", "kind", "reference", "date")

    def __init__(
        self, data: QueryDict | None, *, version: Version, choices: Sequence[Party], initial: dict[str, Any]
    ) -> None:
        """choices: the municipalities that AF can give notice for; none when a municipality leaves by itself."""
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["function"].label = "Jag säger upp i funktionen"
        self.fields["kind"].label = "Jag har rätt att säga upp genom"
        leaving = self.fields["leaving"]
        if choices and isinstance(leaving, forms.TypedMultipleChoiceField):
            leaving.choices = [(party.pk, party.name) for party in choices]
        else:
            del self.fields["leaving"]
        if version.notice_months is not None:
            del self.fields["last_day"]

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        if find_identity_numbers(reason):
            raise forms.ValidationError("Skälet får inte innehålla personnummer.")
        return reason

    def wish(self) -> Wish:
        facts = self.cleaned_data
        last_day: datetime.date | None = facts.get("last_day")
        return Wish(facts["reason"], facts.get("leaving", ()), last_day)


class AskBackForm(ReasonForm):
    """Why the notice is taken back; nothing to write for whoever consents."""

    def __init__(self, data: QueryDict | None = None, *, needed: bool) -> None:
        super().__init__(data, needed=needed)
        if needed:
            self.fields["reason"].help_text = "Skriv så att den andra parten förstår varför ni vill fortsätta."
