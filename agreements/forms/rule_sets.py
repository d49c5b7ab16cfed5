"""Forms of the rule sets: each rule as demand, advice or left out, with its figures; and the day to publish from."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from agreements.actions.rule_sets import Draft
from agreements.lowest_level import RULES, RuleSet, Setting, Weight
from agreements.lowest_level.words import LEFT_OUT, WEIGHT_LABELS, faults
from contacts.forms import LineField, RevisionField, VisibleField
from contacts.rules import identity_complaints

OUT = "-"
WEIGHTS = [*((str(weight), label) for weight, label in WEIGHT_LABELS.items()), (OUT, LEFT_OUT)]


class NoteField(VisibleField, forms.CharField):
    """Some lines of text."""


class FigureField(VisibleField, forms.IntegerField):
    """A figure of a rule; whether it may be left out depends on the rule."""

    def validate(self, value: int | None) -> None:
        """Asked by the form."""


@dataclass(frozen=True)
class RuleFields:
    """One rule in the form."""

    rule: str
    title: str
    weight: forms.BoundField
    figures: list[forms.BoundField]


class DraftForm(forms.Form):
    """A whole rule set. A rule that is left out needs no figures."""

    use_required_attribute = False
    revision = RevisionField(widget=forms.HiddenInput)
    name = LineField(label="Namn", max_length=150, error_messages={"required": "Ge regelverket ett namn."})
    note = NoteField(
        label="Anmärkning",
        required=False,
        max_length=2000,
        help_text="Varför nivån ändras. Visas för alla som läser regelverket.",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: QueryDict | None, *, draft: Draft, revision: int) -> None:
        initial = {"name": draft.name, "note": draft.note, "revision": revision}
        super().__init__(data, initial=initial, label_suffix="")
        self.posted = data
        for rule in RULES:
            self._add_rule(rule, draft.rules.get(rule))

    def _add_rule(self, rule: str, setting: Setting | None) -> None:
        weight = str(setting.weight) if setting else OUT
        self.fields[rule] = forms.ChoiceField(
            label=f"{rule} gäller som",
            choices=WEIGHTS,
            initial=weight,
            error_messages=dict.fromkeys(("required", "invalid_choice"), "Välj krav, bör eller ingår inte."),
        )
        for name, threshold in RULES[rule].thresholds.items():
            bounds = f"Ett heltal från {threshold.least} till {threshold.most}."
            self.fields[f"{rule}-{name}"] = FigureField(
                label=threshold.label,
                min_value=threshold.least,
                max_value=threshold.most,
                initial=setting.thresholds.get(name, threshold.default) if setting else threshold.default,
                help_text=bounds,
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), bounds),
                widget=forms.NumberInput({"data-width": "short"}),
            )

    def rules(self) -> Iterator[RuleFields]:
        for rule, definition in RULES.items():
            figures = [self[f"{rule}-{name}"] for name in definition.thresholds]
            yield RuleFields(rule, definition.title, self[rule], figures)

    def clean(self) -> dict[str, object]:
        for name, complaint in identity_complaints(
            {key: self.cleaned_data.get(key) for key in ("name", "note")}
        ).items():
            self.add_error(name, complaint)
        for rule, definition in RULES.items():
            for name in definition.thresholds:
                field = f"{rule}-{name}"
                applies = self.cleaned_data.get(rule, OUT) != OUT
                if applies and field not in self.errors and self.cleaned_data[field] is None:
                    self.add_error(field, "Skriv ett tal, eller låt regeln inte ingå.")
        if not self.errors:
            for fault in faults(self._settings()):
                self.add_error(None, fault)
        return self.cleaned_data

    def _settings(self) -> RuleSet:
        facts = self.cleaned_data
        return {
            rule: Setting(Weight(facts[rule]), {name: facts[f"{rule}-{name}"] for name in definition.thresholds})
            for rule, definition in RULES.items()
            if facts[rule] != OUT
        }

    def draft(self) -> Draft:
        return Draft(self.cleaned_data["name"], self.cleaned_data["note"], self._settings())

    @property
    def seen(self) -> int:
        return int(self.cleaned_data["revision"])

    def accept_revision(self, revision: int) -> None:
        """Let what is typed be saved over what somebody else has saved, once it has been seen."""
        if self.posted is not None:
            self.posted["revision"] = str(revision)


class PublishForm(forms.Form):
    """From which day; whoever publishes says that the consequences have been read."""

    use_required_attribute = False
    revision = RevisionField(widget=forms.HiddenInput)
    valid_from = forms.DateField(
        label="Gäller från och med",
        help_text="I dag eller en senare dag. Dagar före den behåller det regelverk de hade.",
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Skriv datumet som ÅÅÅÅ-MM-DD.", "required": "Välj en dag."},
    )
    read = forms.BooleanField(
        label="Jag har läst följderna ovanför",
        error_messages={"required": "Läs följderna och kryssa i rutan innan du publicerar."},
    )

    def __init__(self, data: QueryDict | None, *, revision: int, today: datetime.date) -> None:
        super().__init__(data, initial={"revision": revision}, label_suffix="")
        self.today = today
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()

    def clean_valid_from(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError("Ett regelverk kan inte börja gälla en dag som har varit.")
        return day
