"""Forms of the template editor: facts, the outline, and a section with its fields and their columns.

They pass on what was typed; agreements.national.definition is the gate that judges it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from agreements.actions.template_drafts import MOST_SECTIONS, Facts, OutlineRow, SectionChange
from agreements.fields import KIND_LABELS, Kind
from agreements.models import TemplateSection
from agreements.national.definition import IN_ROWS, MOST
from agreements.widgets import RichTextField
from contacts.forms import LineField, RevisionField, VisibleField

NO, YES, WHEN = "no", "yes", "when:"
LAST: Final = 100_000
COLUMNS = "columns-"
Stored = Sequence[Mapping[str, Any]]
"""Fields as the template has them."""


class NoteField(VisibleField, forms.CharField):
    """Some lines of text."""


class PassedLine(LineField):
    """A line that is shown as demanded; the gate judges whether it is there."""

    def validate(self, value: str) -> None:
        """Asked by the gate."""


class PassedChoice(forms.ChoiceField):
    """A choice that passes on whatever was posted; the gate judges it."""

    def validate(self, value: str) -> None:
        """Asked by the gate."""


class Revised(forms.Form):
    """A form that knows on which change it was opened."""

    use_required_attribute = False
    revision = RevisionField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)
        self.posted = data

    @property
    def seen(self) -> int:
        return int(self.cleaned_data["revision"])

    def accept_revision(self, revision: int) -> None:
        """Let what is typed be saved over what somebody else has saved, once it has been seen."""
        if self.posted is not None:
            self.posted["revision"] = str(revision)


class FactsForm(Revised):
    """Name, note and what is new."""

    name = LineField(label="Namn", max_length=150, error_messages={"required": "Ge mallen ett namn."})
    news = NoteField(
        label="Vad är nytt",
        required=False,
        max_length=4000,
        help_text="Visas för alla som skriver på en äldre mall. Skriv kort vad som har ändrats och varför.",
        widget=forms.Textarea({"rows": 5}),
    )
    note = NoteField(
        label="Anmärkning",
        required=False,
        max_length=2000,
        help_text="Visas överst på mallens sida. Så länge här står att texten är en rekonstruktion får alla veta det; "
        "ta bort den meningen när ni publicerar er egen text.",
        widget=forms.Textarea({"rows": 4}),
    )

    def facts(self) -> Facts:
        said = self.cleaned_data
        return Facts(said["name"], said["note"], said["news"])


class MovedForm(forms.Form):
    """A row that can be moved and removed."""

    use_required_attribute = False

    @property
    def place(self) -> int:
        given = str(self.data.get(self.add_prefix("ORDER"), "")).strip()
        return int(given) if given.isdecimal() and len(given) < 6 else LAST

    @property
    def is_removed(self) -> bool:
        return bool(self.data.get(self.add_prefix("DELETE")))


class OutlineRowForm(MovedForm):
    """One section of the outline."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    number = PassedLine(
        label="Nummer",
        max_length=4,
        widget=forms.TextInput({"autocomplete": "off", "data-width": "short"}),
    )
    title = PassedLine(label="Rubrik", max_length=120, widget=forms.TextInput({"autocomplete": "off"}))

    @property
    def is_blank(self) -> bool:
        facts = self.cleaned_data
        return not any(facts.get(name) for name in ("key", "number", "title"))


