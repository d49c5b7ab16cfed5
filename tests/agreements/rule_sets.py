"""Rule sets for tests, and what their pages post."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from agreements.actions import rule_sets, weighing
from agreements.lowest_level import RULES, Setting, Weight
from agreements.models import RuleSet
from contacts.models import User

RAISED = {"N07": Setting(Weight.DEMAND), "N04": Setting(Weight.DEMAND, {"strategic": 4, "operative": 12})}
"""Deputies become a demand, and forums meet more often."""


def draft(by: User, *, weighed: bool = False, **rules: Setting | None) -> RuleSet:
    """The draft, with some rules otherwise than in the set it is a copy of; None leaves a rule out."""
    started = rule_sets.start_draft(by=by)
    now = rule_sets.written(started)
    changed = {rule: setting for rule, setting in {**now.rules, **rules}.items() if setting}
    change = rule_sets.Draft("Höjd nivå", "", changed)
    saved = rule_sets.save_draft(by=by, number=started.number, change=change, revision=started.revision)
    if weighed:
        weighing.weigh_drafts(now=timezone.now())
        saved.refresh_from_db()
    return saved


def published(by: User, *, valid_from: Any = None, **rules: Setting | None) -> RuleSet:
    new = draft(by, weighed=True, **rules)
    now = timezone.localtime()
    return rule_sets.publish(
        by=by, number=new.number, revision=new.revision, valid_from=valid_from or now.date(), now=now
    )


def form_of(rule_set: RuleSet, **changes: str) -> dict[str, str]:
    """What the browser posts of the draft's form."""
    data = {"name": rule_set.name, "note": rule_set.note, "revision": str(rule_set.revision)}
    for rule, row in rule_set.rules.items():
        data[rule] = row["weight"]
        data |= {f"{rule}-{name}": str(value) for name, value in row.get("thresholds", {}).items()}
    return dict.fromkeys(RULES, "-") | data | changes
