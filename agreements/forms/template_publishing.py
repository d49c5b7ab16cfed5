"""Forms for publishing a template and for closing one."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.http import QueryDict


def day_field(label: str, help_text: str, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD.", "required": "Välj en dag."},
        **options,
    )


class PublishForm(forms.Form):
    """From which day; whoever publishes says that it has been read."""

    use_required_attribute = False
    seen = forms.CharField(widget=forms.HiddenInput)
    valid_from = day_field(
        "Gäller från och med", "I dag eller en senare dag. Nya överenskommelser startas på den från den dagen."
    )
    close_others = forms.BooleanField(
        label="Stäng äldre mallar för nya överenskommelser från samma dag",
        help_text="Det som redan skrivs eller gäller på en äldre mall ändras inte.",
        required=False,
        initial=True,
    )
    read = forms.BooleanField(
        label="Jag har läst vad som skiljer mot den mall som gäller",
        error_messages={"required": "Läs vad som skiljer och kryssa i rutan innan du publicerar."},
    )

    def __init__(self, data: QueryDict | None, *, seen: str, today: datetime.date) -> None:
        super().__init__(data, initial={"seen": seen}, label_suffix="")
        self.posted = data
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()

    def accept(self, seen: str) -> None:
        """Let the draft be published as it stands now, once it has been read anew."""
        if self.posted is not None:
            self.posted["seen"] = seen


class CloseForm(forms.Form):
    """From which day a version is closed; empty opens it."""

    use_required_attribute = False
    valid_to = day_field(
        "Stängd för nya överenskommelser från och med",
        "Lämna tomt om mallen ska vara öppen. Överenskommelser som redan bygger på den påverkas inte.",
        required=False,
    )
