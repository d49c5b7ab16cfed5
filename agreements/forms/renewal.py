"""The form of a renewal: the new period, and whether anything is to be changed."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from agreements.ending import NewPeriod
from agreements.rules import period_errors

UNCHANGED, CHANGED = "oforandrad", "andras"


def day(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD.", "required": "Skriv datumet."},
    )


class RenewalForm(forms.Form):
    use_required_attribute = False
    period_start = day("Gäller från och med")
    period_end = day("Gäller till och med")
    revision_date = day("Ses över senast", required=False)
    how = forms.ChoiceField(
        label="Texterna",
        choices=[
            (UNCHANGED, "Förnya oförändrad: texterna är som i dag, och den föreslås genast om inget återstår"),
            (CHANGED, "Se över texterna först: den nya versionen blir ett utkast"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Välj om texterna ska ändras."},
    )

    def __init__(self, data: QueryDict | None, *, proposed: NewPeriod | None) -> None:
        initial: dict[str, Any] = {"how": UNCHANGED}
        if proposed:
            dates = (proposed.start, proposed.end, proposed.revision)
            initial |= dict(zip(("period_start", "period_end", "revision_date"), dates, strict=True))
        super().__init__(data, initial=initial, label_suffix="")

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        days: list[datetime.date | None] = [facts.get(name) for name in ("period_start", "period_end", "revision_date")]
        for field, message in period_errors(*days).items():
            if field not in self.errors:
                self.add_error(field, message)
        return facts

    def period(self) -> NewPeriod:
        facts = self.cleaned_data
        return NewPeriod(facts["period_start"], facts["period_end"], facts["revision_date"])

    @property
    def unchanged(self) -> bool:
        return bool(self.cleaned_data["how"] == UNCHANGED)
