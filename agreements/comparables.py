"""What can be compared with a version: templates, other versions, its own past, and what other municipalities signed.

Who reads the version may compare it with anything here. Signed agreements are public: another municipality's is shown
to everybody, without names to those who do not see names in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from agreements.covering import covered_document
from agreements.document import Document, assemble, text_hash
from agreements.gather import Whole, file_line, head, section_source, sections_of
from agreements.listing import names_of
from agreements.models import Party, TemplateVersion, Version
from agreements.past import PARTIES, POINTS, WRITING, Moment, Span, Text, span_of, taken_back
from agreements.states import AMENDABLE, State
from contacts.access import Reach
from contacts.models import Event
from municipalities.models import Organisation

TEMPLATE, VERSION, EVENT = "mall", "version", "handelse"
MOST_FOUND: Final = 20
MOST_MOMENTS: Final = 200
_VALUE: Final = re.compile(rf"({TEMPLATE}|{VERSION}|{EVENT})-([0-9]{{1,18}})")


class NothingToCompare(Exception):
    """There is no such thing, or it is not for this reader."""


@dataclass(frozen=True)
class Choice:
    """Something to compare, as it stands in the address and in words."""

    value: str
    name: str


@dataclass
class Source:
    """A choice with its text, which is put together when it is asked for.

    `mark` names exactly what is shown: the text, and whether its names are covered.
    """

    choice: Choice
    mark: str
    covered: bool
    read: Callable[[], Document]

    @cached_property
    def document(self) -> Document:
        return covered_document(self.read()) if self.covered else self.read()


@dataclass
class Comparables:
    """Everything a reader may compare a version with; each part is asked for once, if at all."""

    whole: Whole
    reach: Reach

    # ------------------------------------------------------------------------------------------------ choices

    @cached_property
    def templates(self) -> list[TemplateVersion]:
        """Published ones, oldest first."""
        return list(TemplateVersion.objects.filter(published_at__isnull=False).order_by("number"))

    @cached_property
    def versions(self) -> list[Version]:
        """The agreement's versions that have not been discarded, oldest first; the one at hand among them."""
        rows = Version.objects.visible_to(self.reach).with_heads().defer("frozen")
        rows = rows.filter(agreement=self.whole.version.agreement_id)
        own = self.whole.version.pk
        return list(rows.filter(~Q(state=State.DISCARDED) | Q(pk=own)).order_by("number"))

    @cached_property
    def moments(self) -> list[Moment]:
        """The newest points of the agreement's life, oldest first."""
        rows = Event.objects.about(self.whole.version.subject).filter(type__in=POINTS).order_by("-pk")
        found = rows.values_list("pk", "type", "at", "after__version")[:MOST_MOMENTS]
        return [Moment(*row) for row in reversed(found)]

    @cached_property
    def span(self) -> Span | None:
        return span_of(self.whole.version.number, self.moments)

    def groups(self, found: list[Choice], chosen: Iterable[Choice] = ()) -> list[tuple[str, list[Choice]]]:
        """Choices under their headings, in the order they are read; what is chosen is always among them."""
        groups = [
            ("Den här överenskommelsen", [version_choice(version) for version in self.versions]),
            ("Tidigare lägen i den här versionen", self.points()),
            ("Nationell mall", [template_choice(template) for template in self.templates]),
            ("Andra kommuner", found),
        ]
        known = {choice.value for _, choices in groups for choice in choices}
        groups.append(("Valt", [choice for choice in dict.fromkeys(chosen) if choice.value not in known]))
        return [(heading, choices) for heading, choices in groups if choices]

    def points(self) -> list[Choice]:
        """The points of this version, newest first."""
        span = self.span
        return [moment_choice(moment) for moment in reversed(self.moments) if span and span.holds(moment.pk)]

    def found(self, query: str) -> list[Choice]:
        """Signed versions of municipalities whose name holds the words; none when nothing is looked for."""
        if not query:
            return []
        kommuner = Organisation.objects.filter(
            kind=Organisation.Kind.MUNICIPALITY, name__icontains=query, agreement_parties__isnull=False
        )
        rows = Version.objects.filter(state__in=AMENDABLE, parties__organisation__in=kommuner)
        rows = rows.exclude(agreement=self.whole.version.agreement_id).defer("frozen").distinct()
        versions = list(rows.prefetch_related("parties").order_by("-signed_at", "-pk")[:MOST_FOUND])
        return [foreign_choice(version, version.parties.all()) for version in versions]

    def default(self) -> tuple[Choice, Choice]:
        """What came before and the version at hand: the version before it, else the template it stands on."""
        own = self.whole.version
        earlier = [version for version in self.versions if version.number < own.number]
        before = version_choice(earlier[-1]) if earlier else template_choice(own.template)
        return before, version_choice(own)

    # ---------------------------------------------------------------------------------------------- documents

    def read(self, value: str) -> Source:
        """The text behind a value of an address. Raises NothingToCompare."""
        found = _VALUE.fullmatch(value)
        if found is None:
            raise NothingToCompare
        kind, number = found[1], int(found[2])
        if kind == TEMPLATE:
            return self._template(number)
        return self._version(number) if kind == VERSION else self._event(number)

    def _template(self, number: int) -> Source:
        template = next((row for row in self.templates if row.number == number), None)
        if template is None:
            raise NothingToCompare
        document = partial(empty, self.whole, template)
        facts = (template.pk, template.published_at, head(self.whole.version), *self.whole.party_lines)
        mark = hashlib.sha256(repr(facts).encode()).hexdigest()
        return Source(template_choice(template), mark, covered=False, read=document)

    def _version(self, pk: int) -> Source:
        if pk == self.whole.version.pk:
            return self._whole(version_choice(self.whole.version), self.whole)
        own = next((version for version in self.versions if version.pk == pk), None)
        if own is not None:
            return self._whole(version_choice(own), Whole(own))
        signed = Version.objects.with_heads().filter(pk=pk, state__in=AMENDABLE).first()
        if signed is None:
            raise NothingToCompare
        whole = Whole(signed)
        return self._whole(foreign_choice(signed, whole.parties), whole)

    def _whole(self, choice: Choice, whole: Whole) -> Source:
        names = self.reach.sees_names(whole.organisation_ids)
        return source(choice, whole.current_hash, lambda: whole.document, names=names)

    def _event(self, pk: int) -> Source:
        if self.span is None or not self.span.holds(pk):
            raise NothingToCompare
        subject = self.whole.version.subject
        row = Event.objects.about(subject).filter(pk=pk).values_list("pk", "type", "at", "after__version").first()
        if row is None:
            raise NothingToCompare
        names = self.reach.sees_names(self.whole.organisation_ids)
        text = taken_back(text_of(self.whole), self._events_after(pk, self.span))
        document = text.document
        return source(moment_choice(Moment(*row)), text_hash(document), lambda: document, names=names)

    def _events_after(self, pk: int, span: Span) -> list[Event]:
        """What was written later, newest first. Of each section, and of all else, the oldest holds what stood there."""
        later = Event.objects.about(self.whole.version.subject).filter(type__in=WRITING, pk__gt=pk)
        if span.end is not None:
            later = later.filter(pk__lt=span.end)
        oldest = later.order_by("type", "before__section", "pk").distinct("type", "before__section")
        rows = later.filter(Q(pk__in=oldest.values("pk")) | Q(type=PARTIES))
        return list(rows.only("type", "before").newest_first())


