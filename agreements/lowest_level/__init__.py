"""The national lowest level: rules N01–N18 judged over plain facts, under a versioned rule set. Pure.

The rules are proposals that SKR owns: which apply, whether they are krav (K) or bör (B), and their thresholds are
data in a rule set; what a rule means is here. A rule set applies from a date: raising the level never rewrites the
past.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from agreements.lowest_level.catalogue import RULES, Definition, Threshold
from agreements.lowest_level.facts import (
    STATUS_LABELS,
    ContactJudged,
    Facts,
    Judged,
    PartyFacts,
    RuleSet,
    Setting,
    Status,
    Weight,
)

__all__ = [
    "RULES",
    "STATUS_LABELS",
    "ContactJudged",
    "Definition",
    "Facts",
    "Judged",
    "PartyFacts",
    "RuleSet",
    "Setting",
    "Status",
    "Threshold",
    "Weight",
    "judge",
    "level_of",
    "loaded",
    "short_of",
    "stored",
    "thresholds_of",
    "whole",
]


def judge(facts: Facts, rule_set: RuleSet) -> list[Judged]:
    """Every rule of the set, in number order."""
    outcomes = []
    for rule in sorted(rule_set):
        setting = rule_set[rule]
        status, reason = RULES[rule].answer(facts, thresholds_of(rule, setting))
        outcomes.append(Judged(rule, setting.weight, status, reason, RULES[rule].section))
    return outcomes


def thresholds_of(rule: str, setting: Setting) -> dict[str, int]:
    """Every figure of the rule: as it is set, else as it is proposed."""
    proposed = {name: threshold.default for name, threshold in RULES[rule].thresholds.items()}
    return proposed | {name: value for name, value in setting.thresholds.items() if name in proposed}


def whole(outcomes: Iterable[Judged]) -> Status:
    """The agreement's level: every demand met; or none failed but some met only in part; or some failed.

    Advice (B) is shown and counted, and never takes an agreement below the level.
    """
    demands = {outcome.status for outcome in outcomes if outcome.weight is Weight.DEMAND}
    if Status.NOT_MET in demands:
        return Status.NOT_MET
    return Status.PARTLY if Status.PARTLY in demands else Status.MET


def level_of(outcomes: Collection[Judged]) -> str:
    """The whole's status as it is stored and shown; empty when no rule applies."""
    return str(whole(outcomes)) if outcomes else ""


def stored(rule_set: RuleSet) -> dict[str, dict[str, Any]]:
    """A rule set as JSON."""
    return {rule: {"weight": str(s.weight), "thresholds": dict(s.thresholds)} for rule, s in rule_set.items()}


def loaded(data: Mapping[str, Mapping[str, Any]]) -> RuleSet:
    """A rule set from JSON. Raises KeyError for a rule that does not exist, ValueError for a wrong weight."""
    for rule in data:
        RULES[rule]
    return {rule: Setting(Weight(row["weight"]), dict(row.get("thresholds", {}))) for rule, row in data.items()}


def short_of(outcomes: Iterable[Judged]) -> Iterator[Judged]:
    """What keeps the agreement from meeting the level."""
    return (outcome for outcome in outcomes if outcome.status is not Status.MET)
