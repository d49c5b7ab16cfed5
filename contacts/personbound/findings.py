"""What the check hands back: a finding with its place in the text, its kind and the reason for it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PERSON_NAME = "person_name"
    EMAIL_PERSONAL = "email_personal"
    EMAIL_FUNCTION = "email_function"
    PHONE_MOBILE = "phone_mobile"
    PHONE_FIXED = "phone_fixed"
    PERSONNUMMER = "personnummer"


class Confidence(StrEnum):
    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A stretch of the text, `text[start:end]`, and what it was taken for. `reason` is Swedish, for the reader."""

    start: int
    end: int
    text: str
    kind: Kind
    confidence: Confidence
    reason: str


def without_overlaps(findings: list[Finding]) -> list[Finding]:
    """Sorted by place; where two overlap, the one given first in the list is kept."""
    if len(findings) < 2:
        return findings
    kept: list[Finding] = []
    taken: list[tuple[int, int]] = []
    rank = {id(finding): place for place, finding in enumerate(findings)}
    for finding in sorted(findings, key=lambda each: (each.start, rank[id(each)])):
        if taken and finding.start < taken[-1][1]:
            if rank[id(finding)] < rank[id(kept[-1])]:
                kept[-1] = finding
                taken[-1] = (finding.start, finding.end)
            continue
        kept.append(finding)
        taken.append((finding.start, finding.end))
    return kept
