"""Forms of signing: a signature, on somebody's behalf or not, and the order of the parties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from agreements.actions.signing import Commission
from agreements.commissions import Giver
from agreements.forms.moves import ReasonForm, SignForm
from agreements.models import Party
from contacts.personbound import find_identity_numbers

KEPT: Final = ("function", "kind", "reference", "date", "giver", "commission", "read", "seen_hash")
"""What is kept of a signature while its signatory shows who it is."""


class SignatureForm(SignForm):
    """With on whose behalf it is, when it is not one's own."""

    giver = forms.ChoiceField(
        label="Jag undertecknar på uppdrag av",
        required=False,
        help_text="Bara om någon annan har gett dig i uppdrag att underteckna i sitt ställe. Båda namnen skrivs ut, "
        "och båda får ett brev.",
        error_messages={"invalid_choice": "Välj någon som har rätt att underteckna för parten."},
    )
    commission = forms.CharField(
        label="Beslut om uppdraget",
        max_length=120,
        required=False,
        help_text="Beteckning och datum, till exempel delegationsbeslut D 14, 2026-03-02.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    field_order = ("function", "kind", "reference", "date", "giver", "commission", "read", "seen_hash")

    def __init__(
        self, data: QueryDict | None = None, *, givers: Sequence[Giver], initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        giver = self.fields["giver"]
        if givers and isinstance(giver, forms.ChoiceField):
            giver.choices = [("", "Ingen, jag undertecknar själv"), *((one.key, one.words) for one in givers)]
        else:
            del self.fields["giver"], self.fields["commission"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        giver, decision = (str(self.cleaned_data.get(name) or "").strip() for name in ("giver", "commission"))
        if giver and not decision:
            self.add_error("commission", "Skriv beslutet om uppdraget.")
        if decision and not giver and "giver" not in self.errors:
            self.add_error("giver", "Välj på vems uppdrag du undertecknar, eller töm fältet om beslutet.")
        if find_identity_numbers(decision):
            self.add_error("commission", "Skriv inte något personnummer här.")
        return self.cleaned_data

    def on_behalf(self) -> Commission | None:
        giver = self.cleaned_data.get("giver")
        return Commission(giver, self.cleaned_data["commission"]) if giver else None

    def kept(self) -> dict[str, str]:
        """What was typed, to be filled in again."""
        return {name: self.data[name] for name in KEPT if name in self.data}


class NotSigningForm(ReasonForm):
    """Why a party declines, or takes its signature back."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, needed=True)
        self.fields["reason"].help_text = "Skälet visas för alla parter, i historiken och i brev till dem."


class OrderForm(forms.Form):
    """A number for each party; equal numbers sign in any order."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *, parties: Sequence[Party]) -> None:
        super().__init__(data, label_suffix="")
        self.parties = parties
        for party in parties:
            self.fields[f"turn-{party.pk}"] = forms.TypedChoiceField(
                label=party.name,
                coerce=int,
                choices=[(number, f"{number + 1}") for number in range(len(parties))],
                initial=party.turn,
                error_messages={"required": "Välj ett nummer.", "invalid_choice": "Välj ett nummer ur listan."},
            )

    def lines(self) -> Iterator[forms.BoundField]:
        yield from (self[f"turn-{party.pk}"] for party in self.parties)

    def turns(self) -> dict[int, int]:
        return {party.pk: self.cleaned_data[f"turn-{party.pk}"] for party in self.parties}
