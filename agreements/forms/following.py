"""Forms of following up: a meeting to come, one that was held, a measured value, how an activity stands."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from agreements.actions.following_up import LONGEST, Held, follow_up_complaints
from agreements.actions.meetings import MOST_AGENDA, Meeting, meeting_complaints
from agreements.actions.progressing import Measured, Standing, measured_complaints, standing_complaints
from agreements.dates import spelled
from agreements.forms.attachments import UploadForm
from agreements.forms.flags import WRONG_DATE, day_input
from agreements.goals import Activity, Goal, Value
from agreements.measures import parse_value, plain_number
from agreements.models import ActionProgress, FollowUp, Version

WRONG_TIME: Final = {"invalid": "Skriv klockslaget som 13:00."}
FUNCTIONS_LIST: Final = "functions-agreement"


def clock_input() -> forms.TimeInput:
    return forms.TimeInput({"type": "time"}, format="%H:%M")


class Complaining(forms.Form):
    """A form whose complaints are those of its action, each at its field."""

    use_required_attribute = False

    def complain(self, complaints: Mapping[str, str]) -> None:
        for name, complaint in complaints.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, complaint)


class MeetingForm(Complaining):
    """When, where and what for. forums: name and level of each forum in section 6."""

    kind = forms.ChoiceField(label="Slag av uppföljning", choices=FollowUp.Kind.choices)
    planned_on = forms.DateField(label="Datum", widget=day_input(), error_messages=WRONG_DATE)
    starts_at = forms.TimeField(label="Börjar", required=False, widget=clock_input(), error_messages=WRONG_TIME)
    ends_at = forms.TimeField(label="Slutar", required=False, widget=clock_input(), error_messages=WRONG_TIME)
    place = forms.CharField(
        label="Plats", max_length=200, required=False, help_text="Lokal och adress, om ni ses på plats."
    )
    link = forms.URLField(
        label="Möteslänk",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Om ni ses digitalt.",
        error_messages={"invalid": "Skriv en adress som börjar med https://."},
    )
    forum = forms.ChoiceField(
        label="Forum", required=False, help_text="Vilket forum i avsnitt 6 som följer upp, om det är ett av dem."
    )
    responsible = forms.CharField(
        label="Ansvarig funktion",
        max_length=150,
        required=False,
        help_text="Funktionen som kallar till mötet, inte personens namn.",
        widget=forms.TextInput({"list": FUNCTIONS_LIST, "autocomplete": "off"}),
    )
    agenda = forms.CharField(
        label="Dagordning",
        required=False,
        max_length=MOST_AGENDA,
        help_text="Använd gärna målen i avsnitt 4 som dagordning. En punkt per rad.",
        widget=forms.Textarea({"rows": 6}),
        error_messages={"max_length": f"Högst {MOST_AGENDA} tecken får plats."},
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        forums: Sequence[tuple[str, str]],
        today: datetime.date,
        row: FollowUp | None = None,
        suggested: Mapping[str, Any] | None = None,
    ) -> None:
        initial: dict[str, Any] = dict(suggested or {})
        if row is not None:
            initial = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(data, label_suffix="", initial=initial)
        self.today, self.row, self.levels = today, row, dict(forums)
        names = dict.fromkeys([*self.levels, *([row.forum] if row and row.forum else [])])
        self.fields["forum"].choices = [("", "Inget särskilt"), *((name, name) for name in names)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if "planned_on" in facts:
            before = self.row.planned_on if self.row else None
            self.complain(meeting_complaints(self.meeting(), self.today, before))
        return facts

    def meeting(self) -> Meeting:
        facts = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        forum = facts.get("forum", "")
        level = self.levels.get(forum, self.row.level if self.row and self.row.forum == forum else "")
        return Meeting(**{"kind": "", **facts, "level": level})


class MinutesForm(UploadForm):
    """Minutes or another file of a meeting."""

    def __init__(
        self, data: QueryDict | None, files: MultiValueDict[str, UploadedFile] | None, day: datetime.date
    ) -> None:
        super().__init__(data, files, [])
        del self.fields["section_key"]
        self.fields["title"].initial = f"Protokoll {spelled(day)}"
        self.fields["title"].help_text = "Vad filen är. Skriv inga namn på personer."


class CancelForm(Complaining):
    """Why a meeting will not be held."""

    reason = forms.CharField(
        label="Skäl",
        max_length=400,
        help_text="Till exempel: Flera funktioner är vakanta, ett nytt datum kommer.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": "Skriv ett skäl, så att den andra parten förstår varför.",
            "max_length": "Skälet får vara högst 400 tecken.",
        },
    )


class HeldForm(Complaining):
    """When a follow-up was held, which functions took part, and what came of it."""

    held_on = forms.DateField(label="Uppföljningen hölls", widget=day_input(), error_messages=WRONG_DATE)
    took_part = forms.MultipleChoiceField(
        label="Funktioner som deltog",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kryssa för funktionerna. Vem som hade dem den dagen framgår av bemanningslistan.",
    )
    others = forms.CharField(
        label="Andra funktioner som deltog",
        required=False,
        help_text="En per rad. Skriv funktionen, inte personens namn.",
        widget=forms.Textarea({"rows": 2}),
    )
    summary = forms.CharField(
        label="Kort om resultatet",
        max_length=LONGEST,
        required=False,
        help_text="Hur det går med målen och vad ni ändrar. Inga uppgifter om enskilda personer.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": f"Högst {LONGEST} tecken får plats."},
    )
    decisions = forms.CharField(
        label="Beslut",
        max_length=LONGEST,
        required=False,
        help_text="Ett per rad: vad, vilken funktion och när.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": f"Högst {LONGEST} tecken får plats."},
    )

    def __init__(
        self,
        data: QueryDict | None,
        version: Version,
        today: datetime.date,
        *,
        functions: Sequence[str] = (),
        row: FollowUp | None = None,
    ) -> None:
        super().__init__(data, label_suffix="", initial=held_initial(row, functions, today))
        self.version, self.today = version, today
        self.fields["took_part"].choices = [(name, name) for name in functions]  # type: ignore[attr-defined]
        if not functions:
            del self.fields["took_part"]

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if "held_on" in facts:
            held = self.held()
            texts = (held.summary, self.today, held.decisions, held.took_part)
            self.complain(follow_up_complaints(self.version, held.held_on, *texts))
        return facts

    def held(self) -> Held:
        facts = self.cleaned_data
        others = str(facts.get("others", "")).splitlines()
        took_part = (*facts.get("took_part", ()), *(line.strip() for line in others if line.strip()))
        return Held(facts["held_on"], facts.get("summary", ""), facts.get("decisions", ""), took_part)


def held_initial(row: FollowUp | None, functions: Sequence[str], today: datetime.date) -> dict[str, Any]:
    if row is None:
        return {}
    planned = row.planned_on if row.planned_on and row.planned_on <= today else None
    return {
        "held_on": row.held_on or planned,
        "took_part": [name for name in row.took_part if name in functions],
        "others": "\n".join(name for name in row.took_part if name not in functions),
        "summary": row.summary,
        "decisions": row.decisions,
    }


class ValueForm(Complaining):
    """A measured value of a goal."""

    value = forms.CharField(
        label="Värde",
        max_length=40,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Skriv vad målet mättes till."},
    )
    measured_on = forms.DateField(label="Mätt den", widget=day_input(), error_messages=WRONG_DATE)
    source = forms.CharField(
        label="Källa",
        max_length=200,
        required=False,
        help_text="Till exempel: Arbetsförmedlingens månadsstatistik.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    note = forms.CharField(
        label="Kommentar",
        max_length=500,
        required=False,
        help_text="Inga uppgifter om enskilda personer, och inte så små tal att någon går att känna igen.",
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data: QueryDict | None, goal: Goal, today: datetime.date, value: Value | None = None) -> None:
        initial: dict[str, Any] = {"measured_on": today}
        if value is not None:
            initial = {"value": plain_number(value.value), "measured_on": value.on}
            initial |= {"source": value.source, "note": value.note}
        elif goal.latest:
            initial["source"] = goal.latest.source
        super().__init__(data, label_suffix="", initial=initial)
        self.goal, self.today = goal, today
        unit = goal.way.unit
        self.fields["value"].help_text = f"Ett tal, i ”{unit}” som målvärdet." if unit else "Ett tal."

    def clean_value(self) -> Decimal:
        try:
            return parse_value(str(self.cleaned_data["value"]), self.goal.way.unit)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        if {"value", "measured_on"} <= self.cleaned_data.keys():
            self.complain(measured_complaints(self.measured(), self.today))
        return self.cleaned_data

    def measured(self) -> Measured:
        facts = self.cleaned_data
        return Measured(facts["measured_on"], facts["value"], facts.get("source", ""), facts.get("note", ""))


class StandingForm(Complaining):
    """How an activity of the action plan stands."""

    status = forms.ChoiceField(
        label="Status",
        choices=ActionProgress.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj en status."},
    )
    since = forms.DateField(label="Gäller sedan", widget=day_input(), error_messages=WRONG_DATE)
    new_due = forms.DateField(
        label="Uppskjuten till",
        required=False,
        widget=day_input(),
        help_text="Bara när aktiviteten är uppskjuten.",
        error_messages=WRONG_DATE,
    )
    note = forms.CharField(
        label="Kommentar",
        max_length=500,
        required=False,
        help_text="Vad som är gjort, eller varför det dröjer. Skriv funktioner, inte namn.",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: QueryDict | None, activity: Activity, today: datetime.date) -> None:
        super().__init__(data, label_suffix="", initial={"status": activity.status, "since": today})
        self.today = today

    def clean(self) -> dict[str, Any]:
        if {"status", "since"} <= self.cleaned_data.keys():
            self.complain(standing_complaints(self.standing(), self.today))
        return self.cleaned_data

    def standing(self) -> Standing:
        facts = self.cleaned_data
        return Standing(facts["status"], facts["since"], facts.get("new_due"), facts.get("note", ""))
