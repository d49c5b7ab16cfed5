"""What became of the archive: audits, packages and what was taken out."""

from __future__ import annotations

from agreements.presenters.base import Presenter, Sections, Told
from contacts.models import Event

FAULTS = {"missing": "saknas", "changed": "är ändrade", "orphaned": "tillhör ingen"}


def _checked(event: Event, sections: Sections, names: bool) -> Told:
    wrong = [f"{event.after[key]} {words}" for key, words in FAULTS.items() if event.after.get(key)]
    return f"Granskade {event.after.get('checked', 0)} lagrade filer", ", ".join(wrong) or "Inget fel hittades", []


def _removed(event: Event, sections: Sections, names: bool) -> Told:
    return "En fil som inte tillhörde något togs bort", str(event.after.get("file", "")), []


def _taken(event: Event, sections: Sections, names: bool) -> Told:
    note = "med namn" if event.after.get("names") else "utan namn"
    return f"Tog ut arkivpaketet av version {event.after.get('version', '')}", note, []


def _packed(event: Event, sections: Sections, names: bool) -> Told:
    text, note, nothing = _taken(event, sections, names)
    return f"{text} i ett samlat arkiv", f"{event.after.get('label', '')}, {note}", nothing


def _ordered(event: Event, sections: Sections, names: bool) -> Told:
    return f"Beställde ett arkiv med {event.after.get('total', 0)} överenskommelser", _label(event), []


def _ready(event: Event, sections: Sections, names: bool) -> Told:
    return f"Arkivet är klart: {event.after.get('packed', 0)} av {event.after.get('total', 0)} är med", "", []


def _fetched(event: Event, sections: Sections, names: bool) -> Told:
    return "Hämtade arkivet", _label(event), []


def _purged(event: Event, sections: Sections, names: bool) -> Told:
    return "Arkivets filer togs bort", "", []


def _label(event: Event) -> str:
    return f"{event.after.get('label', '')}, {'med namn' if event.after.get('names') else 'utan namn'}"


PRESENTERS: dict[str, Presenter] = {
    "archive.checked": _checked,
    "archive.removed": _removed,
    "archive.taken": _taken,
    "archive.ordered": _ordered,
    "archive.packed": _packed,
    "archive.ready": _ready,
    "archive.fetched": _fetched,
    "archive.purged": _purged,
}
