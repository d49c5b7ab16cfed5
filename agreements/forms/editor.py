"""Everything on a section's page that can be written: own fields, parties, period and contact points."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from agreements.actions.writing import Change
from agreements.fields import Kind
from agreements.forms.section import Part, SectionForm
from agreements.forms.structure import (
    CONTACTS,
    PERIOD_NAMES,
    PartyChoices,
    PartyForm,
    PeriodForm,
    chosen_values,
    contact_choices,
    party_names,
    posted_contacts,
    saved_facts,
)
from agreements.gather import Whole
from agreements.models import TemplateSection
from contacts.access import Permission, Reach
from contacts.judging import contact_facts
from contacts.models import ContactPoint, Holder
from contacts.personbound import Verdict, assess


def posted_revision(data: QueryDict) -> int:
    given = data.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 9 else -1


class Unfit(Exception):
    """What was posted can't be given to the action; the editor holds every complaint."""


class Editor:
    """A section's page. Without data it shows what is saved; with data what was posted."""

    def __init__(
        self, whole: Whole, key: str, reach: Reach, data: QueryDict | None = None, *, new_contact: str = ""
    ) -> None:
        self.new_contact = new_contact
        self.whole, self.key, self.reach, self.data = whole, key, reach, data
        self.specs = whole.template_section(key).fields
        self.kinds = {spec.kind for spec in self.specs}
        self.own = SectionForm(self.specs, whole.sections[key].content, data)
        self.parties = self._party_forms()
        self.period = PeriodForm(whole.version, data) if Kind.PERIOD in self.kinds else None
        self.complaints: list[str] = []
        self.accepted_revision = whole.sections[key].revision if data is None else None

    def _party_forms(self) -> list[PartyForm]:
        names = party_names(self.kinds)
        if not names:
            return []
        return [PartyForm(party, names, index, self.data) for index, party in enumerate(self.whole.parties)]

    @property
    def revision(self) -> int:
        """The number of the text that was changed: the one that was shown when writing began."""
        if self.accepted_revision is not None:
            return self.accepted_revision
        return posted_revision(self.data) if self.data is not None else -1

    def accept_revision(self) -> None:
        """What is posted next is based on the text as it is saved now."""
        self.accepted_revision = self.whole.sections[self.key].revision

    @property
    def base(self) -> str:
        """What is kept in tables of its own, as it stands: two who change it are told apart by what they began with."""
        facts = saved_facts(self.whole, self.kinds)
        return json.dumps(facts, ensure_ascii=False) if facts else ""

    @property
    def has_contacts(self) -> bool:
        return Kind.CONTACTS in self.kinds

    @property
    def has_staffing(self) -> bool:
        return Kind.STAFFING in self.kinds

    @property
    def can_be_saved(self) -> bool:
        return bool(self.kinds - {Kind.STAFFING})

    @property
    def own_parts(self) -> Iterator[Part]:
        return self.own.parts

    def is_valid(self) -> bool:
        """Whether it can be given to the action; every complaint is put at its place, not only the first.

        The section's own fields are judged by the action, and here only to complain of everything at once.
        """
        judged = [form.is_valid() for form in self.parties]
        if self.period is not None:
            judged.append(self.period.is_valid())
        if self.has_contacts:
            judged.append(self._contacts_are_valid())
        if all(judged):
            return self.own.is_whole()
        self.own.is_valid(also=self._own_prefixes, names=self._own_names)
        return False

    @property
    def _own_prefixes(self) -> frozenset[str]:
        return frozenset(str(form.prefix) for form in self.parties)

    @property
    def _own_names(self) -> frozenset[str]:
        names = frozenset(PERIOD_NAMES if self.period is not None else ())
        return names | {CONTACTS} if self.has_contacts else names

    def _contacts_are_valid(self) -> bool:
        try:
            posted_contacts(self._ticked())
        except ValidationError as error:
            self.complaints += error.messages
            return False
        return True

    def _ticked(self) -> list[str]:
        return self.data.getlist(CONTACTS) if self.data is not None else []

    def change(self) -> Change:
        """What is to be saved; only after is_valid."""
        return Change(
            raw=self.own.raw(also=self._own_prefixes, names=self._own_names) if self.own.specs else None,
            parties={form.party.pk: form.cleaned_data for form in self.parties} or None,
            period=self.period.period() if self.period is not None else None,
            chosen=posted_contacts(self._ticked()) if self.has_contacts else None,
        )

    def sparing_change(self) -> Change:
        """What can be saved of what is being typed."""
        fit = {form.party.pk: form.cleaned_data for form in self.parties if form.is_valid()}
        period = self.period.period() if self.period is not None and self.period.is_valid() else None
        contacts = posted_contacts(self._ticked()) if self.has_contacts and self._contacts_are_valid() else None
        raw = self.own.raw(also=self._own_prefixes, names=self._own_names) if self.own.specs else None
        return Change(raw=raw, parties=fit or None, period=period, chosen=contacts)

    @property
    def contact_choices(self) -> list[PartyChoices]:
        """The boxes of section 7: two queries."""
        ticked = chosen_values(self.whole.contacts) if self.data is None else set(self._ticked())
        chosen = {row.contact_point_id for row in self.whole.contacts}
        points = [
            point
            for point in ContactPoint.objects.filter(organisation__in=self.whole.organisation_ids)
            .select_related("function", "deputy__function", "organisation")
            .by_level()
            if point.ended_on is None or point.pk in chosen
        ]
        ticked |= {
            f"{party.pk}:{point.level}:{point.pk}"
            for point in points
            for party in self.whole.parties
            if str(point.pk) == self.new_contact and party.organisation_id == point.organisation_id
        }
        may_add = self.reach.organisations(Permission.EDIT_CONTACTS)
        return contact_choices(self.whole, _judged(points), ticked, may_add)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Every complaint as (id of the control, label, message), in the order of the page."""
        found = [("", "", message) for message in self.complaints]
        forms = [*self.parties, *([self.period] if self.period is not None else [])]
        for form in forms:
            owner = f"{form.party.name}, " if isinstance(form, PartyForm) else ""
            for bound in form:
                found += [(bound.auto_id, f"{owner}{bound.label}", str(error)) for error in bound.errors]
        return found + self.own.errors


def _judged(points: list[ContactPoint]) -> list[tuple[ContactPoint, Verdict]]:
    """Each contact point with its verdict as of today."""
    held: dict[int, list[Holder]] = {}
    for holder in Holder.objects.current(timezone.localdate()).filter(contact_point__in=points):
        held.setdefault(holder.contact_point_id, []).append(holder)
    return [(point, assess(contact_facts(point, held.get(point.pk, []))).verdict) for point in points]


class Typed:
    """What was posted, made into a change once its section has been read and locked."""

    def __init__(self, key: str, reach: Reach, data: QueryDict) -> None:
        self.key, self.reach, self.data = key, reach, data
        self.editor: Editor | None = None

    @property
    def revision(self) -> int:
        """The number of the text that was changed: the one that was shown when writing began."""
        return posted_revision(self.data)

    def change(self, whole: Whole) -> Change:
        """All of it. Raises Unfit."""
        self.editor = Editor(whole, self.key, self.reach, self.data)
        if not self.editor.is_valid():
            raise Unfit
        return self.editor.change()

    def sparing_change(self, whole: Whole) -> Change:
        """What of it can be given to the action: a part with something wrong in it is left out. Raises Unfit."""
        self.editor = editor = Editor(whole, self.key, self.reach, self.data)
        if not editor.own.is_whole():
            raise Unfit
        return editor.sparing_change()

    def complaints(self, errors: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Every complaint as (id of the control, label, message), those of the action put at their place."""
        if self.editor is None:
            return []
        self.editor.own.place(errors)
        return self.editor.errors

    @property
    def sections(self) -> list[TemplateSection]:
        """The template's sections, once the section has been read."""
        return self.editor.whole.template_sections if self.editor else []

    def editor_in(self, whole: Whole) -> Editor:
        """The editor with its complaints, or a new one, to show with all of the agreement."""
        return self.editor or Editor(whole, self.key, self.reach, self.data)
