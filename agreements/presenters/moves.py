"""The moves of an agreement: proposed, accepted, signed, in force, ended."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from agreements.assurance import method_words
from agreements.presenters.base import Presenter, Sections, Told
from contacts.models import Event


def _move(text: str) -> Presenter:
    def told(event: Event, sections: Sections, names: bool) -> Told:
        notes = [str(event.after["reason"])] if event.after.get("reason") else []
        withdrawn = event.after.get("withdrawn") or []
        if withdrawn:
            who = (_signatory(signature, names) for signature in withdrawn)
            notes.append(f"Underskrifter som togs tillbaka: {'; '.join(who)}.")
        return text, " ".join(notes), []

    return told


def _signatory(signature: Mapping[str, str], names: bool) -> str:
    """Who signed, and on whose behalf."""
    if not names:
        return signature["function"]
    behalf = f" på uppdrag av {signature['behalf']}" if signature.get("behalf") else ""
    return f"{signature['name']}, {signature['function']}{behalf}"


def _accept(event: Event, sections: Sections, names: bool) -> Told:
    return "Godtog texten, som därmed är fastställd", f"Textens SHA-256: {event.after.get('text_hash', '')}", []


def _sign(event: Event, sections: Sections, names: bool) -> Told:
    note = [f"I funktionen {event.after.get('function')}."]
    if event.after.get("behalf") and names:
        note.append(f"På uppdrag av {event.after['behalf']}, beslut {event.after.get('commission')}.")
    if how := method_words(event.after.get("method", ""), event.after.get("level", "")):
        note.append(f"Bekräftad med: {how}.")
    return f"Undertecknade för {event.after.get('party')}", " ".join(note), []


def _of_party(text: str) -> Presenter:
    """A move of one party: declined, withdrawn."""

    def told(event: Event, sections: Sections, names: bool) -> Told:
        _, note, differences = _move("")(event, sections, names)
        return text.format(party=event.after.get("party")), note, differences

    return told


def _ordered(event: Event, sections: Sections, names: bool) -> Told:
    order = str(event.after.get("order") or "")
    return "Bestämde i vilken ordning parterna undertecknar", order or "Alla samtidigt, i valfri ordning.", []


def _asked(event: Event, sections: Sections, names: bool) -> Told:
    again = "Påminde" if event.after.get("step") else "Bad"
    note = f"Brev till {event.after.get('to')}." if names else ""
    return f"{again} om underskrift för {event.after.get('party')}", note, []


def _link_used(event: Event, sections: Sections, names: bool) -> Told:
    return "Öppnade sin länk för att underteckna", "", []


def _link_refused(event: Event, sections: Sections, names: bool) -> Told:
    whose = f" Den är till {event.after.get('for')}." if names else ""
    return "Försökte öppna någon annans länk för att underteckna", f"Länken öppnades inte.{whose}", []


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
    "agreement.decline": _of_party("Avböjde att underteckna för {party}"),
    "agreement.withdraw": _of_party("Tog tillbaka underskriften för {party}"),
    "agreement.order_signatures": _ordered,
    "agreement.asked_to_sign": _asked,
    "agreement.complete": _complete,
    "link.used": _link_used,
    "link.refused": _link_refused,
}
