"""Lock, look, write: how every action gets hold of the version it changes."""

from __future__ import annotations

from agreements.gather import Whole
from agreements.models import Version
from agreements.rules import may_move
from agreements.states import FIXED, TRANSITIONS, Move, State, refusal
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import User


def lock(version_id: int) -> Version:
    """The version, locked until the transaction ends. Raises Version.DoesNotExist."""
    return Version.objects.select_for_update(of=("self",)).with_heads().get(pk=version_id)


def lock_draft(version_id: int, *, by: User) -> Whole:
    """A locked version that the user may write in. Raises NotAllowed, or Refused when it is no longer a draft."""
    whole = Whole(lock(version_id))
    demand(by, Permission.EDIT_AGREEMENTS, whole)
    if whole.version.state != State.DRAFT:
        raise Refused(FIXED[State(whole.version.state)])
    return whole


def demand(user: User, permission: Permission, whole: Whole) -> None:
    """Raise NotAllowed unless the user holds the permission for one of the parties."""
    if not reach_of(user).may(permission, whole.organisation_ids):
        raise NotAllowed


def sides_of(user: User, permission: Permission, whole: Whole) -> set[str]:
    """The sides of the agreement the user acts for with this permission."""
    held = reach_of(user).organisations(permission)
    return {party.side for party in whole.parties if party.organisation_id in held}


def acts_for(user: User, whole: Whole) -> list[str]:
    """The parties the user writes for, by name."""
    held = reach_of(user).organisations(Permission.EDIT_AGREEMENTS)
    return [party.name for party in whole.parties if party.organisation_id in held]


def demand_move(user: User, move: Move, whole: Whole) -> set[str]:
    """The sides the user acts for. Raises NotAllowed for the role, Refused for the state."""
    transition = TRANSITIONS[move]
    if transition.permission is None:
        raise NotAllowed  # a move only the system makes
    sides = sides_of(user, transition.permission, whole)
    if not sides:
        raise NotAllowed
    if not may_move(move, whole.version.state, sides, whole.version.proposed_by_side):
        raise Refused(refusal(move, whole.version.state))
    return sides
