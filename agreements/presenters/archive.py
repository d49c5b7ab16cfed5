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


PRESENTERS: dict[str, Presenter] = {
    "archive.checked": _checked,
    "archive.removed": _removed,
    "archive.taken": _taken,
}
