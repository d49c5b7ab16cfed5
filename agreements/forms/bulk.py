"""What is to be done with the agreements that were chosen in the list."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import QueryDict

from agreements.forms.moves import MOST_LETTERS
from agreements.models import BulkRun
from contacts.personbound import find_identity_numbers

WORDS = {
    BulkRun.Verb.RENEW: (
        "Förnya",
        "Varje överenskommelse får en ny version med en lika lång tid från dagen efter den nuvarande och samma texter. "
        "Den föreslås genast för den andra parten om inget återstår att fylla i.",
    ),
    BulkRun.Verb.PROPOSE: ("Föreslå", "Varje utkast där inget återstår föreslås för den andra parten."),
    BulkRun.Verb.DISCARD: ("Kassera utkast", "Varje utkast läggs i papperskorgen och kan tas tillbaka i 30 dagar."),
}


class BulkForm(forms.Form):
    use_required_attribute = False
    verb = forms.ChoiceField(
        label="Gör det här",
        choices=BulkRun.Verb.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj vad som ska göras.", "invalid_choice": "Välj vad som ska göras."},
    )
    reason = forms.CharField(
        label="Skäl",
        required=False,
        max_length=MOST_LETTERS,
        help_text="Behövs när utkast kasseras. Skälet visas för den andra parten.",
        widget=forms.Textarea({"rows": 3}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, verb: str) -> None:
        super().__init__(data, initial={"verb": verb, "token": uuid.uuid4()}, label_suffix="")

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        reason = str(facts.get("reason", ""))
        if facts.get("verb") == BulkRun.Verb.DISCARD and len(reason.strip()) < 3:
            self.add_error("reason", "Skriv ett skäl, så att den andra parten förstår varför.")
        if find_identity_numbers(reason):
            self.add_error("reason", "Skälet får inte innehålla personnummer.")
        return facts

    def facts(self) -> dict[str, str]:
        discards = self.cleaned_data["verb"] == BulkRun.Verb.DISCARD
        return {"reason": self.cleaned_data["reason"]} if discards else {}
