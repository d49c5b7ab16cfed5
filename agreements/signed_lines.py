"""Files that were signed outside the portal, as pages show them. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils import timezone

from agreements.dates import spelled
from agreements.models import AttachedFile, ClaimedSignature, SignedFile
from agreements.signed_inspection import UNREAD
from contacts.rules import without_names

NO_SIGNATURES: Final = "Filen innehåller inga elektroniska underskrifter som portalen kan läsa."
NOT_READ: Final = "Underskrifterna i filen kunde inte läsas."


@dataclass(frozen=True)
class FoundLine:
    """A signature or timestamp in a file, and what was found at the time. Never what it is worth in law."""

    who: str
    when: str
    holds: bool
    facts: list[str]


@dataclass(frozen=True)
class SignedLine:
    """A file as it is shown, covered for a reader who may not see names."""

    pk: int
    name: str
    kind: str
    sha256: str
    size: int
    is_marked: bool
    is_counted: bool
    status: str
    failure: str
    can_open: bool
    has_numbers: bool
    handed_in: datetime.datetime
    found_at: datetime.datetime
    note: str
    found: list[FoundLine] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        return self.status == AttachedFile.Status.WAITING

    @property
    def is_stopped(self) -> bool:
        return self.status == AttachedFile.Status.REFUSED


@dataclass(frozen=True)
class ClaimLine:
    party: str
    name: str
    function: str
    signed_on: str
    decision: str


def signed_line(row: SignedFile, *, names: bool) -> SignedLine:
    file, found = row.file, row.found
    lines = [_found(each, names=names) for each in found["signatures"]]
    note = NOT_READ if found["problem"] == UNREAD and not lines else "" if lines else NO_SIGNATURES
    return SignedLine(
        pk=row.pk,
        name=row.name if names else without_names(row.name),
        kind=row.get_kind_display(),
        sha256=file.sha256,
        size=file.size,
        is_marked=row.is_marked,
        is_counted=row.counted_at is not None,
        status=file.status,
        failure=file.failure,
        can_open=names and file.status == AttachedFile.Status.CLEAR,
        has_numbers=file.identity_numbers > 0,
        handed_in=row.handed_in_at,
        found_at=row.found_at,
        note=note,
        found=lines,
    )


def _found(each: dict[str, Any], *, names: bool) -> FoundLine:
    if each["problem"]:
        return FoundLine("Okänd", "", holds=False, facts=["kunde inte läsas"])
    stamp = each["kind"] == "timestamp"
    who = each["subject"] if names or stamp else without_names(each["subject"])
    facts = [
        "oförändrad" if each["intact"] else "ändrad efter underskriften",
        "omfattar hela filen" if each["whole"] else "omfattar inte hela filen",
        f"utfärdad av {each['issuer']}, "
        + ("som portalen litar på" if each["trusted"] else "som portalen inte känner"),
    ]
    holds = each["intact"] and each["whole"] and each["trusted"]
    return FoundLine(f"Tidsstämpel av {who}" if stamp else who, _when(each), holds, facts)


def _when(each: dict[str, Any]) -> str:
    if not each["time"]:
        return ""
    moment = timezone.localtime(datetime.datetime.fromisoformat(each["time"]))
    vouched = "enligt tidsstämpel" if each["vouched"] else "enligt undertecknarens egen klocka"
    return f"{spelled(moment.date())} kl. {moment:%H.%M} {vouched}"


def claim_lines(claims: Iterable[ClaimedSignature], *, names: bool) -> list[ClaimLine]:
    def shown(text: str) -> str:
        return text if names else without_names(text)

    def decision(claim: ClaimedSignature) -> str:
        reference = shown(claim.decision_reference)
        return f"{claim.get_decision_display()} {reference}, {spelled(claim.decision_date)}"

    return [
        ClaimLine(
            party=claim.party.name,
            name=claim.name if names else "",
            function=shown(claim.function),
            signed_on=spelled(claim.signed_on),
            decision=decision(claim),
        )
        for claim in claims
    ]
