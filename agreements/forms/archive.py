"""Which archive somebody asks for."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from agreements.archive_choices import Choice, Scope

GROUPS = {
    Scope.OWN: "Egna överenskommelser",
    Scope.COUNTRY: "Hela landet",
    Scope.REGION: "AF-regioner",
    Scope.COUNTY: "Län",
}
MISSING = "Välj vilka överenskommelser arkivet ska innehålla."


class ArchiveForm(forms.Form):
    use_required_attribute = False
    choice = forms.ChoiceField(label="Urval", error_messages={"required": MISSING, "invalid_choice": MISSING})

    def __init__(self, data: QueryDict | None, choices: Iterable[Choice]) -> None:
        super().__init__(data, label_suffix="")
        self.known = {choice.value: choice for choice in choices}
        groups: dict[str, list[tuple[str, str]]] = {}
        for choice in self.known.values():
            groups.setdefault(GROUPS[Scope(choice.scope)], []).append((choice.value, choice.label))
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", "Välj …"), *groups.items()] if len(self.known) > 1 else [*groups.items()]

    def chosen(self) -> Choice:
        return self.known[self.cleaned_data["choice"]]
