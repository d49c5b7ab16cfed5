"""What became of attached files. What somebody has typed stands in the note, which is covered where names are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agreements.presenters.base import Difference, Presenter, Sections, Told
from contacts.models import Event


def _place(facts: Mapping[str, Any], sections: Sections) -> str:
    """Where it is attached: a section, a follow-up, or the agreement as a whole."""
    section = sections.get(str(facts.get("section", "")))
    if section:
        return f"avsnitt {section.number} {section.title}"
    return str(facts.get("follow_up") or "hela överenskommelsen")


def _note(facts: Mapping[str, Any]) -> str:
    return f"”{facts.get('title', '')}”, filen {facts.get('name', '')}. Filens SHA-256: {facts.get('sha256', '')}"


def _added(event: Event, sections: Sections, names: bool) -> Told:
    return f"Bifogade en fil till {_place(event.after, sections)}", _note(event.after), []


def _removed(event: Event, sections: Sections, names: bool) -> Told:
    return "Tog bort en bifogad fil", _note(event.before), []


def _renamed(event: Event, sections: Sections, names: bool) -> Told:
    before, after = event.before, event.after
    changes = [
        Difference("Rubrik", str(before.get("title", "")), str(after.get("title", ""))),
        Difference("Hör till", _place(before, sections), _place(after, sections)),
    ]
    return "Ändrade en bifogad fil", _note(after), [change for change in changes if change.before != change.after]


def _checked(event: Event, sections: Sections, names: bool) -> Told:
    facts = event.after
    if facts.get("status") == "refused":
        return "En bifogad fil stoppades", f"”{facts.get('title', '')}”: {facts.get('failure', '')}", []
    return "En bifogad fil är kontrollerad", f"”{facts.get('title', '')}”", []


PRESENTERS: dict[str, Presenter] = {
    "attachment.added": _added,
    "attachment.removed": _removed,
    "attachment.renamed": _renamed,
    "attachment.checked": _checked,
}
