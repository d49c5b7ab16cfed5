"""What may be followed up, and by whom: an agreement that is signed by all, by the parties it still binds."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from agreements.actions.locking import demand, lock
from agreements.gather import Whole
from agreements.rules import is_bound
from agreements.states import State
from contacts.access import Permission, reach_of
from contacts.errors import Refused
from contacts.models import User
from contacts.personbound import find_identity_numbers
from contacts.rules import without_controls

FOLLOWED: Final = frozenset({State.IN_FORCE})
NOT_IN_FORCE: Final = "Bara en gällande överenskommelse följs upp."
NO_LONGER_PARTY: Final = "Ni är inte längre part i överenskommelsen."
IDENTITY_NUMBER: Final = "Skriv inte något personnummer här."


def lock_followed(version_id: int, *, by: User, today: datetime.date) -> Whole:
    """A locked version that the user may follow up. Raises NotAllowed, Refused; Version.DoesNotExist."""
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    if whole.version.state not in FOLLOWED:
        raise Refused(NOT_IN_FORCE)
    if not acting_for(by, whole, today):
        raise Refused(NO_LONGER_PARTY)
    return whole


def acting_for(user: User, whole: Whole, today: datetime.date) -> list[str]:
    """The parties the user follows up for, by name: those that are bound today or later."""
    held = reach_of(user).organisations(Permission.EDIT_AGREEMENTS)
    return [p.name for p in whole.parties if p.organisation_id in held and is_bound(p.in_force, today)]


def entered_for(user: User, whole: Whole, today: datetime.date) -> str:
    return ", ".join(acting_for(user, whole, today))[:300]


def clean_text(text: str) -> str:
    """Several lines without what can't be seen."""
    return without_controls(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def identity_complaints(facts: Mapping[str, Any]) -> dict[str, str]:
    """The fields that hold something like a personnummer (rule N15)."""
    texts = {name: value for name, value in facts.items() if isinstance(value, str) and value}
    texts |= {name: "\n".join(value) for name, value in facts.items() if isinstance(value, list)}
    return {name: IDENTITY_NUMBER for name, text in texts.items() if find_identity_numbers(text)}


def refuse(complaints: Mapping[str, str]) -> None:
    for complaint in complaints.values():
        raise Refused(complaint)
