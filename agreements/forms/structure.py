"""Forms of the fields that have tables of their own: parties, period and contact points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from agreements.actions.writing import ChosenContact, Period
from agreements.content import InvalidContent, tidy_party
from agreements.fields import Kind
from agreements.gather import Whole
from agreements.models import AgreementContact, Party, Version
from agreements.rules import period_errors
from contacts.judging import level_heading
from contacts.models import ContactPoint, Level
from contacts.personbound import Verdict

PARTY_FIELDS_BY_KIND = {
    Kind.CASE_NUMBERS: ("case_number",),
    Kind.PARTIES: ("unit", "org_number"),
    Kind.SIGNATURES: ("signing_function",),
}
PARTY_LABELS = {
    "case_number": ("Diarienummer", "Till exempel AMN 2026/0123."),
    "unit": ("Nämnd, förvaltning eller enhet", "Den del av organisationen som står bakom överenskommelsen."),
    "org_number": ("Organisationsnummer", "Tio siffror, till exempel 212000-2528."),
    "signing_function": ("Undertecknas av funktionen", "Skriv funktionen, aldrig ett namn."),
}
DEMANDED = frozenset({"unit", "signing_function"})


class PartyForm(forms.Form):
    """Facts of one party; which ones depends on the section."""

    use_required_attribute = False

    def __init__(self, party: Party, names: Iterable[str], index: int, data: QueryDict | None) -> None:
        names = tuple(names)
        initial = {name: getattr(party, name) for name in names}
        super().__init__(data, prefix=f"party-{index}", initial=initial, label_suffix="")
        self.party = party
        for name in names:
            self.fields[name] = self._field(name)

    def _field(self, name: str) -> forms.Field:
        label, help_text = PARTY_LABELS[name]
        attributes = {"autocomplete": "off"}
        if name == "signing_function":
            attributes["list"] = f"functions-signing-{self.party.side}"
        field = AnyText(widget=forms.TextInput(attributes), label=label, help_text=help_text)
        field.required = name in DEMANDED
        return field

    def clean(self) -> dict[str, Any]:
        """The gate for a party's facts judges and tidies."""
        try:
            return dict(tidy_party(self.cleaned_data))
        except InvalidContent as invalid:
            for name, message in invalid.errors.items():
                self.add_error(name, message)
        return self.cleaned_data


class AnyText(forms.Field):
    """Text that is judged elsewhere."""

    def clean(self, value: Any) -> str:
        return str(value or "")


class Day(forms.DateField):
    """A day that may be left out for now; `required` only says whether it is marked as optional."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD."}

    def validate(self, value: Any) -> None:
        """Judged by the period's rules."""


class PeriodForm(forms.Form):
    """Section 19's dates. Start and end are demanded when the agreement is proposed, not before."""

    use_required_attribute = False
    period_start = Day(label="Gäller från och med", help_text="Dock tidigast när alla har undertecknat.")
    period_end = Day(label="Gäller till och med", help_text="Lämna tomt om den gäller tills vidare.")
    revision_date = Day(label="Ses över senast", help_text="Krävs om slutdag saknas.")
    notice_months = forms.IntegerField(
        label="Uppsägningstid i månader",
        min_value=0,
        max_value=60,
        required=False,
        help_text="Till exempel 3.",
        widget=forms.TextInput({"inputmode": "numeric", "data-width": "short", "autocomplete": "off"}),
        error_messages={"invalid": "Skriv ett heltal med siffror."},
    )

    def __init__(self, version: Version, data: QueryDict | None) -> None:
        initial = {name: getattr(version, name) for name in PERIOD_NAMES}
        super().__init__(data, initial=initial, label_suffix="")

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        days = (facts.get("period_start"), facts.get("period_end"), facts.get("revision_date"))
        for name, message in period_errors(*days).items():
            self.add_error(name, message)
        return facts

    def period(self) -> Period:
        facts = self.cleaned_data
        return Period(facts["period_start"], facts["period_end"], facts["revision_date"], facts["notice_months"])


PERIOD_NAMES = ("period_start", "period_end", "revision_date", "notice_months")
CONTACTS = "contacts"
Facts = dict[str, str | list[str]]


def party_names(kinds: Iterable[Kind]) -> list[str]:
    """The facts of each party that a section with these kinds holds."""
    kinds = set(kinds)
    return [name for kind, names in PARTY_FIELDS_BY_KIND.items() if kind in kinds for name in names]


