"""What the lowest level is judged by, and what it answers: plain data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from contacts.personbound import Verdict


class Status(StrEnum):
    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"


STATUS_LABELS: Final = {
    Status.MET: "uppfyller",
    Status.PARTLY: "uppfyller delvis",
    Status.NOT_MET: "uppfyller inte",
}


class Weight(StrEnum):
    DEMAND = "K"
    ADVICE = "B"


@dataclass(frozen=True)
class PartyFacts:
    name: str
    side: str
    case_number: str = ""
    signed: bool = False
    signed_by_function: bool = False
    decision: bool = False


@dataclass(frozen=True)
class ContactJudged:
    """A contact point of the version, with the person-bound check's verdict."""

    name: str
    party: str
    level: str
    verdict: Verdict
    has_deputy: bool
    confirmed_on: datetime.date | None
    foreign_domain: bool = False


@dataclass(frozen=True)
class Facts:
    """What the rules look at. content: section key → local content. Dates as dates, in content as ISO strings."""

    on: datetime.date
    parties: tuple[PartyFacts, ...]
    contacts: tuple[ContactJudged, ...]
    content: Mapping[str, Mapping[str, Any]]
    start: datetime.date | None
    end: datetime.date | None
    revision: datetime.date | None
    template: int
    current_template: int
    locked_text_unchanged: bool
    identity_numbers: int
    other_agreements: int
    latest_follow_up: datetime.date | None = None

    def rows(self, section: str, key: str) -> list[Mapping[str, Any]]:
        return list(self.content.get(section, {}).get(key) or [])

    def value(self, section: str, key: str) -> Any:
        return self.content.get(section, {}).get(key)


@dataclass(frozen=True)
class Setting:
    """How one rule is set in a rule set."""

    weight: Weight
    thresholds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """One rule's outcome: why, and in which section it is mended."""

    rule: str
    weight: Weight
    status: Status
    reason: str
    section: str


Answer = tuple[Status, str]
RuleSet = Mapping[str, Setting]
