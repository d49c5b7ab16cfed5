"""What a national page can be asked for. Everything is in the address, so that a view can be linked to."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agreements.deadlines import months_before
from agreements.lowest_level import RULES
from contacts.models import Function
from municipalities.models import County, sorts_as
from nationwide.counting import MEETS, SHORT, Criteria
from nationwide.flagged import AGES, GROUPS, NOBODY, Asked
from nationwide.rules import EARLIEST, Binding, Confirmation, Edition, Expiry, Level, Row, Size, Status

Choice = tuple[str, str]


class Choices(NamedTuple):
    """The counties, regions and groups that there are municipalities in, and the versions of the template."""

    county: list[Choice]
    region: list[Choice]
    group: list[Choice]
    template: list[Choice]


def choices_of(rows: list[Row], templates: Iterable[int] = ()) -> Choices:
    regions = {(str(row.region), row.region_name) for row in rows}
    return Choices(
        county=sorted({(row.county, row.county_name) for row in rows}),
        region=sorted(regions, key=lambda choice: sorts_as(choice[1])),
        group=sorted({(row.group, f"{row.group} {row.group_name}") for row in rows}),
        template=[(str(number), f"Mall {number}") for number in sorted({*templates, *used(rows)})],
    )


def used(rows: Iterable[Row]) -> set[int]:
    """The versions of the template that somebody stands on."""
    return {row.template for row in rows if row.template is not None}


@cache
def rule_choices() -> list[Choice]:
    """Short of a rule, or meeting it."""
    asked = ((SHORT, "Brister i"), (MEETS, "Uppfyller"))
    return [(f"{key}{rule}", f"{words} {rule} {RULES[rule].title}") for key, words in asked for rule in RULES]


class DayForm(forms.Form):
    """The day that is shown. Asked first, since the rest depends on it."""

    on = forms.DateField(
        label="Visa läget den",
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2023-03-15."},
    )

    def __init__(self, data: Mapping[str, Any], today: datetime.date) -> None:
        super().__init__(data)
        self.today = today
        self.earliest = EARLIEST

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


class TwoDaysForm(DayForm):
    """The day that is shown, and an earlier one that it is compared with: a year before unless another is asked for."""

    mot = forms.DateField(
        label="Jämför med",
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2023-03-15."},
    )

    def clean(self) -> dict[str, Any]:
        on, mot = self.cleaned_data.get("on"), self.cleaned_data.get("mot")
        if mot and mot < EARLIEST:
            first = date_format(EARLIEST, "j F Y")
            self.add_error("mot", f"Portalen kan visa läget från och med den {first}.")
        elif on and mot and mot >= on:
            self.add_error("mot", "Välj en dag som ligger före den dag som visas.")
        return self.cleaned_data

    def earlier(self) -> datetime.date | None:
        """The day to compare with; None when nothing earlier can be shown."""
        asked: datetime.date | None = self.cleaned_data["mot"] if self.is_valid() else None
        return asked or year_before(self.day())


def year_before(day: datetime.date) -> datetime.date | None:
    """The same day a year earlier, or the first that can be shown; None when there is no earlier day."""
    if day <= EARLIEST:
        return None
    return max(EARLIEST, months_before(day, 12))


class PlainSelect(forms.Select):
    """A select without a template for each of its options."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        options = ((key, SafeString(" selected") if str(key) == chosen else "", label) for key, label in self.choices)
        facts = format_html_join("", ' {}="{}"', self.build_attrs(self.attrs, attrs).items())
        lines = format_html_join("", '<option value="{}"{}>{}</option>', options)
        return format_html('<select name="{}"{}>{}</select>', name, facts, lines)


def choice(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        widget=PlainSelect(attrs={"class": "ds-input"}),
        error_messages={"invalid_choice": "Det valet finns inte. Välj ett i listan."},
    )


def printable(text: str) -> str:
    """Without characters that nobody can see, and that HTML does not hold."""
    return "".join(character for character in text if character.isprintable())