def saved_facts(whole: Whole, kinds: Iterable[Kind]) -> Facts:
    """What is kept in tables of its own, by the names it is posted under."""
    kinds = set(kinds)
    facts: Facts = {}
    if names := party_names(kinds):
        for index, party in enumerate(whole.parties):
            facts |= {f"party-{index}-{name}": str(getattr(party, name)) for name in names}
    if Kind.PERIOD in kinds:
        facts |= {name: _written(getattr(whole.version, name)) for name in PERIOD_NAMES}
    if Kind.CONTACTS in kinds:
        chosen = sorted(whole.contacts, key=lambda row: row.position)
        facts[CONTACTS] = [f"{row.party_id}:{row.level}:{row.contact_point_id}" for row in chosen]
    return facts


def _written(value: object) -> str:
    return "" if value is None else str(value)


def typed_facts(saved: Facts, data: QueryDict) -> Facts:
    """The same names with what was posted."""
    return {
        name: data.getlist(name) if isinstance(value, list) else " ".join(data.get(name, "").split())
        for name, value in saved.items()
    }


def fact_label(whole: Whole, name: str) -> str:
    """What a fact is called on the page."""
    if name.startswith("party-"):
        _, index, field = name.split("-", 2)
        return f"{whole.parties[int(index)].name}: {PARTY_LABELS[field][0]}"
    return "Kontaktytor" if name == CONTACTS else str(PeriodForm.base_fields[name].label)


@dataclass(frozen=True)
class Choice:
    """A contact point that can be ticked for a party at a level."""

    point: ContactPoint
    party: Party
    level: str
    verdict: Verdict
    ticked: bool

    @property
    def value(self) -> str:
        return f"{self.party.pk}:{self.level}:{self.point.pk}"

    @property
    def channels(self) -> list[str]:
        point = self.point
        return [way for way in (point.mailbox, point.phone, point.sdk_address, point.postal_address) if way]

    @property
    def ended(self) -> bool:
        return self.point.ended_on is not None


@dataclass
class LevelChoices:
    level: str
    label: str
    demanded: bool
    choices: list[Choice] = field(default_factory=list)


@dataclass
class PartyChoices:
    party: Party
    may_add: bool
    levels: list[LevelChoices]


def posted_contacts(values: Iterable[str]) -> list[ChosenContact]:
    """The ticked boxes. Raises ValidationError for something no box has."""
    chosen = []
    for value in values:
        party, _, rest = value.partition(":")
        level, _, point = rest.partition(":")
        if not (party.isdecimal() and point.isdecimal() and level in Level.values and len(value) < 60):
            raise ValidationError("En av kontaktytorna kunde inte läsas. Ladda om sidan och välj igen.")
        chosen.append(ChosenContact(int(party), int(point), level))
    return chosen


def chosen_values(rows: Iterable[AgreementContact]) -> set[str]:
    return {f"{row.party_id}:{row.level}:{row.contact_point_id}" for row in rows}


def contact_choices(
    whole: Whole,
    points: Iterable[tuple[ContactPoint, Verdict]],
    ticked: set[str],
    may_add: frozenset[int],
) -> list[PartyChoices]:
    """Each party's contact points by level, at their own level or at the one they were chosen for."""
    by_party = {party.pk: _levels() for party in whole.parties}
    parties = {party.organisation_id: party for party in whole.parties}
    for point, verdict in points:
        party = parties[point.organisation_id]
        for level in _levels_of(point, party, ticked):
            choice = Choice(point, party, level, verdict, f"{party.pk}:{level}:{point.pk}" in ticked)
            by_party[party.pk][level].choices.append(choice)
    return [
        PartyChoices(party, party.organisation_id in may_add, list(by_party[party.pk].values()))
        for party in whole.parties
    ]


def _levels() -> dict[str, LevelChoices]:
    demanded = {Level.STRATEGIC, Level.OPERATIVE}
    return {level.value: LevelChoices(level.value, level_heading(level), level in demanded) for level in Level}


def _levels_of(point: ContactPoint, party: Party, ticked: set[str]) -> list[str]:
    chosen = [level for level in Level.values if f"{party.pk}:{level}:{point.pk}" in ticked]
    return chosen if point.level in chosen or point.ended_on else [point.level, *chosen]
