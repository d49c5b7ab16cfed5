"""The moves of an agreement: proposed, accepted, signed, in force, ended."""

from __future__ import annotations

import datetime

from agreements.presenters.base import Presenter, Sections, Told
from contacts.models import Event


def _move(text: str) -> Presenter:
    def told(event: Event, sections: Sections, names: bool) -> Told:
        notes = [str(event.after["reason"])] if event.after.get("reason") else []
        withdrawn = event.after.get("withdrawn") or []
        if withdrawn:
            who = (f"{s['name']}, {s['function']}" if names else s["function"] for s in withdrawn)
            notes.append(f"Underskrifter som togs tillbaka: {'; '.join(who)}.")
        return text, " ".join(notes), []

    return told


def _accept(event: Event, sections: Sections, names: bool) -> Told:
    return "Godtog texten, som därmed är fastställd", f"Textens SHA-256: {event.after.get('text_hash', '')}", []


def _sign(event: Event, sections: Sections, names: bool) -> Told:
    return f"Undertecknade för {event.after.get('party')}", f"I funktionen {event.after.get('function')}.", []


def _complete(event: Event, sections: Sections, names: bool) -> Told:
    first, until, meant = (event.after.get(key) for key in ("from", "until", "meant"))
    last = f"till och med {_day_before(until)}" if until else "tills vidare"
    moved = f" Texten säger {meant}, men den sista underskriften kom senare." if meant and meant != first else ""
    return "Alla parter har undertecknat. Överenskommelsen är i kraft", f"Gäller från {first} {last}.{moved}", []


def _day_before(day: str) -> datetime.date:
    return datetime.date.fromisoformat(day) - datetime.timedelta(days=1)


PRESENTERS: dict[str, Presenter] = {
    "agreement.propose": _move("Föreslog överenskommelsen"),
    "agreement.send_back": _move("Skickade tillbaka överenskommelsen"),
    "agreement.accept": _accept,
    "agreement.reopen": _move("Öppnade överenskommelsen igen"),
    "agreement.discard": _move("Kasserade utkastet"),
    "agreement.sign": _sign,
    "agreement.complete": _complete,
}
