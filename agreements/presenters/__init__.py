"""History in plain Swedish: one small presenter per type of event, kept by the room whose events it tells. Pure.

For a reader who may not see names everything typed is covered, whatever the event is.
"""

from __future__ import annotations

from typing import Final

from agreements.findings import covered as covered_as_found
from agreements.presenters import (
    archive,
    attachments,
    checks,
    copies,
    disclosing,
    elsewhere,
    ending,
    following,
    moves,
    rule_sets,
    talking,
    templates,
    writing,
)
from agreements.presenters.base import Difference, Line, Presenter, Section, Sections, cut
from contacts.models import Event
from contacts.rules import without_names

PRESENTERS: Final[dict[str, Presenter]] = {
    **writing.PRESENTERS,
    **moves.PRESENTERS,
    **ending.PRESENTERS,
    **checks.PRESENTERS,
    **rule_sets.PRESENTERS,
    **copies.PRESENTERS,
    **elsewhere.PRESENTERS,
    **talking.PRESENTERS,
    **attachments.PRESENTERS,
    **following.PRESENTERS,
    **templates.PRESENTERS,
    **archive.PRESENTERS,
    **disclosing.PRESENTERS,
}


def present(event: Event, sections: Sections, *, names: bool, whole: bool = False) -> Line:
    """The event told; one of a type nobody knows is still shown, by its name. whole: long texts are not cut."""
    presenter = PRESENTERS.get(event.type)
    if presenter is None:
        return Line(event, f"Händelse: {event.type}")
    text, note, differences = presenter(event, sections, names)
    if not names:
        note = covered_note(event, note)
        differences = [Difference(d.what, without_names(d.before), without_names(d.after)) for d in differences]
    if not whole:
        differences = [Difference(d.what, cut(d.before), cut(d.after)) for d in differences]
    return Line(event, text, note, differences)


def covered_note(event: Event, note: str) -> str:
    """What a flag quotes is covered as it stands, the rest as names are found in it."""
    facts = event.before | event.after
    return covered_as_found(note, str(facts.get("subject", "")), facts.get("named", ()))


__all__ = ["PRESENTERS", "Line", "Section", "covered_note", "present"]
