"""What became of a PDF."""

from __future__ import annotations

from agreements.presenters.base import Presenter, Sections, Told
from contacts.models import Event

COPIES = {
    "archive": "arkivexemplaret",
    "reading": "läsexemplaret",
    "draft": "utkastet",
    "comparison": "en jämförelse",
    "public": "det offentliga exemplaret",
}


def _copy(text: str, fact: str = "") -> Presenter:
    """What became of a PDF; fact: which of the event's facts is noted beside it."""

    def told(event: Event, sections: Sections, names: bool) -> Told:
        label = {"sha256": "Filens SHA-256: "}.get(fact, "")
        note = f"{label}{event.after.get(fact, '')}" if fact else ""
        return _begun(text.format(COPIES.get(str(event.after.get("variant")), "överenskommelsen"))), note, []

    return told


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _made(event: Event, sections: Sections, names: bool) -> Told:
    text, note, differences = _copy("PDF av {} är skapad", "sha256")(event, sections, names)
    sealed = event.after.get("certificate")
    return (f"{text} och förseglad" if sealed else text), note, differences


PRESENTERS: dict[str, Presenter] = {
    "copy.ordered": _copy("Beställde PDF av {}"),
    "copy.made": _made,
    "copy.stamped": _copy("{} är tidsstämplat på nytt", "sha256"),
    "copy.failed": _copy("PDF av {} kunde inte skapas", "failure"),
}