def source(choice: Choice, text: str, read: Callable[[], Document], *, names: bool) -> Source:
    """text: the hash of the document."""
    return Source(choice, text if names else f"{text}-utan-namn", covered=not names, read=read)


def text_of(whole: Whole) -> Text:
    return Text(
        head(whole.version),
        tuple(whole.party_lines),
        tuple(whole.sources),
        tuple(whole.contact_lines),
        tuple(file_line(attachment) for attachment in whole.attachments),
    )


def empty(whole: Whole, template: TemplateVersion) -> Document:
    """The template as an agreement between the same parties, with nothing written."""
    blank = replace(
        head(whole.version),
        template_number=template.number,
        template_name=template.name,
        start=None,
        end=None,
        revision=None,
        notice_months=None,
    )
    parties = [replace(party, unit="", case_number="", signing_function="") for party in whole.party_lines]
    return assemble(blank, parties, [section_source(row, {}) for row in sections_of(template)], [])


# --------------------------------------------------------------------------------------------------- in words


def template_choice(template: TemplateVersion) -> Choice:
    return Choice(f"{TEMPLATE}-{template.number}", f"Nationell mall {template.number}, inget ifyllt")


def version_choice(version: Version) -> Choice:
    return Choice(f"{VERSION}-{version.pk}", f"Version {version.number}, {_stands(version)}")


def foreign_choice(version: Version, parties: Iterable[Party]) -> Choice:
    kommuner = names_of(party.name for party in parties if party.side == Organisation.Side.MUNICIPALITY)
    return Choice(f"{VERSION}-{version.pk}", f"{kommuner}, version {version.number}, {_stands(version)}")


def _stands(version: Version) -> str:
    word = State(version.state).label.lower()
    return f"{word}, undertecknad {_day(version.signed_at)}" if version.signed_at else word


def moment_choice(moment: Moment) -> Choice:
    words = POINTS.get(moment.type, "Efter ändringen")
    at = timezone.localtime(moment.at)
    return Choice(f"{EVENT}-{moment.pk}", f"{words} {_day(at)} kl. {at:%H.%M}")


def _day(at: object) -> str:
    return date_format(at, "j F Y")  # type: ignore[arg-type]  # a date or a time
