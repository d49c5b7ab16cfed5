"""What became of files that were signed outside the portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agreements.presenters.base import Presenter, Sections, Told
from contacts.models import Event

CLOSED = {
    "withdrawn": "Tog tillbaka en fil som är undertecknad utanför portalen",
    "rejected": "Avvisade en fil som är undertecknad utanför portalen",
}


def _note(facts: Mapping[str, Any]) -> str:
    return f"Filen {facts.get('name', '')}. Filens SHA-256: {facts.get('sha256', '')}"


def _handed_in(event: Event, sections: Sections, names: bool) -> Told:
    parties = " och ".join(event.after.get("signed_for", ()))
    return f"Lämnade in en fil som är undertecknad utanför portalen för {parties}", _note(event.after), []


def _vouched(event: Event, sections: Sections, names: bool) -> Told:
    parties = " och ".join(event.after.get("for", ()))
    return f"Bekräftade för {parties} en fil som är undertecknad utanför portalen", _note(event.after), []


def _counted(event: Event, sections: Sections, names: bool) -> Told:
    return "Underskrifterna i en fil utanför portalen räknas", _note(event.after), []


def _closed(event: Event, sections: Sections, names: bool) -> Told:
    facts = event.after
    return CLOSED.get(str(facts.get("closed_as")), "Stängde en fil"), f"{facts.get('reason', '')} {_note(facts)}", []


def _checked(event: Event, sections: Sections, names: bool) -> Told:
    facts = event.after
    if facts.get("status") == "refused":
        return "En fil undertecknad utanför portalen stoppades", f"{facts.get('failure', '')} {_note(facts)}", []
    return "En fil undertecknad utanför portalen är kontrollerad", _note(facts), []


PRESENTERS: dict[str, Presenter] = {
    "elsewhere.handed_in": _handed_in,
    "elsewhere.vouched": _vouched,
    "elsewhere.counted": _counted,
    "elsewhere.closed": _closed,
    "elsewhere.checked": _checked,
}
