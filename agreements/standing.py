"""How versions stand to the lowest level when they are asked here and now, whichever state they are in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from agreements.evidence import Evidence, read_anew, with_texts
from agreements.flags import Case, ContactAssessed, assessments, level_outcomes
from agreements.lowest_level import Judged, RuleSet
from agreements.states import WORKING

AT_SIGNING: Final = "N01"
"""The rule that nothing can be said of before the parties have signed."""


class Stand(NamedTuple):
    """What the level is judged by: the case with all its texts read, and its contact points assessed."""

    case: Case
    contacts: list[ContactAssessed]

    def outcomes(self, rule_set: RuleSet | None) -> list[Judged]:
        return level_outcomes(replace(self.case, rule_set=rule_set), self.contacts)


def stand_of(evidence: Evidence) -> Stand:
    """Reads the texts that no check has read yet; what was read is not kept."""
    case = with_texts(evidence.case, read_anew(evidence))
    return Stand(case, assessments(case))


def decided(outcomes: Iterable[Judged], state: str) -> list[Judged]:
    """The outcomes that can be told of now: of a text that is not signed yet, all but the signing."""
    return [outcome for outcome in outcomes if state not in WORKING or outcome.rule != AT_SIGNING]
