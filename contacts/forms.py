"""What people type about contact points and holders, cleaned and complained about at the field."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, cast

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import QueryDict

from contacts.actions import CONTACT_FIELDS
from contacts.judging import level_heading
from contacts.models import ContactPoint, Function, Level, User
from contacts.rules import clean_line, complaints, identity_complaints, without_controls
from municipalities.models import County, Organisation

OPTIONAL = frozenset({"function_text", "unit", "mailbox", "phone", "sdk_address", "postal_address", "deputy"})


class VisibleField(forms.Field):
    """A field that shows again only what can be seen: no page carries characters that HTML forbids."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        shown = super().bound_data(data, initial)
        return without_controls(shown) if isinstance(shown, str) else shown


class RevisionField(VisibleField, forms.IntegerField):
    """The number of the change that the form was opened on."""


class LineField(VisibleField, forms.CharField):
    """One line of text; what can't be seen is taken away before anything else is asked."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class MailboxField(VisibleField, forms.EmailField):
    """An e-mail address in lower case."""

    default_error_messages = {"invalid": "Adressen är inte fullständig. Skriv till exempel arbetsmarknad@kommunen.se."}

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "").lower()


class LoginForm(AuthenticationForm):
    """One and the same answer, whatever is wrong: nobody learns which addresses exist."""

    error_messages = {"invalid_login": "E-postadressen och lösenordet hör inte ihop. Försök igen.", "inactive": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = MailboxField(
            label="E-post",
            max_length=254,
            widget=forms.EmailInput({"autocomplete": "username", "autofocus": True}),
        )
        self.fields["password"].label = "Lösenord"
        self.fields["username"].error_messages["required"] = "Skriv din e-postadress."
        self.fields["password"].error_messages["required"] = "Skriv ditt lösenord."


class ProofForm(forms.Form):
    """The password once more, of whoever has logged in."""

    use_required_attribute = False
    password = forms.CharField(
        label="Lösenord",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": "Skriv ditt lösenord."},
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, label_suffix="")
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError("Lösenordet stämmer inte. Försök igen.")
        return ""


def by_level(rows: Iterable[tuple[str, str, str]]) -> list[Any]:
    """Choices (value, label) in groups, one for each level; the rows (level, value, label) come in that order."""
    groups = groupby(rows, key=lambda row: row[0])
    return [
        (level_heading(Level(level)), [(value, label) for _level, value, label in group]) for level, group in groups
    ]


class ContactPointForm(forms.Form):
    """A contact point of one organisation. Its level follows from the function."""

    function = forms.TypedChoiceField(
        label="Funktion",
        help_text="Välj den funktion som samarbetet vilar på, inte den som råkar ha den i dag.",
        error_messages={"required": "Välj en funktion.", "invalid_choice": "Välj en funktion ur listan."},
    )
    function_text = LineField(
        label="Funktionens namn hos er",
        help_text="Fyll i om funktionen inte finns i listan, eller heter något annat hos er: Enhetschef Nord.",
        max_length=120,
        required=False,
    )
    unit = LineField(label="Enhet", help_text="Till exempel Arbetsmarknadsenheten.", max_length=150, required=False)
    mailbox = MailboxField(label="Funktionsbrevlåda", max_length=254, required=False)
    phone = LineField(
        label="Växel eller funktionstelefon",
        help_text="Ett nummer som finns kvar när personen slutar. Skriv riktnumret.",
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "data-width": "short"}),
    )
    sdk_address = LineField(
        label="SDK-adress",
        help_text="Funktionens adress i säker digital kommunikation.",
        max_length=150,
        required=False,
    )
    postal_address = LineField(
        label="Postadress", help_text="Organisationens officiella adress.", max_length=250, required=False
    )
    deputy = forms.TypedChoiceField(
        label="Ersättare",
        help_text="En annan av organisationens funktioner, som svarar när den här inte kan nås.",
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": "Kontaktytan har upphört eller finns inte. Välj en annan ersättare."},
    )
    revision = RevisionField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, data: Any = None, *, organisation: Organisation, point: ContactPoint | None = None, **initial: Any
    ) -> None:
        first = initial_of(point) if point else {"revision": 0}
        super().__init__(data, initial=first | initial)
        self.functions = functions_for(organisation, point)
        others = organisation.contact_points.active().select_related("function").by_level()
        own = [other for other in others if point is None or other.pk != point.pk]
        self.deputies = {str(other.pk): other for other in own}
        functions = [(f.level, str(f.pk), function_label(f)) for f in self.functions.values()]
        self.fields["function"].choices = [("", "Välj funktion"), *by_level(functions)]  # type: ignore[attr-defined]
        deputies = [(other.level, str(other.pk), deputy_label(other)) for other in own]
        self.fields["deputy"].choices = [("", "Ingen ersättare"), *by_level(deputies)]  # type: ignore[attr-defined]
        self.fields["mailbox"].help_text = mailbox_help(organisation)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        for field, complaint in complaints({k: v for k, v in typed.items() if k not in ("function", "deputy")}).items():
            self.add_error(field, complaint)
        function = self.functions.get(typed.get("function") or "")
        if function and function.other and not typed.get("function_text") and "function_text" not in self.errors:
            self.add_error("function_text", "Skriv vad funktionen heter, eftersom du har valt ”Annan funktion”.")
        return typed

    def follow(self, revision: int) -> None:
        """Make the next save of the same form build on what is saved now."""
        typed = cast(QueryDict, self.data).copy()
        typed["revision"] = str(revision)
        self.data = typed

    @property
    def facts(self) -> dict[str, Any]:
        """What the actions take; fields with errors, and those never typed, are blank."""
        typed = self.cleaned_data
        function = self.functions.get(typed.get("function") or "")
        deputy = self.deputies.get(typed.get("deputy") or "")
        rest = {field: typed.get(field) or "" for field in CONTACT_FIELDS}
        return rest | {
            "function_id": function.pk if function else None,
            "level": function.level if function else "",
            "deputy_id": deputy.pk if deputy else None,
        }

    @property
    def function_name(self) -> str:
        """What the chosen function is called in the list."""
        function = self.functions.get(self.cleaned_data.get("function") or "")
        return function.name if function else ""

    def draft(self, organisation: Organisation) -> ContactPoint | None:
        """What is typed as a contact point that is not saved, to be judged; None before a function is chosen."""
        facts = self.facts
        function = self.functions.get(str(facts.pop("function_id")))
        return ContactPoint(organisation=organisation, function=function, **facts) if function else None


def initial_of(point: ContactPoint) -> dict[str, Any]:
    same = {field: getattr(point, field) for field in CONTACT_FIELDS}
    return same | {"function": str(point.function_id), "deputy": str(point.deputy_id or ""), "revision": point.revision}


def functions_for(organisation: Organisation, point: ContactPoint | None) -> dict[str, Function]:
    """The functions of the organisation's side that can be chosen, and the one that already is."""
    rows = Function.objects.filter(side=organisation.side)
    levels = list(Level.values)
    chosen = point.function_id if point else None
    open_to_choice = [function for function in rows if function.active or function.pk == chosen]
    return {str(f.pk): f for f in sorted(open_to_choice, key=lambda f: (levels.index(f.level), f.position, f.pk))}


