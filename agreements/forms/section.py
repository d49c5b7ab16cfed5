"""The form of a section's own fields, made from the template's field specifications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseFormSet, BoundField, formset_factory
from django.http import QueryDict
from django.utils.functional import cached_property

from agreements.content import MAX_ROWS, InvalidContent, tidy
from agreements.fields import Content, Field, Kind, local
from agreements.forms.values import control

NOT_CONTENT = frozenset({"csrfmiddlewaretoken", "revision", "base", "next", "add_row", "redraw", "new_contact"})
"""What a section's form posts besides content."""


class PlainForm(forms.Form):
    """The fields that are not rows. `required` is shown, not demanded: a draft may be saved half-way."""

    use_required_attribute = False

    def __init__(self, specs: tuple[Field, ...], **options: Any) -> None:
        super().__init__(**options)
        for spec in specs:
            self.fields[spec.key] = control(spec)


class RowForm(forms.Form):
    """One row. Its id travels along, so that a moved row is still the same row."""

    use_required_attribute = False
    id = forms.CharField(required=False, widget=forms.HiddenInput, validators=[])

    def __init__(self, *args: Any, columns: tuple[Field, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        for column in columns:
            self.fields[column.key] = control(column, in_row=True)

    @property
    def place(self) -> int:
        """Where the row stands after moving; rows that say nothing come last."""
        given = str(self.data.get(self.add_prefix("ORDER"), "")).strip()
        return int(given) if given.isdecimal() and len(given) < 6 else MAX_ROWS * 10

    @property
    def is_removed(self) -> bool:
        return bool(self.data.get(self.add_prefix("DELETE")))

    def values(self) -> dict[str, Any]:
        """What was typed in the row."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields if name not in ("ORDER", "DELETE")}


if TYPE_CHECKING:
    RowSet = BaseFormSet[RowForm]


def row_set(spec: Field, content: Content, data: QueryDict | None) -> RowSet:
    """The rows of a field as a formset; an empty field shows one blank row."""
    rows = content.get(spec.key) or []
    factory = formset_factory(RowForm, extra=0 if rows else 1, can_order=True, can_delete=True, max_num=MAX_ROWS * 5)
    return factory(data, prefix=spec.key, initial=rows, form_kwargs={"columns": spec.columns})


@dataclass
class Part:
    """A field as the page shows it: a bound field, or a formset for rows."""

    spec: Field
    field: BoundField | None = None
    rows: RowSet | None = None


class SectionForm:
    """A section's local fields: what was posted (`raw`), what is wrong with it, and all of it to show again."""

    def __init__(self, specs: tuple[Field, ...], content: Content, data: QueryDict | None = None) -> None:
        self.specs = local(specs)
        self.data = data if data is not None else QueryDict()
        plain = tuple(spec for spec in self.specs if spec.kind is not Kind.ROWS)
        self.plain = PlainForm(plain, data=data, initial=dict(content), label_suffix="")
        self.rows = {spec.key: row_set(spec, content, data) for spec in self.specs if spec.kind is Kind.ROWS}
        self.strangers: list[str] = []

    @property
    def parts(self) -> Iterator[Part]:
        """The fields in the template's order."""
        for spec in self.specs:
            if spec.key in self.rows:
                yield Part(spec, rows=self.rows[spec.key])
            else:
                yield Part(spec, field=self.plain[spec.key])

    @cached_property
    def _sorted_rows(self) -> dict[str, list[RowForm]]:
        """The rows of each field as they shall stand, the removed ones left out."""
        return {
            key: sorted((form for form in formset.forms if not form.is_removed), key=lambda form: form.place)
            for key, formset in self.rows.items()
        }

    def raw(self, also: frozenset[str] = frozenset(), names: frozenset[str] = frozenset()) -> dict[str, Any]:
        """What was posted, for the gate. Names that no field has go along, so that the gate refuses them.

        `also` and `names`: prefixes and names that belong to other forms of the page.
        """
        self.plain.is_valid()
        raw = dict(self.plain.cleaned_data)
        for key, forms_in_order in self._sorted_rows.items():
            raw[key] = [form.values() for form in forms_in_order]
        return raw | {name: self.data[name] for name in self._unknown(also, names)}

    def is_whole(self) -> bool:
        """Whether every field came along: a post cut short must not empty the rest. Unticked boxes post nothing."""
        wordless = {spec.key for spec in self.specs if spec.kind in (Kind.CHOICE, Kind.CHOICES)}
        names = {*self.plain.fields, *(f"{key}-TOTAL_FORMS" for key in self.rows)} - wordless
        if names <= set(self.data):
            return True
        self.strangers.append("Allt på sidan kom inte fram. Försök spara en gång till.")
        return False

    def _unknown(self, also: frozenset[str], names: frozenset[str]) -> Iterator[str]:
        for name in self.data:
            known = name in self.plain.fields or name in NOT_CONTENT or name in names
            if not known and not name.startswith(tuple(f"{prefix}-" for prefix in {*self.rows, *also})):
                yield name

    def is_valid(self, also: frozenset[str] = frozenset(), names: frozenset[str] = frozenset()) -> bool:
        """Whether the gate lets it through; else each complaint is put at its field."""
        if not self.is_whole():
            return False
        try:
            tidy(self.specs, self.raw(also, names))
        except InvalidContent as invalid:
            self.place(invalid.errors)
            return False
        return True

    def place(self, errors: Mapping[str, str]) -> None:
        """Put each complaint at its field: the path is "field" or "field.index.column"."""
        for path, message in errors.items():
            key, *inner = path.split(".")
            if inner and key in self.rows:
                index, column = inner
                self._sorted_rows[key][int(index)].add_error(column, message)
            elif key in self.plain.fields:
                self.plain.add_error(key, message)
            else:
                self.strangers.append(f"{self._name(key)}: {message}")

    def _name(self, key: str) -> str:
        return next((spec.label for spec in self.specs if spec.key == key), key[:40])

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Every complaint as (id of the control, label, message), in the order of the page."""
        found = [("", "", message) for message in self.strangers]
        for part in self.parts:
            if part.field is not None:
                found += [(part.field.auto_id, part.spec.label, str(error)) for error in part.field.errors]
            elif part.rows is not None:
                found += _row_errors(part.spec, part.rows)
        return found


def _row_errors(spec: Field, rows: RowSet) -> list[tuple[str, str, str]]:
    return [
        (bound.auto_id, f"{spec.label}, rad {number}, {bound.label}", str(error))
        for number, form in enumerate(rows.forms, start=1)
        if form.is_bound
        for bound in form.visible_fields()
        for error in bound.errors
        if bound.name not in ("ORDER", "DELETE")
    ]


def with_added_row(data: QueryDict) -> QueryDict:
    """The same post with one more blank row: what "Lägg till rad" does without JavaScript."""
    if "add_row" not in data:
        return data
    more = data.copy()
    name = f"{more['add_row']}-TOTAL_FORMS"
    given = more.get(name, "0")
    more[name] = str((int(given) if given.isdecimal() and len(given) < 6 else 0) + 1)
    return more


def posted_as(specs: tuple[Field, ...], content: Content) -> dict[str, list[str]]:
    """Content as its form would post it."""
    sent: dict[str, list[str]] = {}
    for spec in local(specs):
        value = content.get(spec.key)
        if spec.kind is Kind.ROWS:
            sent |= _rows_as_posted(spec, value or [])
        elif spec.kind is Kind.CHOICES:
            sent[spec.key] = list(value or [])
        elif spec.kind is not Kind.CHOICE or value:
            sent[spec.key] = ["" if value is None else str(value)]
    return sent


def _rows_as_posted(spec: Field, rows: list[Mapping[str, Any]]) -> dict[str, list[str]]:
    sent = {f"{spec.key}-TOTAL_FORMS": [str(len(rows))], f"{spec.key}-INITIAL_FORMS": [str(len(rows))]}
    for index, row in enumerate(rows):
        for name in ("id", *(column.key for column in spec.columns)):
            value = row.get(name)
            sent[f"{spec.key}-{index}-{name}"] = ["" if value is None else str(value)]
        sent[f"{spec.key}-{index}-ORDER"] = [str(index + 1)]
    return sent
