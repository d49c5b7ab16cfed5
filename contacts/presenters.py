"""History rows as people read them: one small presenter for each type of event of this app."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contacts.models import ContactPoint, Event, Level, User
from contacts.roles import Role
from contacts.rules import without_names

SYSTEM = "Portalen"

FIELDS: Final[dict[str, str]] = {
    "function": "Funktion",
    "level": "Nivå",
    "unit": "Enhet",
    "mailbox": "Funktionsbrevlåda",
    "phone": "Växel eller funktionstelefon",
    "sdk_address": "SDK-adress",
    "postal_address": "Postadress",
    "deputy_id": "Ersättare",
}
"""The facts of a contact point that people read, in the order they read them."""


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One thing that happened: when, who in which function, what."""

    at: datetime.datetime
    who: str
    function: str
    text: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Known:
    """Names of what events only give by id."""

    contact_points: Mapping[int, str]
    users: Mapping[int, str]

    def contact_point(self, pk: int | None) -> str:
        return self.contact_points.get(pk, "en kontaktyta som inte längre finns") if pk else ""


Presenter = Callable[[Event, Known], tuple[str, tuple[Change, ...]]]


def changes(before: Mapping[str, Any], after: Mapping[str, Any], known: Known) -> tuple[Change, ...]:
    """What differs between two sets of a contact point's facts, field by field."""
    pairs = ((field, _word(field, before, known), _word(field, after, known)) for field in FIELDS)
    return tuple(Change(FIELDS[field], old, new) for field, old, new in pairs if old != new)


def _word(field: str, facts: Mapping[str, Any], known: Known) -> str:
    value = facts.get(field)
    if field == "deputy_id":
        return known.contact_point(value)
    if field == "level":
        return str(Level(value).label) if value else ""
    return str(value or "")