def function_label(function: Function) -> str:
    heading = level_heading(Level(function.level)).lower()
    return f"{function.name}, {heading}" if function.other else function.name


def deputy_label(point: ContactPoint) -> str:
    return f"{point.name}, {point.unit}" if point.unit else point.name


def mailbox_help(organisation: Organisation) -> str:
    domain = organisation.mail_domain or "organisationen.se"
    return (
        f"En brevlåda som flera läser, till exempel arbetsmarknad@{domain}. "
        "Den är bara en kontaktväg: i portalen loggar var och en in som sig själv."
    )


class HolderForm(forms.Form):
    """Who holds a function from today."""

    name = LineField(
        label="Namn", max_length=150, error_messages={"required": "Skriv namnet, eller lämna funktionen vakant."}
    )
    email = MailboxField(
        label="Personens egen e-post",
        help_text="Bara för er egen kännedom. Motparten skriver till funktionsbrevlådan.",
        max_length=254,
        required=False,
    )
    phone = LineField(
        label="Mobil eller direktnummer",
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "data-width": "short"}),
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        found = identity_complaints({"name": typed.get("name"), "email": typed.get("email")})
        channels = complaints({"phone": typed.get("phone")})
        for field, complaint in (found | channels).items():
            self.add_error(field, complaint)
        return typed


class OrganisationFilter(forms.Form):
    """The filter of the list, all of it in the address; what is not understood filters nothing."""

    q = LineField(label="Sök", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    slag = forms.ChoiceField(
        label="Slag", required=False, choices=[("", "Alla"), *((k.value, k.label) for k in Organisation.Kind)]
    )
    lan = forms.ChoiceField(label="Län", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        counties = County.objects.values_list("code", "name")
        self.fields["lan"].choices = [("", "Alla län"), *counties]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """What is understood and not empty."""
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}
