"""What the actions refuse, in one place. Every message is Swedish and meant for the user."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """The action can't be done now; the message says why and what would help."""


class NotAllowed(PermissionDenied):
    """The user's roles do not permit the action on this object. A page answers with 403 by itself."""


class Stale(Exception):
    """What the user changed has been saved by someone else since it was opened.

    current: the row as it is saved now, so that both texts can be shown.
    """

    def __init__(self, current: Any) -> None:
        super().__init__("Någon annan har sparat sedan du öppnade. Båda texterna visas, inget är borta.")
        self.current = current
