"""What the style guide shows: one sample of each kind of field, row and list, with invented content."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict

from agreements.widgets import RichTextField

TEXT = (
    "<h3>Vem gör vad</h3><p>Kommunen kartlägger <strong>målgruppen</strong> varje kvartal. "
    "Arbetsförmedlingen kallar till möte.</p><ul><li>Enhetschef arbetsmarknad</li><li>Sektionschef</li></ul>"
)


class SampleForm(forms.Form):
    title = forms.CharField(label="Forum", help_text="Så heter mötet hos er.", max_length=300)
    mailbox = forms.EmailField(label="Funktionsbrevlåda", required=False)
    meetings = forms.IntegerField(label="Möten per år", min_value=1, widget=forms.NumberInput({"data-width": "short"}))
    start = forms.DateField(label="Första mötet", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    level = forms.ChoiceField(
        label="Nivå", choices=[("", "Välj nivå"), ("strategic", "Strategisk"), ("operative", "Operativ")]
    )
    used = forms.ChoiceField(
        label="Används lokala jobbspår?", choices=[("yes", "Ja"), ("no", "Nej")], widget=forms.RadioSelect
    )
    groups = forms.MultipleChoiceField(
        label="Målgrupper",
        help_text="Välj minst en.",
        choices=[("young", "Unga"), ("new", "Nyanlända"), ("long", "Långtidsarbetslösa")],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label="Anteckning", required=False, widget=forms.Textarea({"rows": 3}))
    text = RichTextField(label="Lokal text", help_text="Skriv som i ett brev.", required=False)
    agreed = forms.BooleanField(label="Vi har förankrat texten hos nämnden")


class GoalForm(forms.Form):
    what = forms.CharField(label="Vad ska uppnås", max_length=300)
    target = forms.CharField(label="Målvärde", max_length=100)
    due = forms.DateField(label="Senast", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


GoalRows = forms.formset_factory(GoalForm, extra=1, can_delete=True, can_order=True)

GOALS = [
    {"what": "Fler unga i arbete eller studier", "target": "60 personer", "due": "2026-12-31"},
    {"what": "Kortare tid till första mötet", "target": "10 arbetsdagar", "due": "2026-06-30"},
]
INITIAL = {"title": "Styrgrupp", "meetings": 2, "start": "2026-03-02", "level": "strategic", "text": TEXT}


def samples(posted: QueryDict | None, asked: QueryDict) -> dict[str, Any]:
    """The context of the page; `asked` is the query string, which chooses the page of the sample list."""
    page = Paginator(range(1, 401), 20).get_page(asked.get("sida"))
    return {
        "form": SampleForm(posted, initial=INITIAL),
        "wrong": SampleForm({"title": "", "meetings": "0", "start": "i går"}, prefix="wrong"),
        "formset": GoalRows(posted, initial=GOALS, prefix="goals"),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "text": TEXT,
        "trail": [("Överenskommelser", "#"), ("Östersunds kommun", "#")],
        "tabs": [("Översikt", "#a", True), ("Avsnitt", "#b", False), ("Historik", "#c", False)],
        "columns": ["Nivå", "Forum", "Möten per år"],
        "inks": ["good", "part", "bad", "gone", "faint", "blank"],
        "rows": [["Strategisk", "Styrgrupp", 2], ["Operativ", "Arbetsgrupp", 10]],
        "icons": re.findall(r'<symbol id="([\w-]+)"', (settings.BASE_DIR / "static/img/icons.svg").read_text()),
    }