def _added(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    return "lade till kontaktytan", changes({}, event.after, known)


def _changed(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    found = changes(event.before, event.after, known)
    return ("ändrade kontaktytan" if found else "bekräftade kontaktytan utan att ändra något"), found


def _ended(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    return "avslutade kontaktytan", ()


def _confirmed(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    if event.after.get("through") == "link":
        return "fick svaret att uppgifterna stämmer, genom länken i brevet", ()
    again = " och att brevlådan tar emot brev igen" if event.before.get("bounced_at") else ""
    return f"bekräftade att uppgifterna stämmer{again}", ()


def _asked(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    number, recipient = event.after.get("reminder"), event.after.get("recipient", "")
    return f"{f'påminde (nr {number})' if number else 'frågade'} {recipient} om uppgifterna stämmer", ()


def _unanswered(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    return "fick inget svar på ett år och frågar på nytt", ()


def _bounced(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    return f"fick tillbaka brev: {event.after.get('mailbox', 'brevlådan')} tar inte emot brev, inga fler skickas", ()


def _letter(text: str) -> Presenter:
    """What became of a letter to the contact point's mailbox."""

    def told(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
        about = event.after.get("subject", "")
        return f"{text} {event.after.get('recipient', '')}{f': ”{about}”' if about else ''}", ()

    return told


def _deputy_ended(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    change = Change(FIELDS["deputy_id"], str(event.before.get("deputy", "")), "")
    return "avslutade ersättarens kontaktyta", (change,)


def _holder_changed(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    old, new = event.before.get("holder"), event.after.get("holder")
    if new is None:
        return "lämnade funktionen vakant", ()
    if old == new:
        return "rättade innehavarens uppgifter", ()
    return ("bytte innehavare" if old else "angav vem som har funktionen"), ()


def _role_given(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    whom = known.users.get(event.after.get("user", 0), "en användare")
    return f"gav {whom} rollen {Role(event.after['role']).label}", ()


def _role_ended(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    whom = known.users.get(event.before.get("user", 0), "en användare")
    return f"avslutade rollen {Role(event.before['role']).label} för {whom}", ()


def _user_added(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    return f"lade upp en inloggning för {known.users.get(event.after.get('user', 0), 'en användare')}", ()


def _user_changed(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    done = [word for key, word in (("renamed", "namn"), ("password", "lösenord")) if event.after.get(key)]
    whom = known.users.get(event.after.get("user", 0), "en användare")
    return f"ändrade {' och '.join(done) or 'inget'} för {whom}", ()


def _user_closed(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
    return f"stängde inloggningen för {known.users.get(event.before.get('user', 0), 'en användare')}", ()


def _calendar(text: str) -> Presenter:
    """What became of a secret address to the organisation's calendar; the address itself is told nowhere."""

    def told(event: Event, known: Known) -> tuple[str, tuple[Change, ...]]:
        return text, ()

    return told


PRESENTERS: Final[dict[str, Presenter]] = {
    "contact_point.added": _added,
    "contact_point.changed": _changed,
    "contact_point.ended": _ended,
    "contact_point.deputy_ended": _deputy_ended,
    "contact_point.confirmed": _confirmed,
    "contact_point.asked": _asked,
    "contact_point.unanswered": _unanswered,
    "contact_point.bounced": _bounced,
    "letter.sent": _letter("skickade brev till"),
    "letter.failed": _letter("kunde inte skicka brev till"),
    "letter.bounced": _letter("fick tillbaka brevet till"),
    "letter.refused": _letter("fick veta att mottagarens system nekade brevet till"),
    "letter.delayed": _letter("fick veta att ett brev dröjer till"),
    "letter.delivered": _letter("fick kvitto på att ett brev har kommit fram till"),
    "letter.auto_replied": _letter("fick ett automatiskt svar på brevet till"),
    "holder.changed": _holder_changed,
    "membership.given": _role_given,
    "membership.ended": _role_ended,
    "calendar.opened": _calendar("skapade en kalenderadress"),
    "calendar.renewed": _calendar("bytte sin kalenderadress"),
    "calendar.shut": _calendar("avslutade en kalenderadress"),
    "user.added": _user_added,
    "user.changed": _user_changed,
    "user.closed": _user_closed,
}


def present(events: Iterable[Event], *, names: bool) -> list[Line]:
    """The events as lines, newest first as they come; without rights to names there is no name in them."""
    rows = [event for event in events if event.type in PRESENTERS]
    known = _known(rows, names=names)
    return [_line(event, known, names=names) for event in rows]


def _line(event: Event, known: Known, *, names: bool) -> Line:
    text, found = PRESENTERS[event.type](event, known)
    function = event.actor_function
    if not names:
        found = tuple(Change(c.field, without_names(c.before), without_names(c.after)) for c in found)
    if event.actor_id is None:
        return Line(event.at, SYSTEM, "", text if names else without_names(text), found)
    if names:
        return Line(event.at, event.actor_name, function, text, found)
    return Line(event.at, function or "En användare", "", text, found)


def _known(events: list[Event], *, names: bool) -> Known:
    """Two queries at most, and none when nothing is asked for."""
    facts = [facts for event in events for facts in (event.before, event.after)]
    points = {fact["deputy_id"] for fact in facts if fact.get("deputy_id")}
    users = {fact["user"] for fact in facts if fact.get("user")} if names else set()
    return Known(names_of_points(points), names_of_users(users))


def names_of_points(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    rows = ContactPoint.objects.filter(pk__in=wanted).select_related("function") if wanted else []
    return {row.pk: row.name for row in rows}


def names_of_users(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


@dataclass(frozen=True)
class BothVersions:
    """What is saved and what is typed, where they differ, and who saved."""

    differences: tuple[Change, ...]
    saved: Line | None


def both_versions(current: ContactPoint, typed: Mapping[str, Any], function: str) -> BothVersions:
    """What the loser of a race is shown; `before` is what is saved now, `after` what is typed."""
    saved: dict[str, Any] = {field: getattr(current, field) for field in FIELDS if field != "function"}
    saved["function"] = current.name
    mine = dict(typed) | {"function": typed.get("function_text") or function}
    known = Known(names_of_points({pk for pk in (current.deputy_id, typed.get("deputy_id")) if pk}), {})
    saves = Event.objects.about(f"contact_point:{current.pk}").filter(type__startswith="contact_point.")
    last = saves.newest_first()[:1]
    return BothVersions(changes(saved, mine, known), next(iter(present(last, names=True)), None))
