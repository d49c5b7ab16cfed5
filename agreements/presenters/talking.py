"""What was said of the text, and what a review said of its sections."""

from __future__ import annotations

from typing import Any

from agreements.presenters.base import Difference, Presenter, Sections, Told
from contacts.models import Event

VERDICTS = {"accepted": "Godtaget", "change": "Behöver ändras"}


def _where(event: Event, sections: Sections) -> str:
    """The section, in words."""
    section = sections.get(str(event.after.get("section")))
    return f"avsnitt {section.number} {section.title}" if section else "ett avsnitt"


def _note(event: Event) -> str:
    """What the thread is about and what was said."""
    facts = event.after
    quote, about, text = (str(facts.get(key) or "") for key in ("quote", "about", "text"))
    mentions = "; ".join(facts.get("mentions") or [])
    parts = [f"Om ”{quote}”." if quote else f"Om {about[:1].lower()}{about[1:]}." if about else "", text]
    parts.append(f"Nämner {mentions}." if mentions else "")
    return " ".join(part for part in parts if part)


def _talk(text: str) -> Presenter:
    def told(event: Event, sections: Sections, names: bool) -> Told:
        internal = ", internt" if event.after.get("internal") else ""
        changed = [_difference(event)] if event.before.get("text") else []
        return f"{text.format(_where(event, sections))}{internal}", _note(event) if not changed else "", changed

    return told


def _difference(event: Event) -> Difference:
    return Difference("Kommentaren", str(event.before.get("text", "")), str(event.after.get("text", "")))


def _reviewed(event: Event, sections: Sections, names: bool) -> Told:
    text = f"{VERDICTS.get(str(event.after.get('verdict')), 'Granskade')}: {_where(event, sections)}"
    old, new = _verdict(event.before), _verdict(event.after)
    if event.before.get("verdict"):
        return text, "", [Difference("Bedömning", old, new)]
    return text, f"Skäl: {event.after['reason']}" if event.after.get("reason") else "", []


def _verdict(facts: dict[str, Any]) -> str:
    words = VERDICTS.get(str(facts.get("verdict")), "")
    return f"{words}: {facts['reason']}" if facts.get("reason") else words


PRESENTERS: dict[str, Presenter] = {
    "agreement.commented": _talk("Kommenterade {}"),
    "agreement.replied": _talk("Svarade på en kommentar till {}"),
    "agreement.comment_changed": _talk("Ändrade sin kommentar till {}"),
    "agreement.comment_withdrawn": _talk("Tog tillbaka sin kommentar till {}"),
    "agreement.thread_resolved": _talk("Markerade en tråd som klar: {}"),
    "agreement.thread_reopened": _talk("Öppnade en tråd igen: {}"),
    "agreement.section_reviewed": _reviewed,
}
