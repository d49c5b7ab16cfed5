"""What became of the follow-ups, the goals and the action plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from agreements.measures import plain_number
from agreements.models import ActionProgress, FollowUp
from agreements.presenters.base import Difference, Presenter, Sections, Told
from contacts.models import Event, Level

LABELS: Final = {
    "kind": "Slag",
    "planned_on": "Datum",
    "starts_at": "Börjar",
    "ends_at": "Slutar",
    "place": "Plats",
    "link": "Möteslänk",
    "forum": "Forum",
    "level": "Nivå",
    "responsible": "Ansvarig funktion",
    "agenda": "Dagordning",
    "held_on": "Hölls",
    "took_part": "Funktioner som deltog",
    "summary": "Resultat",
    "decisions": "Beslut",
    "on": "Mätt den",
    "value": "Värde",
    "source": "Källa",
    "note": "Kommentar",
    "status": "Status",
    "since": "Gäller sedan",
    "new_due": "Uppskjuten till",
}
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": {str(value): str(label) for value, label in FollowUp.Kind.choices},
    "level": {str(value): str(label) for value, label in Level.choices},
    "status": {str(value): str(label) for value, label in ActionProgress.Status.choices},
}


def _word(key: str, value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    text = "" if value is None else str(value)
    if key == "value":
        return _number(text)
    return CHOICES.get(key, {}).get(text, text)


def _number(text: str) -> str:
    try:
        return plain_number(Decimal(text))
    except InvalidOperation:
        return text


def _differences(event: Event) -> Iterator[Difference]:
    for key, label in LABELS.items():
        before, after = (_word(key, facts.get(key)) for facts in (event.before, event.after))
        if before != after:
            yield Difference(label, before, after)


def _planned(event: Event, sections: Sections, names: bool) -> Told:
    return f"Planerade uppföljningsmötet {event.after.get('planned_on')}", "", list(_differences(event))


def _changed(event: Event, sections: Sections, names: bool) -> Told:
    before, after = event.before.get("planned_on"), event.after.get("planned_on")
    text = f"Ändrade uppföljningsmötet {after}"
    if before != after:
        text = f"Flyttade uppföljningsmötet från {before} till {after}"
    return text, "", list(_differences(event))


def _cancelled(event: Event, sections: Sections, names: bool) -> Told:
    return f"Ställde in uppföljningsmötet {event.after.get('planned_on')}", str(event.after.get("reason", "")), []


def _held(event: Event, sections: Sections, names: bool) -> Told:
    """Older rows tell the day and the summary alone."""
    told = [d for d in _differences(event) if d.what in (LABELS["decisions"], LABELS["took_part"])]
    return f"Antecknade uppföljningen {event.after.get('held_on')}", str(event.after.get("summary", "")), told


def _corrected(event: Event, sections: Sections, names: bool) -> Told:
    return f"Rättade anteckningarna från uppföljningen {event.after.get('held_on')}", "", list(_differences(event))


def _measured(event: Event, sections: Sections, names: bool) -> Told:
    facts = event.after
    text = f"Antecknade {_number(str(facts.get('value', '')))} den {facts.get('on')} för ett mål"
    return text, str(facts.get("goal", "")), [d for d in _differences(event) if d.what in ("Källa", "Kommentar")]


def _value_changed(event: Event, sections: Sections, names: bool) -> Told:
    return "Rättade ett uppmätt värde för ett mål", str(event.after.get("goal", "")), list(_differences(event))


def _value_removed(event: Event, sections: Sections, names: bool) -> Told:
    return "Tog bort ett uppmätt värde för ett mål", str(event.before.get("goal", "")), list(_differences(event))


def _progressed(event: Event, sections: Sections, names: bool) -> Told:
    status = _word("status", event.after.get("status"))
    text = f"Satte statusen {status.lower()} på en aktivitet i handlingsplanen"
    return text, str(event.after.get("activity", "")), list(_differences(event))


PRESENTERS: dict[str, Presenter] = {
    "agreement.meeting_planned": _planned,
    "agreement.meeting_changed": _changed,
    "agreement.meeting_cancelled": _cancelled,
    "agreement.followed_up": _held,
    "agreement.follow_up_corrected": _corrected,
    "agreement.goal_measured": _measured,
    "agreement.goal_value_changed": _value_changed,
    "agreement.goal_value_removed": _value_removed,
    "agreement.action_progressed": _progressed,
}
