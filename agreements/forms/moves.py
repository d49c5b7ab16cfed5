"""Forms of the moves: a reason, a signature, a start."""

from __future__ import annotations

import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from agreements.actions.signing import Decision
from agreements.models import Signature
from contacts.personbound import find_identity_numbers
from municipalities.models import Organisation

MOST_LETTERS = 1000


class ReasonForm(forms.Form):
    """Why something is sent back, re-opened or discarded; empty for moves that need no reason."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Skäl",
        max_length=MOST_LETTERS,
        min_length=3,
        help_text="Skriv så att den andra parten förstår vad som behöver ändras.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": "Skriv ett skäl, så att den andra parten förstår varför.",
            "min_length": "Skriv ett skäl, så att den andra parten förstår varför.",
            "max_length": f"Skälet får vara högst {MOST_LETTERS} tecken.",
        },
    )

    def __init__(self, data: QueryDict | None = None, *, needed: bool, begun: str = "") -> None:
        """begun: what the reason begins as, for example what a review has said."""
        super().__init__(data, initial={"reason": begun}, label_suffix="")
        if not needed:
            del self.fields["reason"]

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        if find_identity_numbers(reason):
            raise forms.ValidationError("Skälet får inte innehålla personnummer.")
        return reason

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}


class SignForm(forms.Form):
    """On what authority someone signs; seen_hash is the hash of the text the page showed."""

    use_required_attribute = False
    function = forms.CharField(
        label="Jag undertecknar i funktionen",
        max_length=120,
        help_text="Funktionen, till exempel förvaltningschef. Ditt namn läggs till av sig självt.",
        error_messages={"required": "Skriv i vilken funktion du undertecknar."},
        widget=forms.TextInput({"list": "functions-signing", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label="Jag har rätt att underteckna genom",
        choices=Signature.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj på vilken grund du undertecknar."},
    )
    reference = forms.CharField(
        label="Beslutets beteckning",
        max_length=120,
        help_text="Till exempel § 27 eller punkt 4.2 i delegationsordningen.",
        error_messages={"required": "Skriv beslutets beteckning."},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    date = forms.DateField(
        label="Beslutsdatum",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD.", "required": "Skriv beslutets datum."},
    )
    read = forms.BooleanField(
        label="Jag har läst hela texten ovanför",
        error_messages={"required": "Läs texten och kryssa i rutan innan du undertecknar."},
    )
    seen_hash = forms.CharField(label="Den text du såg", widget=forms.HiddenInput)

    def clean_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["date"]
        if date.year < 1990:
            raise forms.ValidationError("Skriv beslutets datum.")
        return date

    def clean(self) -> dict[str, Any]:
        words = " ".join(str(self.cleaned_data.get(name, "")) for name in ("function", "reference"))
        if find_identity_numbers(words):
            self.add_error("reference", "Skriv inte något personnummer här.")
        return self.cleaned_data

    def decision(self) -> Decision:
        facts = self.cleaned_data
        return Decision(facts["function"], facts["kind"], facts["reference"], facts["date"])


class StartForm(forms.Form):
    """Which municipalities and which part of Arbetsförmedlingen the new agreement is between."""

    use_required_attribute = False
    municipalities = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Kommun",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Välj minst en kommun.",
            "invalid_choice": "En av kommunerna finns inte bland dem du kan välja.",
            "invalid_pk_value": "En av kommunerna finns inte bland dem du kan välja.",
        },
    )
    af = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Arbetsförmedlingen",
        help_text="Den region eller enhet som är part.",
        empty_label="Välj",
        error_messages={
            "required": "Välj den del av Arbetsförmedlingen som är part.",
            "invalid_choice": "Den delen av Arbetsförmedlingen kan du inte välja.",
        },
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        municipalities: QuerySet[Organisation],
        parts: QuerySet[Organisation],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for name, rows in (("municipalities", municipalities), ("af", parts)):
            field = cast("forms.ModelChoiceField[Organisation]", self.fields[name])
            field.queryset = rows
