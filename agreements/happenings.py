"""What has happened to an agreement: which of it is asked for, who is in it, and the whole of it as a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from agreements.fields import Kind
from agreements.models import TemplateSection
from agreements.past import BEGINNINGS, CONTACTS, PARTIES, PERIOD, SECTION
from agreements.presenters import Line, Section, elsewhere, ending, moves, present, talking
from agreements.presenters.base import Difference
from contacts.csv_lines import as_csv_lines
from contacts.models import Event

THE_PORTAL: Final = "portalen"
OTHER: Final = "ovrigt"
CHUNK: Final = 200

KINDS: Final = {
    "text": "Ändringar i texten",
    "uppgifter": "Parter, kontaktytor och giltighetstid",
    "steg": "Föreslagit, godtagit, undertecknat, avslutat",
    "samtal": "Kommentarer och granskning",
    "kontroller": "Kontroller och flaggor",
    "uppfoljning": "Uppföljning",
    "pdf": "PDF och arkiv",
    OTHER: "Övrigt",
}
_TYPES: Final[dict[str, Q]] = {
    "text": Q(type=SECTION),
    "uppgifter": Q(type__in=(PERIOD, PARTIES, CONTACTS)),
    "steg": Q(type__in=(*BEGINNINGS, *moves.PRESENTERS, *elsewhere.PRESENTERS, *ending.PRESENTERS)),
    "samtal": Q(type__in=tuple(talking.PRESENTERS)),
    "kontroller": Q(type__startswith="flag.")
    | Q(type__in=("agreement.verdict", "agreement.level", "agreement.chased")),
    "uppfoljning": Q(type="agreement.followed_up"),
    "pdf": Q(type__startswith="copy.") | Q(type__startswith="archive."),
}
_OF_FIELD: Final = {
    Kind.PERIOD: PERIOD,
    Kind.PARTIES: PARTIES,
    Kind.CASE_NUMBERS: PARTIES,
    Kind.SIGNATURES: PARTIES,
    Kind.CONTACTS: CONTACTS,
}
"""What tells of the fields that are kept in tables of their own."""


@dataclass(frozen=True)
class Wanted:
    """The part of the history that is asked for: a kind, a section's key, and a user's id or the portal itself."""

    kind: str = ""
    section: str = ""
    who: str = ""

    def __bool__(self) -> bool:
        return bool(self.kind or self.section or self.who)

    def matches(self, sections: dict[str, Section]) -> Q:
        return _of_kind(self.kind) & _of_section(self.section, sections) & _of(self.who)


def _of_kind(kind: str) -> Q:
    if kind != OTHER:
        return _TYPES.get(kind, Q())
    known = Q()
    for types in _TYPES.values():
        known |= types
    return ~known


def _of_section(key: str, sections: dict[str, Section]) -> Q:
    if key not in sections:
        return Q()
    tables = {_OF_FIELD[field.kind] for field in sections[key].fields if field.kind in _OF_FIELD}
    return Q(type__in=(SECTION, *talking.PRESENTERS), after__section=key) | Q(type__in=tables)


def _of(who: str) -> Q:
    if who == THE_PORTAL:
        return Q(actor_id__isnull=True)
    return Q(actor_id=int(who)) if who else Q()


def sections_of_template(template_id: int) -> dict[str, Section]:
    rows = TemplateSection.objects.filter(version=template_id).defer("locked", "guidance")
    return {row.key: Section(row.number, row.title, row.fields) for row in rows}


def people(*subjects: str, names: bool) -> list[tuple[str, str]]:
    """Everybody in the history, as (value, words): by name and function, or by function alone."""
    rows = Event.objects.about(*subjects).order_by("actor_id", "-pk").distinct("actor_id")
    found = [(pk, who_of(name, function, names=names)) for pk, name, function in rows.values_list(*_WHO) if pk]
    return [*((str(pk), words) for pk, words in sorted(found, key=lambda row: row[1])), (THE_PORTAL, "Portalen")]


_WHO: Final = ("actor_id", "actor_name", "actor_function")


def who_of(name: str, function: str, *, names: bool) -> str:
    told = [name, function] if names else [function]
    return ", ".join(part for part in told if part) or "Användare"


# -------------------------------------------------------------------------------------------------------- files


@dataclass(frozen=True)
class Told:
    """A line of the file: an event, and one of the things it changed."""

    line: Line
    change: Difference
    names: bool


def told(events: Iterable[Event], sections: dict[str, Section], *, names: bool) -> Iterator[Line]:
    """Each event in full."""
    return (present(event, sections, names=names, whole=True) for event in events)


def _at(line: Line) -> str:
    return timezone.localtime(line.event.at).isoformat(timespec="seconds")


def _name(line: Line, *, names: bool) -> str:
    if line.event.actor_id is None:
        return "Portalen"
    return line.event.actor_name if names else ""


COLUMNS: Final[dict[str, Callable[[Told], str]]] = {
    "Tidpunkt": lambda row: _at(row.line),
    "Vem": lambda row: _name(row.line, names=row.names),
    "Funktion": lambda row: row.line.event.actor_function,
    "Händelse": lambda row: row.line.text,
    "Anteckning": lambda row: row.line.note,
    "Vad": lambda row: row.change.what,
    "Före": lambda row: row.change.before,
    "Efter": lambda row: row.change.after,
}


def csv_of(lines: Iterable[Line], *, names: bool) -> Iterator[str]:
    """One row for each thing that was changed; one without changes has a row of its own."""
    nothing = [Difference("", "", "")]
    rows = (Told(line, change, names) for line in lines for change in line.differences or nothing)
    return as_csv_lines(rows, COLUMNS)


def json_of(lines: Iterable[Line], reference: str, *, names: bool) -> Iterator[str]:
    yield f'{{"agreement": {json.dumps(reference, ensure_ascii=False)}, "events": ['
    for number, line in enumerate(lines):
        yield ("," if number else "") + "\n" + json.dumps(_facts(line, names=names), ensure_ascii=False)
    yield "\n]}\n"


def _facts(line: Line, *, names: bool) -> dict[str, Any]:
    return {
        "at": _at(line),
        "who": _name(line, names=names),
        "function": line.event.actor_function,
        "type": line.event.type,
        "text": line.text,
        "note": line.note,
        "changes": [{"what": d.what, "before": d.before, "after": d.after} for d in line.differences],
    }
