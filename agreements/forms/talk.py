"""Forms of the talk about a text, and of its review."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.http import QueryDict

from agreements.actions.commenting import MOST_LETTERS, Said, text_complaints
from agreements.actions.reviewing import LONGEST_REASON, review_complaints
from agreements.anchors import MOST_QUOTED, Place, Target, located
from agreements.content import clean_line
from agreements.fields import Content, Field
from agreements.models import Party, SectionReview
from contacts.models import ContactPoint

SHARED, INTERNAL = "shared", "internal"
NOT_THERE = "Orden står inte där. Kopiera dem precis som de står i texten, eller lämna fältet tomt."


class SayForm(forms.Form):
    """Something to say: the words, and the functions that are mentioned."""

    use_required_attribute = False
    text = forms.CharField(
        label="Kommentar",
        max_length=MOST_LETTERS * 2,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    mentions = forms.TypedMultipleChoiceField(
        label="Nämn en funktion",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Funktionens brevlåda får veta det i nästa dags brev. Namn på personer behövs inte.",
        error_messages={"invalid_choice": "En av funktionerna går inte att välja."},
    )

    def __init__(self, data: QueryDict | None, *, functions: Collection[ContactPoint], prefix: str = "") -> None:
        super().__init__(data, prefix=prefix or None, label_suffix="")
        choices = [(point.pk, f"{point.name}, {point.organisation.name}") for point in functions]
        self.fields["mentions"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = "Skriv något först."

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        for complaint in text_complaints(text):
            raise forms.ValidationError(complaint)
        return text

    def said(self) -> Said:
        organisation = self.cleaned_data.get("organisation")
        return Said(
            self.cleaned_data["text"], int(organisation) if organisation else None, tuple(self.cleaned_data["mentions"])
        )


class ThreadForm(SayForm):
    """A new thread: about what, and who sees it."""

    place = forms.ChoiceField(label="Gäller", required=False)
    words = forms.CharField(
        label="Ord i texten",
        required=False,
        max_length=MOST_QUOTED,
        help_text="Markera orden i texten, eller skriv dem här precis som de står.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    nth = forms.IntegerField(required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput)
    visibility = forms.ChoiceField(
        label="Vem ser kommentaren?",
        initial=SHARED,
        widget=forms.RadioSelect,
        error_messages={"required": "Välj vem som ser kommentaren."},
    )
    organisation = forms.ChoiceField(label="Du skriver för", required=False)
    field_order = ("place", "words", "text", "visibility", "organisation", "mentions")

    def __init__(
        self,
        data: QueryDict | None,
        *,
        functions: Collection[ContactPoint],
        targets: Collection[Target],
        speakers: Collection[Party],
        where: tuple[tuple[Field, ...], Content],
    ) -> None:
        super().__init__(data, functions=functions)
        self.where, self.found = where, Place()
        names = " eller ".join(party.name for party in speakers)
        self._choices("place", [(target.path, target.label) for target in targets])
        self._choices("visibility", [(SHARED, "Alla som läser överenskommelsen"), (INTERNAL, f"Bara {names}")])
        self._choices("organisation", [(str(party.organisation_id), party.name) for party in speakers])
        if len(speakers) < 2:
            del self.fields["organisation"]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        fields, content = self.where
        scope, words = facts.get("place", ""), clean_line(facts.get("words", ""))
        place = located(fields, content, scope, words, facts.get("nth") or 0)
        if place is None and "words" in facts:
            self.add_error("words", NOT_THERE)
        self.found = place or Place()
        return facts

    @property
    def internal(self) -> bool:
        return bool(self.cleaned_data.get("visibility") == INTERNAL)


class ChangeForm(forms.Form):
    """One's own comment, to be mended."""

    use_required_attribute = False
    text = forms.CharField(
        label="Kommentar",
        max_length=MOST_LETTERS * 2,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": "Skriv något först. Vill du ta bort kommentaren tar du tillbaka den i stället."},
    )

    def __init__(self, data: QueryDict | None, text: str) -> None:
        super().__init__(data, initial={"text": text}, label_suffix="")

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        for complaint in text_complaints(text):
            raise forms.ValidationError(complaint)
        return text


class ReviewForm(forms.Form):
    """What one says of a section; the button that is pressed is the verdict."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Vad behöver ändras?",
        required=False,
        max_length=LONGEST_REASON,
        help_text="Skriv så att den andra parten kan rätta det. Skälen följer med när texten skickas tillbaka.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": f"Skälet får vara högst {LONGEST_REASON} tecken."},
    )
    verdict = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_hash = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, reason: str = "", seen_hash: str = "") -> None:
        super().__init__(data, initial={"reason": reason, "seen_hash": seen_hash}, label_suffix="")

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if facts.get("verdict") == SectionReview.Verdict.ACCEPTED:
            facts["reason"] = ""
        if not self.errors:
            for name, complaint in review_complaints(facts["verdict"], clean_line(facts["reason"])).items():
                self.add_error("reason" if name == "verdict" else name, complaint)
        return facts
