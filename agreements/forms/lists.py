"""The filter of the list of agreements. A value that is not on the list counts as no filter."""

from __future__ import annotations

from django import forms

from agreements.states import State

FLAGGED = "flaggade"
ENDING = "upphor-snart"


class AgreementFilter(forms.Form):
    use_required_attribute = False
    q = forms.CharField(
        label="Kommun, motpart eller beteckning",
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Alla utom kasserade"), *State.choices])
    visa = forms.ChoiceField(
        label="Visa bara",
        required=False,
        choices=[("", "Alla"), (FLAGGED, "Med något att rätta"), (ENDING, "Upphör inom sex månader")],
    )

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").replace("\x00", "")
