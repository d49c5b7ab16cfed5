"""What became of a rule set."""

from __future__ import annotations

from agreements.lowest_level import loaded
from agreements.lowest_level.words import changes
from agreements.presenters.base import Difference, Presenter, Sections, Told
from contacts.models import Event


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

PRESENTERS: dict[str, Presenter] = {
    "rule_set.loaded": _rule_set("Regelverket följde med portalen"),
    "rule_set.started": _rule_set("Skapade utkastet som en kopia av det senaste regelverket"),
    "rule_set.saved": _rule_set("Ändrade utkastet"),
    "rule_set.published": _rule_set("Publicerade regelverket"),
    "rule_set.discarded": _rule_set("Kastade utkastet"),
}
