"""A template field as a form field. It passes on what was typed; agreements.content is the gate that judges it."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.fields import Field, Kind
from agreements.html import from_plain, has_markup
from agreements.widgets import RichTextWidget

FUNCTION_LISTS = {"municipality": "functions-municipality", "af": "functions-af"}
"""Which list of suggestions a function field has, by the last word of its key."""


class Raw(forms.Field):
    """A field that neither judges nor changes; `required` only says whether it is marked as optional."""

    def __init__(self, spec: Field, **options: Any) -> None:
        super().__init__(
            label=spec.label,
            help_text=spec.help,
            required=spec.required or spec.required_if is not None,
            **options,
        )
        self.spec = spec

    def clean(self, value: Any) -> Any:
        return value


class RawChoice(Raw):
    """A field whose widget offers the template's options."""

    def __init__(self, spec: Field, *, blank: str | None = None, **options: Any) -> None:
        super().__init__(spec, **options)
        first = [("", blank)] if blank is not None else []
        self.widget.choices = [*first, *spec.options]


class RawText(Raw):
    """Rich text; what was written without any markup becomes paragraphs."""

    def clean(self, value: Any) -> Any:
        return value if not value or has_markup(value) else from_plain(value)


def control(spec: Field, *, in_row: bool = False) -> Raw:
    """The form field for a template field."""
    if spec.kind is Kind.TEXT:
        return RawText(spec, widget=RichTextWidget())
    if spec.kind is Kind.CHOICE and in_row:
        return RawChoice(spec, blank="Välj", widget=forms.Select())
    if spec.kind is Kind.CHOICE:
        return RawChoice(spec, widget=forms.RadioSelect())
    if spec.kind is Kind.CHOICES:
        return RawChoice(spec, widget=forms.CheckboxSelectMultiple())
    return Raw(spec, widget=_plain_widget(spec))


def _plain_widget(spec: Field) -> forms.Widget:
    if spec.kind is Kind.NOTE:
        return forms.Textarea({"rows": 3})
    if spec.kind is Kind.DATE:
        return forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    if spec.kind is Kind.INTEGER:
        return forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-width": "short"})
    if spec.kind is Kind.FUNCTION:
        return forms.TextInput({"list": suggestions(spec.key), "autocomplete": "off"})
    return forms.TextInput({"autocomplete": "off"})


def suggestions(key: str) -> str:
    """The id of the datalist: one side's functions, or those of both."""
    return FUNCTION_LISTS.get(key.split("_")[0], FUNCTION_LISTS.get(key.split("_")[-1], "functions-all"))
