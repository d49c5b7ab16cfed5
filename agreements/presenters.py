"""History in plain Swedish: one small presenter per type of event. Pure.

For a reader who may not see names everything typed is covered, whatever the event is.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agreements.fields import Field, Kind, local
from agreements.findings import covered as covered_as_found
from agreements.html import plain_text
from agreements.lowest_level import STATUS_LABELS, loaded
from agreements.lowest_level.words import changes
from contacts.models import Event, Level
from contacts.rules import without_names

LONGEST = 1500
"""Characters shown of a long text before and after; the whole is in the event."""


@dataclass(frozen=True)
class Difference:
    """What one thing was and became; empty when there was nothing."""

    what: str
    before: str
    after: str


@dataclass
class Line:
    """An event as its page shows it."""

    event: Event
    text: str
    note: str = ""
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """What a presenter must know of a template section."""

    number: str
    title: str
    fields: tuple[Field, ...]


Sections = Mapping[str, Section]
Told = tuple[str, str, list[Difference]]
Shown = Callable[[str], str]


def present(event: Event, sections: Sections, *, names: bool) -> Line:
    """The event told; one of a type nobody knows is still shown, by its name."""
    presenter = PRESENTERS.get(event.type)
    if presenter is None:
        return Line(event, f"Händelse: {event.type}")
    text, note, differences = presenter(event, sections, names)
    if names:
        return Line(event, text, note, differences)
    covered = [Difference(d.what, without_names(d.before), without_names(d.after)) for d in differences]
    return Line(event, text, covered_note(event, note), covered)


def covered_note(event: Event, note: str) -> str:
    """What a flag quotes is covered as it stands, the rest as names are found in it."""
    facts = event.before | event.after
    return covered_as_found(note, str(facts.get("subject", "")), facts.get("named", ()))


Presenter = Callable[[Event, Sections, bool], Told]


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


def differences(
    fields: tuple[Field, ...], before: Mapping[str, Any], after: Mapping[str, Any], shown: Shown = str
) -> Iterator[Difference]:
    """The fields that changed, rows one by one. Each text goes through `shown` before it is cut, names being whole."""
    for spec in local(fields):
        old, new = before.get(spec.key), after.get(spec.key)
        if old == new:
            continue
        if spec.kind is Kind.ROWS:
            yield from _row_differences(spec, old or [], new or [], shown)
        else:
            yield Difference(spec.label, _readable(spec, old, shown), _readable(spec, new, shown))


def _row_differences(spec: Field, old: list[Any], new: list[Any], shown: Shown) -> Iterator[Difference]:
    olds, news = ({row["id"]: row for row in rows} for rows in (old, new))
    for number, row in enumerate(new, start=1):
        was = olds.get(row["id"])
        if was != row:
            yield Difference(f"{spec.label}, rad {number}", _row(spec, was, shown), _row(spec, row, shown))
    for number, row in enumerate(old, start=1):
        if row["id"] not in news:
            yield Difference(f"{spec.label}, rad {number}, borttagen", _row(spec, row, shown), "")
    kept = [row["id"] for row in old if row["id"] in news], [row["id"] for row in new if row["id"] in olds]
    if kept[0] != kept[1]:
        yield Difference(f"{spec.label}, ordning", "Raderna stod i en annan ordning.", "Raderna är flyttade.")


def _row(spec: Field, row: Mapping[str, Any] | None, shown: Shown) -> str:
    if row is None:
        return ""
    cells = ((column.label, _readable(column, row.get(column.key), shown)) for column in spec.columns)
    return "\n".join(f"{label}: {text}" for label, text in cells if text)


def _readable(spec: Field, value: Any, shown: Shown) -> str:
    """A stored value as a reader sees it."""
    if value in (None, "", []):
        return ""
    if spec.kind is Kind.TEXT:
        text = plain_text(str(value))
    elif spec.kind is Kind.CHOICES:
        text = ", ".join(spec.option_label(item) for item in value)
    elif spec.kind is Kind.CHOICE:
        text = spec.option_label(str(value))
    else:
        text = str(value)
    text = shown(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)} tecken)"


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


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _period_saved(event: Event, sections: Sections, names: bool) -> Told:
    changed = [
        Difference(label, _word(event.before.get(key)), _word(event.after.get(key)))
        for key, label in PERIOD_LABELS.items()
        if event.before.get(key) != event.after.get(key)
    ]
    return "Ändrade giltighetstiden", "", changed


def _parties_saved(event: Event, sections: Sections, names: bool) -> Told:
    changed = [
        Difference(f"{party}: {label}", _word(event.before.get(party, {}).get(key)), _word(facts.get(key)))
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


def _flag_opened(event: Event, sections: Sections, names: bool) -> Told:
    return "Kontrollen hittade något att rätta", f"{event.after.get('reason', '')} {event.after.get('mend', '')}", []


def _flag_closed(event: Event, sections: Sections, names: bool) -> Told:
    return "Rättat, flaggan är stängd", str(event.before.get("reason", "")), []


def _flag_waived(event: Event, sections: Sections, names: bool) -> Told:
    facts = event.after
    note = f"{facts.get('flag_reason', '')} Skäl: {facts.get('reason', '')}"
    return f"Undantog en flagga till och med {facts.get('until')}", note, []


def _flag_waiver_ended(event: Event, sections: Sections, names: bool) -> Told:
    return "Tog bort undantaget för en flagga", str(event.after.get("flag_reason", "")), []


def _followed_up(event: Event, sections: Sections, names: bool) -> Told:
    return f"Antecknade uppföljningen {event.after.get('held_on')}", str(event.after.get("summary", "")), []


def _chased(event: Event, sections: Sections, names: bool) -> Told:
    count = event.after.get("flags", 0)
    note = f"Till {event.after.get('recipient', '')}, om {count} {'sak' if count == 1 else 'saker'}."
    return "Skrev veckans brev om det som ska rättas", note if names else without_names(note), []


VERDICTS = {
    "function_bound": "Funktionsbunden",
    "mixed": "Blandad",
    "person_bound": "Personbunden",
    "unreachable": "Onåbar",
}


def _verdict(event: Event, sections: Sections, names: bool) -> Told:
    before, after = (VERDICTS.get(str(facts.get("verdict")), "") for facts in (event.before, event.after))
    return "Ny bedömning av kontaktytorna", "", [Difference("Bedömning", before, after)]


def _level(event: Event, sections: Sections, names: bool) -> Told:
    before, after = (_level_words(facts) for facts in (event.before, event.after))
    return "Ny bedömning mot den nationella lägsta nivån", "", [Difference("Lägsta nivå", before, after)]


def _level_words(facts: Mapping[str, Any]) -> str:
    labels = {str(status): label.capitalize() for status, label in STATUS_LABELS.items()}
    words = labels.get(facts.get("level") or "", "")
    short = ", ".join(facts.get("short_of") or [])
    return f"{words} (inte helt: {short})" if short else words


def _rule_set(text: str) -> Presenter:
    """What became of a rule set, and which rules it changed."""

    def told(event: Event, sections: Sections, names: bool) -> Told:
        old, new = event.before, event.after
        day = f"Gäller från {new['valid_from']}." if new.get("valid_from") else ""
        if not (old.get("rules") and new.get("rules")):
            return text, day, []
        named = [Difference(label, str(old[key]), str(new[key])) for key, label in WRITTEN if old[key] != new[key]]
        rules = changes(loaded(old["rules"]), loaded(new["rules"]))
        return text, day, named + [Difference(f"{c.rule} {c.title}", c.before, c.after) for c in rules]

    return told


WRITTEN = (("name", "Namn"), ("note", "Anmärkning"))
COPIES = {"archive": "arkivexemplaret", "reading": "läsexemplaret", "draft": "utkastet"}


def _copy(text: str, fact: str = "") -> Presenter:
    """What became of a PDF; fact: which of the event's facts is noted beside it."""

    def told(event: Event, sections: Sections, names: bool) -> Told:
        label = {"sha256": "Filens SHA-256: "}.get(fact, "")
        note = f"{label}{event.after.get(fact, '')}" if fact else ""
        return text.format(COPIES.get(str(event.after.get("variant")), "överenskommelsen")), note, []

    return told


