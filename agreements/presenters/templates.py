"""What became of a version of the national template, and of agreements that went over to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agreements.fields import KIND_LABELS, Field, parse
from agreements.html import plain_text
from agreements.national.upgrade import as_html
from agreements.presenters.base import Difference, Presenter, Sections, Told
from contacts.models import Event

WRITTEN = (("name", "Namn"), ("news", "Vad är nytt"), ("note", "Anmärkning"))


def _plain(text: str, note: str = "", fact: str = "") -> Presenter:
    """One sentence, and a note about one of the event's facts when it is there."""

    def told(event: Event, sections: Sections, names: bool) -> Told:
        value = {**event.before, **event.after}.get(fact)
        return text, note.format(value) if value else "", []

    return told


def _facts_saved(event: Event, sections: Sections, names: bool) -> Told:
    changed = [
        Difference(label, str(event.before.get(key, "")), str(event.after.get(key, "")))
        for key, label in WRITTEN
        if event.before.get(key) != event.after.get(key)
    ]
    return "Ändrade mallens namn, nyheter eller anmärkning", "", changed


def _outline_saved(event: Event, sections: Sections, names: bool) -> Told:
    old, new = ({row["key"]: row for row in facts.get("sections", ())} for facts in (event.before, event.after))
    changed = [Difference("Nytt avsnitt", "", _name(row)) for key, row in new.items() if key not in old]
    changed += [Difference("Borttaget avsnitt", _name(row), "") for key, row in old.items() if key not in new]
    changed += [
        Difference("Nummer eller rubrik", _name(old[key]), _name(row))
        for key, row in new.items()
        if key in old and row != old[key]
    ]
    if [key for key in old if key in new] != [key for key in new if key in old]:
        orders = (", ".join(row["number"] for row in rows.values()) for rows in (old, new))
        changed.append(Difference("Ordning", *orders))
    return "Ändrade vilka avsnitt som ingår", "", changed


def _name(row: Mapping[str, str]) -> str:
    return f"{row['number']} {row['title']}"


def _section_saved(event: Event, sections: Sections, names: bool) -> Told:
    before, after = event.before, event.after
    changed = [
        Difference(label, plain_text(before.get(key, "")), plain_text(after.get(key, "")))
        for key, label in (("locked", "Nationell text"), ("guidance", "Vägledning"))
        if before.get(key) != after.get(key)
    ]
    changed += list(_fields(before.get("fields", []), after.get("fields", [])))
    name = f"{after.get('number', '')} {after.get('title', '')}".strip()
    return f"Ändrade {name or 'ett avsnitt'}", "", changed


def _fields(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Difference]:
    old, new = ({row["key"]: in_words(parse(row)) for row in rows} for rows in (before, after))
    for key, words in new.items():
        if old.get(key) != words:
            yield Difference("Fält", old.get(key, ""), words)
    for key, words in old.items():
        if key not in new:
            yield Difference("Fält, borttaget", words, "")
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield Difference("Fältens ordning", "", "Fälten är flyttade.")


def in_words(field: Field) -> str:
    """A field as one reads of it: label, kind, demand, options and columns."""
    demand = "krävs" if field.required else "krävs ibland" if field.required_if else "valfritt"
    lines = [f"{field.label} ({KIND_LABELS[field.kind].lower()}, {demand})"]
    if field.options:
        lines.append("Alternativ: " + ", ".join(label for _, label in field.options))
    lines += [f"Kolumn: {in_words(column)}" for column in field.columns]
    return "\n".join(lines)


def _closed(event: Event, sections: Sections, names: bool) -> Told:
    day = event.after.get("valid_to")
    if day:
        return "Stängde mallen för nya överenskommelser", f"Från och med {day}.", []
    return "Öppnade mallen för nya överenskommelser igen", "", []


def _template_changed(event: Event, sections: Sections, names: bool) -> Told:
    text = f"Gick över från mall {event.before.get('template')} till mall {event.after.get('template')}"
    return text, f"{event.after.get('points', 0)} saker att ta ställning till.", []


DECISIONS = {
    "placed": "Lade in text från en äldre mall i {}",
    "not_needed": "Bestämde att en text från en äldre mall inte behövs",
    "read": "Läste vad som är ändrat i mallen",
}


def _decided(event: Event, sections: Sections, names: bool) -> Told:
    facts = event.after
    text = DECISIONS.get(facts.get("decision", ""), "Tog ställning till den nya mallen")
    old = plain_text(as_html(facts["was"])) if facts.get("was") else ""
    told = [Difference("Texten", old, "")] if old else []
    return text.format(facts.get("placed_in", "")), _what(facts), told


def _reopened(event: Event, sections: Sections, names: bool) -> Told:
    return "Tog tillbaka ett ställningstagande om den nya mallen", _what(event.before), []


def _what(facts: Mapping[str, Any]) -> str:
    """The section and field that a point is about."""
    parts = [facts[key] for key in ("section", "field") if facts.get(key)]
    return f"{', '.join(parts)}." if parts else ""


PRESENTERS: dict[str, Presenter] = {
    "template.loaded": _plain("Mallen följde med portalen"),
    "template.started": _plain("Skapade utkastet", "Kopia av mall {}.", "copy_of"),
    "template.facts_saved": _facts_saved,
    "template.outline_saved": _outline_saved,
    "template.section_saved": _section_saved,
    "template.published": _plain("Publicerade mallen", "Gäller från {}.", "valid_from"),
    "template.withdrawn": _plain("Tog tillbaka publiceringen", "Skulle ha gällt från {}.", "valid_from"),
    "template.closed": _closed,
    "template.discarded": _plain("Kastade utkastet"),
    "agreement.template_changed": _template_changed,
    "upgrade.decided": _decided,
    "upgrade.reopened": _reopened,
}