class FieldRowForm(MovedForm):
    """A field of a section, or a column of rows."""

    label = PassedLine(label="Rubrik", widget=forms.TextInput({"autocomplete": "off"}))
    kind = PassedChoice(label="Sort")
    required = PassedChoice(label="Krävs")
    help = LineField(label="Hjälptext", required=False)
    options = NoteField(
        label="Alternativ",
        required=False,
        help_text="För val: ett alternativ per rad. Det som står före kolonet är nyckeln, som bär svaret till nästa "
        "version. Skriv bara ordet, så görs nyckeln av det.",
        widget=forms.Textarea({"rows": 2}),
    )
    key = LineField(
        label="Nyckel",
        required=False,
        help_text="Bär den lokala texten till nästa version. Lämna tomt, så görs den av rubriken.",
        widget=forms.TextInput({"autocomplete": "off", "data-width": "short"}),
    )

    def __init__(
        self, *args: Any, kinds: Iterable[Kind], siblings: Sequence[Mapping[str, Any]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        self.fields["kind"].choices = [("", "Välj"), *((str(kind), KIND_LABELS[kind]) for kind in kinds)]  # type: ignore[attr-defined]  # a choice field
        self.fields["required"].choices = demands(siblings)  # type: ignore[attr-defined]  # as above
        if self.key_now in {row["key"] for row in siblings}:
            self.fields["key"].widget.attrs["readonly"] = True

    @property
    def key_now(self) -> str:
        return str(self.data.get(self.add_prefix("key"), "") if self.is_bound else self.initial.get("key", ""))

    @property
    def is_blank(self) -> bool:
        facts = self.cleaned_data
        return not any(facts.get(name) for name in ("key", "label", "help", "options"))

    def stored(self) -> dict[str, Any]:
        """What was typed, as the gate takes it."""
        facts = self.cleaned_data
        how = facts.get("required") or NO
        field, _, value = how.removeprefix(WHEN).partition("=")
        return {
            "key": facts.get("key") or "",
            "label": facts.get("label") or "",
            "kind": facts.get("kind") or "",
            "help": facts.get("help") or "",
            "required": how == YES,
            "required_if": {"field": field, "value": value} if how.startswith(WHEN) else None,
            "options": options_in(facts.get("options") or ""),
        }


def demands(siblings: Stored) -> list[tuple[str, str]]:
    """No, always, or when another field has been answered in some way."""
    found = [(NO, "Nej, valfritt"), (YES, "Ja, alltid")]
    for row in siblings:
        if row["kind"] == Kind.CHOICE:
            found += [
                (f"{WHEN}{row['key']}={value}", f"När {row['label']} är {label}") for value, label in row["options"]
            ]
    return found


def options_in(text: str) -> list[tuple[str, str]]:
    """Lines as (key, words); the key is empty where none was written."""
    found = []
    for line in (line.strip() for line in text.splitlines()):
        key, colon, words = line.partition(":")
        if line:
            found.append((key.strip(), words.strip()) if colon and " " not in key.strip() else ("", line))
    return found


def row_of(data: Mapping[str, Any]) -> dict[str, str]:
    """A stored field as the form shows it."""
    condition = data.get("required_if")
    demand = f"{WHEN}{condition['field']}={condition['value']}" if condition else YES if data.get("required") else NO
    return {
        "key": data["key"],
        "label": data["label"],
        "kind": data["kind"],
        "help": data.get("help", ""),
        "required": demand,
        "options": "\n".join(f"{value}: {label}" for value, label in data.get("options", ())),
    }


if TYPE_CHECKING:
    OutlineSet = BaseFormSet[OutlineRowForm]
    FieldSet = BaseFormSet[FieldRowForm]


def kept_in_order(formset: Any) -> list[Any]:
    """The rows that say something, as they shall stand; each is asked first, so that it knows what it says."""
    for form in formset.forms:
        form.is_valid()
    kept = [form for form in formset.forms if not form.is_removed and not form.is_blank]
    return sorted(kept, key=lambda form: form.place)


class Outline:
    """The sections of a draft in order: moved, numbered, named, added and removed in one save."""

    def __init__(self, sections: Iterable[TemplateSection], data: QueryDict | None, revision: int) -> None:
        self.form = Revised(data, initial={"revision": revision})
        factory = formset_factory(OutlineRowForm, extra=0, can_order=True, can_delete=True, max_num=MOST_SECTIONS * 3)
        initial = [{"key": s.key, "seen": s.revision, "number": s.number, "title": s.title} for s in sections]
        self.rows: OutlineSet = factory(data, prefix="sections", initial=initial)

    def is_whole(self) -> bool:
        """Whether all of the page came along."""
        return self.form.is_valid() and self.rows.management_form.is_valid()

    def asked(self) -> list[OutlineRow]:
        facts = [form.cleaned_data for form in kept_in_order(self.rows)]
        return [OutlineRow(row.get("number", ""), row.get("title", ""), row.get("key", "")) for row in facts]

    def seen(self) -> dict[str, int]:
        facts = [form.cleaned_data for form in self.rows.forms]
        return {row["key"]: int(row["seen"]) for row in facts if row.get("key") and row.get("seen", "").isdecimal()}

    def reconciled(self, sections: Sequence[TemplateSection], revision: int) -> Outline:
        """The same rows over what somebody else has saved, with the sections that were added there."""
        data = (self.form.posted or QueryDict()).copy()
        shown = {form.cleaned_data.get("key", ""): form for form in self.rows.forms if form.is_valid()}
        count = len(self.rows.forms)
        for section in sections:
            known = section.key in shown
            at = shown[section.key].prefix if known else f"sections-{count}"
            count += not known
            data[f"{at}-seen"] = str(section.revision)
            if not known:
                data.update({f"{at}-key": section.key, f"{at}-number": section.number, f"{at}-title": section.title})
        data["sections-TOTAL_FORMS"], data["revision"] = str(count), str(revision)
        return Outline(sections, data, revision)

    def place(self, errors: Mapping[str, str]) -> None:
        put(kept_in_order(self.rows), errors)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        return complaints("Rad", self.rows)


class SectionEditor:
    """Guidance, national text, fields and the columns of each field of rows."""

    def __init__(self, section: TemplateSection, data: QueryDict | None) -> None:
        self.section = section
        now = {"revision": section.revision, "guidance": section.guidance, "locked": section.locked}
        self.texts = TextsForm(data, initial=now)
        self.fields = field_set("fields", section.definition, tuple(Kind), data)
        self.columns = [
            (row, field_set(f"{COLUMNS}{row['key']}", row.get("columns", []), IN_ROWS, data))
            for row in section.definition
            if row["kind"] == Kind.ROWS and (data is None or f"{COLUMNS}{row['key']}-TOTAL_FORMS" in data)
        ]

    def is_whole(self) -> bool:
        sets = [self.fields, *(columns for _, columns in self.columns)]
        return self.texts.is_valid() and all(one.management_form.is_valid() for one in sets)

    def change(self) -> SectionChange:
        said = self.texts.cleaned_data
        columns = {row["key"]: [form.stored() for form in kept_in_order(rows)] for row, rows in self.columns}
        fields = [form.stored() for form in kept_in_order(self.fields)]
        return SectionChange(
            guidance=said["guidance"],
            locked=said["locked"],
            fields=[field | {"columns": columns.get(field["key"], [])} for field in fields],
        )

    def place(self, errors: Mapping[str, str]) -> None:
        """Put each complaint at its control: "locked", "index.part" or "index.columns.index.part"."""
        forms_in_order = kept_in_order(self.fields)
        of_columns = {row["key"]: kept_in_order(rows) for row, rows in self.columns}
        for path, message in errors.items():
            first, *rest = path.split(".")
            if not rest:
                self.texts.add_error(first, message)
            elif "columns" in rest:
                inner = of_columns.get(forms_in_order[int(first)].key_now, [])
                put(inner, {".".join(rest[1:]): message})
            else:
                put(forms_in_order, {path: message})

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        found = [
            (bound.auto_id, str(bound.label), str(error)) for bound in self.texts for error in bound.errors
        ] + complaints("Fält", self.fields)
        for row, columns in self.columns:
            found += complaints(f"{row['label']}, kolumn", columns)
        return found


class TextsForm(Revised):
    """The two texts of a section."""

    locked = RichTextField(
        label="Nationell text, låst",
        required=False,
        help_text="Lika i hela landet. Den som skriver en överenskommelse kan inte ändra den.",
    )
    guidance = RichTextField(
        label="Vägledning",
        required=False,
        help_text="Visas bredvid avsnittet för den som skriver. Följer inte med i överenskommelsen.",
    )


def field_set(
    prefix: str, rows: Sequence[Mapping[str, Any]], kinds: Iterable[Kind], data: QueryDict | None
) -> FieldSet:
    factory = formset_factory(FieldRowForm, extra=0, can_order=True, can_delete=True, max_num=MOST["fields"] * 3)
    options = {"kinds": tuple(kinds), "siblings": rows}
    return factory(data, prefix=prefix, initial=[row_of(row) for row in rows], form_kwargs=options)


def put(forms_in_order: Sequence[forms.Form], errors: Mapping[str, str]) -> None:
    """Each complaint ("index.part") at its control; one about a row that is not shown goes to the last one."""
    for path, message in errors.items():
        index, _, part = path.partition(".")
        if forms_in_order:
            form = forms_in_order[min(int(index), len(forms_in_order) - 1)]
            form.add_error(part if part in form.fields else None, message)


def complaints(noun: str, formset: Any) -> list[tuple[str, str, str]]:
    """Every complaint as (id of the control, label, message)."""
    if not formset.is_bound:
        return []
    return [
        (bound.auto_id, f"{noun} {number}, {bound.label.lower()}", str(error))
        for number, form in enumerate(formset.forms, start=1)
        if not form.is_removed
        for bound in form.visible_fields()
        for error in bound.errors
        if bound.name not in ("ORDER", "DELETE")
    ]