PRESENTERS: dict[str, Presenter] = {
    "agreement.started": _started,
    "agreement.amended": _amended,
    "agreement.section_saved": _section_saved,
    "agreement.period_saved": _period_saved,
    "agreement.parties_saved": _parties_saved,
    "agreement.contacts_chosen": _contacts_chosen,
    "agreement.propose": _move("Föreslog överenskommelsen"),
    "agreement.send_back": _move("Skickade tillbaka överenskommelsen"),
    "agreement.accept": _accept,
    "agreement.reopen": _move("Öppnade överenskommelsen igen"),
    "agreement.discard": _move("Kasserade utkastet"),
    "agreement.sign": _sign,
    "agreement.complete": _complete,
    "agreement.end": _move("Överenskommelsen upphörde att gälla"),
    "flag.opened": _flag_opened,
    "flag.closed": _flag_closed,
    "flag.waived": _flag_waived,
    "flag.waiver_ended": _flag_waiver_ended,
    "agreement.followed_up": _followed_up,
    "agreement.chased": _chased,
    "agreement.verdict": _verdict,
    "agreement.level": _level,
    "rule_set.loaded": _rule_set("Regelverket följde med portalen"),
    "rule_set.started": _rule_set("Skapade utkastet som en kopia av det senaste regelverket"),
    "rule_set.saved": _rule_set("Ändrade utkastet"),
    "rule_set.published": _rule_set("Publicerade regelverket"),
    "rule_set.discarded": _rule_set("Kastade utkastet"),
    "copy.ordered": _copy("Beställde PDF av {}"),
    "copy.made": _copy("PDF av {} är skapad", "sha256"),
    "copy.failed": _copy("PDF av {} kunde inte skapas", "failure"),
}
