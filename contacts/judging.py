"""A contact point's rows as the person-bound check sees them, and as one reader sees them."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from contacts.models import ContactPoint, Holder, Level
from contacts.personbound import Assessment, ContactFacts, Point, Verdict, assess, edition
from contacts.rules import OF_HOLDER, without_names

MENDED_IN: Final[dict[str, str]] = {
    "state_function": "function",
    "function_and_mailbox": "function",
    "remove_name": "function_text",
    "correct_address": "mailbox",
    "add_mailbox": "mailbox",
}
"""Where in the form each mend is made."""

GOOD: Final = frozenset({"mailbox_function", "phone_fixed", "sdk", "postal"})
"""Reasons that speak for the contact point."""

NOTED: Final = frozenset({"own_function"})
"""Reasons that speak neither for nor against it."""


def contact_facts(point: ContactPoint, holders: Iterable[Holder]) -> ContactFacts:
    """A contact point as the person-bound check sees it; one that has ended has no channel left."""
    if point.ended_on is not None:
        return ContactFacts(function=point.name, in_catalogue=not point.function_text)
    holders = list(holders)
    return ContactFacts(
        function=point.name,
        in_catalogue=not point.function_text and not point.function.other,
        mailbox=point.mailbox,
        phone=point.phone,
        sdk_address=point.sdk_address,
        postal_address=point.postal_address,
        holder_names=tuple(holder.name for holder in holders),
        holder_emails=tuple(holder.email for holder in holders if holder.email),
        holder_phones=tuple(holder.phone for holder in holders if holder.phone),
        bounced=point.bounced_at is not None,
        own_domain=point.organisation.mail_domain,
    )


def mark_of(facts: ContactFacts) -> str:
    """What an assessment is kept as: it holds for as long as the facts and the edition of the check are the same."""
    return f"{hashlib.md5(repr(facts).encode(), usedforsecurity=False).hexdigest()}:{edition()}"


def stored(assessment: Assessment) -> dict[str, Any]:
    """The assessment as JSON, without what quotes the holder's own channels: personal data stands with the holder."""
    told = [[point.code, point.sentence] for point in assessment.reasons if point.code not in OF_HOLDER]
    mend = assessment.mend
    return {"verdict": str(assessment.verdict), "reasons": told, "mend": [mend.code, mend.sentence] if mend else None}


def loaded(data: Mapping[str, Any]) -> Assessment:
    """The assessment that was stored."""
    reasons = tuple(Point(*point) for point in data["reasons"])
    return Assessment(Verdict(data["verdict"]), reasons, Point(*data["mend"]) if data["mend"] else None)


def level_heading(level: Level) -> str:
    """The level as a heading: support is no level of cooperation but functions for all of them."""
    return "Stödfunktioner" if level is Level.SUPPORT else f"{level.label} nivå"


@dataclass(frozen=True)
class Reason:
    """Why a contact point is judged as it is. kind: "good", "note" or "worry"."""

    kind: str
    sentence: str


def explain(assessment: Assessment) -> list[Reason]:
    """The reasons in words, without what belongs to the holder."""
    told = (reason for reason in assessment.reasons if reason.code not in OF_HOLDER)
    return [Reason(_kind(reason.code), reason.sentence) for reason in told]


def _kind(code: str) -> str:
    return "good" if code in GOOD else "note" if code in NOTED else "worry"


@dataclass(frozen=True)
class Shown:
    """A contact point as one reader sees it: without rights to names there is no name anywhere in it."""

    pk: int
    organisation_id: int
    name: str
    function: str
    level: str
    level_name: str
    level_heading: str
    unit: str
    mailbox: str
    phone: str
    sdk_address: str
    postal_address: str
    deputy: str
    deputy_id: int | None
    assessment: Assessment
    holder: Holder | None
    confirmed_at: datetime.datetime | None
    bounced_at: datetime.datetime | None
    revision: int
    ended_on: datetime.date | None

    @property
    def reasons(self) -> list[Reason]:
        return explain(self.assessment)

    @property
    def worries(self) -> str:
        """What is not as it should be, as running text."""
        return " ".join(reason.sentence for reason in self.reasons if reason.kind == "worry")

    @property
    def mend_field(self) -> str:
        """The form field where the mend is made."""
        return MENDED_IN.get(self.assessment.mend.code, "") if self.assessment.mend else ""


def show(point: ContactPoint, holders: Iterable[Holder], *, names: bool) -> Shown:
    """The contact point for a reader; the verdict is the same for everybody, what is quoted is not."""
    holders = list(holders)
    assessment = assess(contact_facts(point, holders))
    seen = Shown(
        pk=point.pk,
        organisation_id=point.organisation_id,
        name=point.name,
        function=point.function.name,
        level=point.level,
        level_name=point.get_level_display(),
        level_heading=level_heading(Level(point.level)),
        unit=point.unit,
        mailbox=point.mailbox,
        phone=point.phone,
        sdk_address=point.sdk_address,
        postal_address=point.postal_address,
        deputy=point.deputy.name if point.deputy else "",
        deputy_id=point.deputy_id,
        assessment=assessment,
        holder=holders[0] if holders and names else None,
        confirmed_at=point.confirmed_at,
        bounced_at=point.bounced_at,
        revision=point.revision,
        ended_on=point.ended_on,
    )
    return seen if names else _covered(seen)


def _covered(seen: Shown) -> Shown:
    return replace(
        seen,
        name=without_names(seen.name),
        unit=without_names(seen.unit),
        mailbox=without_names(seen.mailbox),
        sdk_address=without_names(seen.sdk_address),
        postal_address=without_names(seen.postal_address),
        deputy=without_names(seen.deputy),
        assessment=_covered_assessment(seen.assessment, [seen.name]),
    )


def _covered_assessment(assessment: Assessment, named: list[str]) -> Assessment:
    told = [point for point in assessment.reasons if point.code not in OF_HOLDER]
    covered = tuple(replace(point, sentence=without_names(point.sentence, named)) for point in told)
    mend = assessment.mend
    return replace(
        assessment, reasons=covered, mend=mend and replace(mend, sentence=without_names(mend.sentence, named))
    )
