"""Handing in a file that was signed outside the portal, vouching for one, and closing one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from agreements.actions.elsewhere import NO_REASON, Claim
from agreements.actions.signing import Decision
from agreements.inspecting.kinds import LARGEST, WORDS, Reason
from agreements.models import Party, Signature, SignedFile
from contacts.personbound import find_identity_numbers

BAD_DATE = "Skriv datumet som ÅÅÅÅ-MM-DD."
FIRST_YEAR = 1990


class HandInForm(forms.Form):
    """The file, how it was signed, and that its text has been compared."""

    use_required_attribute = False
    upload = forms.FileField(
        label="Undertecknad PDF",
        allow_empty_file=True,
        help_text="Filen lagras precis som den är, högst 25 MB. Har ni skrivit under på papper skannar du in det.",
        widget=forms.FileInput(
            {"accept": "application/pdf,.pdf", "data-largest": LARGEST, "data-too-large": WORDS[Reason.TOO_LARGE]}
        ),
        error_messages={
            "required": "Välj den undertecknade filen.",
            "invalid": "Filen kom inte fram. Välj den igen.",
            "missing": "Filen kom inte fram. Välj den igen.",
        },
    )
    kind = forms.ChoiceField(
        label="Hur är den undertecknad?",
        choices=SignedFile.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj hur den är undertecknad."},
    )
    compared = forms.BooleanField(
        label="Jag har jämfört filen med den fastställda texten, och det är samma text",
        help_text="Portalen känner igen sin egen utskrift, men kan inte läsa ett inskannat papper.",
        error_messages={"required": "Jämför filen med texten och kryssa i rutan."},
    )


class ClaimForm(forms.Form):
    """Who signed for one party. Left empty when the party has not signed in the file."""

    use_required_attribute = False
    name = forms.CharField(
        label="Undertecknarens namn", max_length=150, widget=forms.TextInput({"autocomplete": "off"}), required=False
    )
    function = forms.CharField(
        label="I funktionen", max_length=120, widget=forms.TextInput({"autocomplete": "off"}), required=False
    )
    signed_on = forms.DateField(
        label="Undertecknad den",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": BAD_DATE},
        required=False,
    )
    kind = forms.ChoiceField(
        label="Med rätt att underteckna genom",
        choices=[("", "Välj"), *Signature.Decision.choices],
        required=False,
    )
    reference = forms.CharField(
        label="Beslutets beteckning",
        max_length=120,
        help_text="Till exempel § 27 eller punkt 4.2 i delegationsordningen.",
        widget=forms.TextInput({"autocomplete": "off"}),
        required=False,
    )
    date = forms.DateField(
        label="Beslutsdatum",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": BAD_DATE},
        required=False,
    )
    MISSING = {
        "name": "Skriv vem som undertecknade.",
        "function": "Skriv i vilken funktion.",
        "signed_on": "Skriv vilken dag.",
        "kind": "Välj på vilken grund.",
        "reference": "Skriv beslutets beteckning.",
        "date": "Skriv beslutets datum.",
    }

    def __init__(self, party: Party, data: QueryDict | None, today: datetime.date) -> None:
        super().__init__(data, prefix=f"part-{party.pk}", label_suffix="")
        self.party, self.today = party, today

    @property
    def is_blank(self) -> bool:
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields)

    def clean(self) -> dict[str, Any]:
        if self.is_blank:
            return self.cleaned_data
        for name, words in self.MISSING.items():
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, words)
        for name in ("signed_on", "date"):
            self._judge_day(name, self.cleaned_data.get(name))
        for name in ("name", "function", "reference"):
            if find_identity_numbers(str(self.cleaned_data.get(name, ""))):
                self.add_error(name, "Skriv inte något personnummer här.")
        return self.cleaned_data

    def _judge_day(self, name: str, day: datetime.date | None) -> None:
        if day and day > self.today:
            self.add_error(name, "Dagen kan inte ligga i framtiden.")
        elif day and day.year < FIRST_YEAR:
            self.add_error(name, "Kontrollera årtalet.")

    def claim(self) -> Claim:
        facts = self.cleaned_data
        decision = Decision(facts["function"], facts["kind"], facts["reference"], facts["date"])
        return Claim(self.party.pk, facts["name"], decision, facts["signed_on"])


class HandIn:
    """The whole page: the file, and one part for each party that has not signed."""

    def __init__(
        self,
        unsigned: Sequence[Party],
        today: datetime.date,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        self.file = HandInForm(data, files, label_suffix="")
        self.parts = [ClaimForm(party, data, today) for party in unsigned]

    def is_valid(self) -> bool:
        """Every part is asked, so that all that is wrong is told at once."""
        return all([self.file.is_valid(), *[part.is_valid() for part in self.parts]])

    @property
    def claims(self) -> list[Claim]:
        return [part.claim() for part in self.parts if not part.is_blank]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Every error: the id of its control, what it is, and what is wrong."""
        found = [("", "", str(error)) for error in self.file.non_field_errors()]
        for form, of in [(self.file, ""), *[(part, f"{part.party.name}: ") for part in self.parts]]:
            for field in form:
                found += [(field.id_for_label or field.auto_id, f"{of}{field.label}", str(e)) for e in field.errors]
        return found


class VouchForm(forms.Form):
    use_required_attribute = False
    seen = forms.BooleanField(
        label="Jag har öppnat filen. Texten är den fastställda, och uppgifterna om underskrifterna stämmer",
        error_messages={"required": "Öppna filen, jämför den och kryssa i rutan."},
    )


class CloseForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label="Skäl",
        max_length=1000,
        min_length=3,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": NO_REASON, "min_length": NO_REASON, "max_length": "Högst 1 000 tecken."},
    )
