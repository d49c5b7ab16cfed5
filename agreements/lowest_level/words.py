"""A rule set in words, what differs between two, and what can't be set: pure, for pages and history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agreements.lowest_level.catalogue import RULES
from agreements.lowest_level.facts import RuleSet, Setting, Weight

WEIGHT_LABELS = {Weight.DEMAND: "Krav", Weight.ADVICE: "Bör"}
LEFT_OUT = "Ingår inte"


@dataclass(frozen=True)
class RuleInWords:
    """A rule as it stands in a rule set."""

    rule: str
    title: str
    weight: str
    figures: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Change:
    """What a rule was and becomes."""

    rule: str
    title: str
    before: str
    after: str


def in_words(rule_set: RuleSet) -> list[RuleInWords]:
    """The rules that apply, in number order."""
    return [
        RuleInWords(rule, RULES[rule].title, WEIGHT_LABELS[rule_set[rule].weight], figures(rule, rule_set[rule]))
        for rule in sorted(rule_set)
    ]


def figures(rule: str, setting: Setting) -> tuple[tuple[str, int], ...]:
    """Each figure of the rule by its label; as it is proposed where nothing else is set."""
    return tuple(
        (threshold.label, setting.thresholds.get(name, threshold.default))
        for name, threshold in RULES[rule].thresholds.items()
    )


def sentence(rule: str, setting: Setting | None) -> str:
    """ "Krav. Strategiska möten per år: 2." """
    if setting is None:
        return LEFT_OUT
    said = [WEIGHT_LABELS[setting.weight], *(f"{label}: {value}" for label, value in figures(rule, setting))]
    return ". ".join(said)


def changes(old: RuleSet, new: RuleSet) -> list[Change]:
    """The rules that the two do not say the same of, in number order."""
    said = ((rule, sentence(rule, old.get(rule)), sentence(rule, new.get(rule))) for rule in sorted({*old, *new}))
    return [Change(rule, RULES[rule].title, before, after) for rule, before, after in said if before != after]


def faults(rule_set: RuleSet) -> Iterator[str]:
    """Why the rule set can't be used."""
    if not rule_set:
        yield "Minst en regel måste ingå."
    for rule, setting in sorted(rule_set.items()):
        known = RULES[rule].thresholds
        for name, value in setting.thresholds.items():
            if name not in known:
                yield f"{rule} har ingen gräns som heter {name}."
            elif not known[name].least <= value <= known[name].most:
                yield f"{rule}, {known[name].label}: skriv {known[name].least}–{known[name].most}."
