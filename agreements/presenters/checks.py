"""What the check found and judged, what people did about it, and the letters written of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agreements.lowest_level import STATUS_LABELS
from agreements.presenters.base import Difference, Presenter, Sections, Told
from contacts.models import Event
from contacts.rules import without_names


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


PRESENTERS: dict[str, Presenter] = {
    "flag.opened": _flag_opened,
    "flag.closed": _flag_closed,
    "flag.waived": _flag_waived,
    "flag.waiver_ended": _flag_waiver_ended,
    "agreement.chased": _chased,
    "agreement.verdict": _verdict,
    "agreement.level": _level,
}
