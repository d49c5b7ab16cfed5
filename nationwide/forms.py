"""What a national page can be asked for. Everything is in the address, so that a view can be linked to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format

from nationwide.map import Show
from nationwide.rules import EARLIEST, Binding, Criteria, Row, Status

Choice = tuple[str, str]


@dataclass(frozen=True)
class Choices:
    """The counties, regions and groups that there are municipalities in."""

    county: list[Choice]
    region: list[Choice]
    group: list[Choice]

    def label(self, name: str, value: str) -> str:
        choices: list[Choice] = getattr(self, name)
        return dict(choices)[value]


def choices_of(rows: list[Row]) -> Choices:
    return Choices(
        county=sorted({(row.county, row.county_name) for row in rows}),
        region=sorted({(str(row.region), row.region_name) for row in rows}, key=lambda choice: choice[1]),
        group=sorted({(row.group, f"{row.group} {row.group_name}") for row in rows}),
    )


class DayForm(forms.Form):
    """The day that is shown. Asked first, since the rest depends on it."""

    on = forms.DateField(
        label="Visa läget den",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date", "class": "ds-input"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2023-03-15."},
    )

    def __init__(self, data: QueryDict, today: datetime.date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["on"].widget.attrs |= {"min": EARLIEST.isoformat(), "max": today.isoformat()}

    def clean_on(self) -> datetime.date:
        on: datetime.date = self.cleaned_data["on"] or self.today
        if on > self.today:
            raise forms.ValidationError("Datumet ligger i framtiden. Portalen visar läget till och med i dag.")
        if on < EARLIEST:
            first = date_format(EARLIEST, "j F Y")
            raise forms.ValidationError(f"Portalen kan visa läget från och med den {first}.")
        return on

    def day(self) -> datetime.date:
        """The day asked for; today when it cannot be shown."""
        day: datetime.date = self.cleaned_data["on"] if self.is_valid() else self.today
        return day


class PartForm(forms.Form):
    """Which part of the country."""

    region = forms.ChoiceField(label="AF-region", required=False)
    county = forms.ChoiceField(label="Län", required=False)
    group = forms.ChoiceField(label="Kommungrupp", required=False)

    def __init__(self, data: QueryDict, choices: Choices) -> None:
        super().__init__(data)
        self.choices = choices
        offer(self.fields["region"], choices.region)
        offer(self.fields["county"], choices.county)
        offer(self.fields["group"], choices.group)
        for field in self.fields.values():
            field.widget.attrs["class"] = "ds-input"

    def part(self) -> str:
        """The part of the country in words, as in "Läget i …"."""
        words = {"region": "AF-region {}", "county": "{}", "group": "kommungrupp {}"}
        chosen = [(name, self[name].value()) for name in words] if self.is_valid() else []
        labels = [words[name].format(self.choices.label(name, value)) for name, value in chosen if value]
        return ", ".join(labels) or "landet"

    def criteria(self) -> Criteria:
        asked: dict[str, Any] = dict(self.cleaned_data)
        asked.pop("show", None)
        region = asked.pop("region")
        return Criteria(**asked, region=int(region) if region else None)


class PictureForm(PartForm):
    """The dashboard: which part of the country, and what the map shows."""

    show = forms.ChoiceField(label="Kartan visar", choices=Show.choices, required=False)

    def shown(self) -> str:
        return self.cleaned_data["show"] or Show.STATUS.value


class ListForm(PartForm):
    status = forms.ChoiceField(label="Status", required=False)
    binding = forms.ChoiceField(label="Vilar på", required=False)
    q = forms.CharField(
        label="Sök kommun", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    field_order = ("q", "status", "binding", "region", "county", "group")

    def __init__(self, data: QueryDict, choices: Choices) -> None:
        super().__init__(data, choices)
        offer(self.fields["status"], Status.choices)
        offer(self.fields["binding"], Binding.choices)


def offer(field: forms.Field, choices: list[Choice]) -> None:
    """Let the field choose one of these, or all of them."""
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", "Alla"), *choices]
        field.error_messages["invalid_choice"] = "Det valet finns inte. Välj ett i listan."
