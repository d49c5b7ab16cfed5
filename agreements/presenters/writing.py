"""What was written in an agreement: begun, sections, period, parties, contact points."""

from __future__ import annotations

from collections.abc import Mapping

from agreements.presenters.base import Difference, Presenter, Sections, Told, differences, word
from contacts.models import Event, Level
from contacts.rules import without_names


def _started(event: Event, sections: Sections, names: bool) -> Told:
    parties = ", ".join(event.after.get("parties", []))
    return f"Startade överenskommelsen från nationell mall {event.after.get('template')}", parties, []


def _amended(event: Event, sections: Sections, names: bool) -> Told:
    text = f"Började på version {event.after.get('version')} från version {event.before.get('version')}"
    template = f"Nationell mall {event.after.get('template')}."
    texts = "; ".join(f"avsnitt {row['section']}, {row['field']}" for row in event.after.get("texts_left", []))
    contacts = "; ".join(_contact_lines(event.after.get("contacts_left", []), names))
    notes = [
        template,
        f"Ryms inte i mallen och följde inte med: {texts}." if texts else "",
        f"Kontaktytor som har upphört och inte följde med: {contacts}." if contacts else "",
    ]
    return text, " ".join(note for note in notes if note), []


def _section_saved(event: Event, sections: Sections, names: bool) -> Told:
    section = sections.get(str(event.after.get("section")))
    if section is None:
        return "Ändrade ett avsnitt", "", []
    before, after = event.before.get("content") or {}, event.after.get("content") or {}
    changed = differences(section.fields, before, after, str if names else without_names)
    return f"Ändrade avsnitt {section.number} {section.title}", "", list(changed)


PERIOD_LABELS = {
    "start": "Gäller från och med",
    "end": "Gäller till och med",
    "revision": "Ses över senast",
    "notice_months": "Uppsägningstid, månader",
}


PARTY_LABELS = {
    "unit": "nämnd, förvaltning eller enhet",
    "org_number": "organisationsnummer",
    "case_number": "diarienummer",
    "signing_function": "undertecknas av",
}


def _period_saved(event: Event, sections: Sections, names: bool) -> Told:
    changed = [
        Difference(label, word(event.before.get(key)), word(event.after.get(key)))
        for key, label in PERIOD_LABELS.items()
        if event.before.get(key) != event.after.get(key)
    ]
    return "Ändrade giltighetstiden", "", changed


def _parties_saved(event: Event, sections: Sections, names: bool) -> Told:
    changed = [
        Difference(f"{party}: {label}", word(event.before.get(party, {}).get(key)), word(facts.get(key)))
        for party, facts in event.after.items()
        for key, label in PARTY_LABELS.items()
        if event.before.get(party, {}).get(key) != facts.get(key)
    ]
    return "Ändrade uppgifter om parterna", "", changed


def _contacts_chosen(event: Event, sections: Sections, names: bool) -> Told:
    before, after = (_contact_lines(facts.get("contacts", []), names) for facts in (event.before, event.after))
    added = [Difference("Tillagd kontaktyta", "", line) for line in after if line not in before]
    removed = [Difference("Borttagen kontaktyta", line, "") for line in before if line not in after]
    return "Valde kontaktytor", "", added + removed


def _contact_lines(contacts: list[Mapping[str, str]], names: bool) -> list[str]:
    """A function's own name is covered by itself: among other words a person can pass for something else."""
    levels, shown = dict(Level.choices), str if names else without_names
    return [f"{levels.get(c['level'], c['level'])}: {shown(c['function'])}, {c['party']}" for c in contacts]


def _renewed(event: Event, sections: Sections, names: bool) -> Told:
    unchanged = "Texterna är oförändrade." if event.after.get("unchanged") else "Texterna ses över."
    return f"Förnyade version {event.before.get('version')} för en ny period", unchanged, []


PRESENTERS: dict[str, Presenter] = {
    "agreement.started": _started,
    "agreement.renewed": _renewed,
    "agreement.amended": _amended,
    "agreement.section_saved": _section_saved,
    "agreement.period_saved": _period_saved,
    "agreement.parties_saved": _parties_saved,
    "agreement.contacts_chosen": _contacts_chosen,
}
