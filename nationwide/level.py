"""The lowest level of the country on a day: rule by rule, by county and group. Pure counting over the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from agreements.lowest_level import RULES, RuleSet
from agreements.lowest_level.words import WEIGHT_LABELS
from nationwide.counting import JUDGED, MEETS, SHORT, SIGNED, Criteria, Number
from nationwide.rules import Row


class RuleCount(NamedTuple):
    """A rule, and how many municipalities' agreements meet it fully and fall short of it."""

    rule: str
    title: str
    weight: str
    meets: Number
    short: Number


def rule_counts(rows: Iterable[Row], rule_set: RuleSet, base: Criteria) -> list[RuleCount]:
    """The rules that apply on the day, in number order. Every number is the length of its list."""
    judged = [row for row in rows if row.level in JUDGED]
    short = Counter(rule for row in judged for rule in row.short_of)
    return [rule_count(rule, rule_set, short[rule], len(judged), base) for rule in sorted(rule_set)]


def rule_count(rule: str, rule_set: RuleSet, short: int, of: int, base: Criteria) -> RuleCount:
    asked = base._replace(status=SIGNED.status)
    return RuleCount(
        rule,
        RULES[rule].title,
        WEIGHT_LABELS[rule_set[rule].weight],
        Number("met", "Uppfyller", of - short, of, asked._replace(rule=f"{MEETS}{rule}")),
        Number("not_met", "Brister", short, of, asked._replace(rule=f"{SHORT}{rule}")),
    )
