"""That a party has declined to sign the text that is now a draft again, as the agreement's page tells it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from agreements.models import Version
from agreements.states import State
from contacts.models import Event
from contacts.rules import without_names

UNTIL_ANOTHER = ("agreement.decline", "agreement.reopen", "agreement.send_back", "agreement.propose")
"""Moves after which an older one is no longer news."""


@dataclass(frozen=True)
class Declined:
    party: str
    reason: str
    at: datetime.datetime
    voided: int
    """How many signatures became void."""


def declined_of(version: Version, *, names: bool) -> Declined | None:
    """The decline that made the version a draft; None for any other. No query but for drafts."""
    if version.state != State.DRAFT:
        return None
    moves = Event.objects.about(version.subject).filter(type__in=UNTIL_ANOTHER, after__version=version.number)
    last = moves.newest_first().first()
    if last is None or last.type != "agreement.decline":
        return None
    reason = str(last.after.get("reason", ""))
    return Declined(
        party=str(last.after.get("party", "")),
        reason=reason if names else without_names(reason),
        at=last.at,
        voided=len(last.after.get("withdrawn", ())),
    )