class Offering(forms.Form):
    """Filters of an address; each lets one be chosen, or all of them."""

    def __init__(self, data: Mapping[str, Any], choices: Choices) -> None:
        super().__init__({name: printable(data.get(name, "")) for name in self.base_fields})
        for name, offered in {**choices._asdict(), "size": Size.choices}.items():
            if name in self.fields:
                self.offer(name, offered)

    def offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Alla"), *choices]


class PartForm(Offering):
    """Which part of the country is shown."""

    region = choice("AF-region")
    county = choice("Län")
    group = choice("Kommungrupp")
    size = choice("Folkmängd")


class ListForm(Offering):
    """Which municipalities the list holds."""

    q = forms.CharField(
        label="Sök kommun",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "class": "ds-input"}),
    )
    status = choice("Status")
    binding = choice("Vilar på")
    level = choice("Lägsta nivå")
    rule = choice("Regel i lägsta nivån")
    region = choice("AF-region")
    county = choice("Län")
    group = choice("Kommungrupp")
    size = choice("Folkmängd")
    template = choice("Nationell mall")
    edition = choice("Mallen är")
    expiry = choice("Löper ut")
    confirmation = choice("Kontaktuppgifter")

    def __init__(self, data: Mapping[str, Any], choices: Choices) -> None:
        super().__init__(data, choices)
        self.offer("status", Status.choices)
        self.offer("binding", Binding.choices)
        self.offer("level", Level.choices)
        self.offer("rule", rule_choices())
        self.offer("edition", Edition.choices)
        self.offer("expiry", Expiry.choices)
        self.offer("confirmation", Confirmation.choices)

    def carried(self) -> list[tuple[str, str]]:
        """What another form on the page sends along, so that the filters stay."""
        return [(name, value) for name, value in self.data.items() if value]

    def criteria(self) -> Criteria:
        asked = dict(self.cleaned_data)
        region, template = asked.pop("region"), asked.pop("template")
        return Criteria(**asked, region=int(region) if region else None, template=int(template) if template else None)


class FlagForm(forms.Form):
    """Which flags the list holds. What is not asked for, or cannot be read, is as in Asked."""

    grupp = choice("Vad")
    lan = choice("Län")
    alder = choice("Har varit öppen")
    funktion = choice("Funktion som kan rätta")
    skede = choice("Skede")

    def __init__(self, data: Mapping[str, Any]) -> None:
        given = {name: printable(data.get(name, "")) for name in self.base_fields}
        super().__init__(Asked()._asdict() | {name: value for name, value in given.items() if value})
        menders = Function.objects.filter(mends__isnull=False).order_by("side", "mends")
        offered: dict[str, list[tuple[Any, str]]] = {
            "grupp": [(key, label) for key, (label, _) in GROUPS.items()],
            "lan": [("", "Hela landet"), *County.objects.values_list("code", "name")],
            "alder": [("", "Hur länge som helst"), *AGES.items()],
            "funktion": [("", "Vilken som helst"), *((str(f.pk), _of_side(f)) for f in menders), NO_FUNCTION],
            "skede": [("gallande", "Gällande"), ("arbete", "Under arbete"), ("alla", "Alla")],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def asked(self) -> Asked:
        """The filters that can be read; the others as when nothing is asked."""
        self.is_valid()
        read = {name: value for name, value in self.cleaned_data.items() if name not in self.errors}
        return Asked(**read)

    def query(self) -> str:
        """The filters as they stand in an address."""
        usual = Asked()._asdict()
        return urlencode({name: value for name, value in self.asked()._asdict().items() if value != usual[name]})


NO_FUNCTION = (NOBODY, "Ingen funktion kan nås")


def _of_side(function: Function) -> str:
    side = {"af": "Arbetsförmedlingen", "municipality": "kommun", "none": "SKR"}[function.side]
    return f"{function.name}, {side}"
