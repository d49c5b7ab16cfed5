"""What SKR is thinking of: a draft of a higher lowest level, for its consequences to be looked at."""

from __future__ import annotations

from agreements.lowest_level import Setting, Weight, stored
from agreements.models import RuleSet

RAISED = {
    "N04": Setting(Weight.DEMAND, {"strategic": 2, "operative": 6}),
    "N07": Setting(Weight.DEMAND),
    "N14": Setting(Weight.DEMAND),
    "N17": Setting(Weight.DEMAND, {"months": 12}),
}
NAME = "Höjd nivå, förslag till samråd"
NOTE = "Ersättare och bekräftade kontaktytor blir krav, och operativa forum möts oftare."


def draft_rule_set() -> RuleSet:
    """A step from the newest rule set. A worker counts what it would mean."""
    newest = RuleSet.objects.published().latest("number")
    rules = stored({**newest.settings, **RAISED})
    return RuleSet.objects.create(number=newest.number + 1, name=NAME, note=NOTE, rules=rules)
