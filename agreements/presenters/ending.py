"""Notice and what comes of it, and the bin: left, taken back, purged."""

from __future__ import annotations

import datetime

from agreements.dates import spelled
from agreements.listing import names_of
from agreements.presenters.base import Presenter, Sections, Told
from agreements.states import Ending
from contacts.models import Event


def _leaving(event: Event) -> str:
    return names_of(event.after.get("leaving", []))


def _last_day(event: Event) -> str:
    day = event.after.get("last_day")
    return spelled(datetime.date.fromisoformat(day)) if day else ""


def _given(event: Event, sections: Sections, names: bool) -> Told:
    giver, leaving = str(event.after.get("party")), _leaving(event)
    whom = "" if giver == leaving else f" för {leaving}"
    note = f"Sista dag {_last_day(event)}. Beslut: {event.after.get('decision')}. Skäl: {event.after.get('reason')}"
    return f"{giver} sade upp överenskommelsen{whom}", note, []


def _asked_back(event: Event, sections: Sections, names: bool) -> Told:
    return f"{event.after.get('party')} bad om att få ta tillbaka uppsägningen", str(event.after.get("reason", "")), []


def _taken_back(event: Event, sections: Sections, names: bool) -> Told:
    text = f"{event.after.get('party')} samtyckte till att uppsägningen för {_leaving(event)} togs tillbaka"
    return text, "Överenskommelsen gäller som om den inte hade sagts upp.", []


def _left(event: Event, sections: Sections, names: bool) -> Told:
    return f"{_leaving(event)} lämnade överenskommelsen", f"Sista dag {_last_day(event)}.", []


def _ended(event: Event, sections: Sections, names: bool) -> Told:
    ended_as = event.after.get("ended_as")
    return "Överenskommelsen upphörde att gälla", f"{Ending(ended_as).label}." if ended_as else "", []


def _restored(event: Event, sections: Sections, names: bool) -> Told:
    return "Tog tillbaka utkastet ur papperskorgen", "", []


def _purged(event: Event, sections: Sections, names: bool) -> Told:
    return "Det kasserade utkastet gallrades", "Det lokala innehållet är borttaget. Historiken finns kvar.", []


PRESENTERS: dict[str, Presenter] = {
    "agreement.give_notice": _given,
    "agreement.ask_back": _asked_back,
    "agreement.take_back": _taken_back,
    "agreement.leave": _left,
    "agreement.end": _ended,
    "agreement.restore": _restored,
    "agreement.purge": _purged,
}
