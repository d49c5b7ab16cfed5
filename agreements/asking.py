"""When those who sign are written to: at once when it is their turn, and again after so many days. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def step_due(days: int, steps: Sequence[int], told: Collection[int]) -> int | None:
    """The latest step that has come and neither it nor a later one has been told; None when nothing is due.

    days: since the party's turn came. A run that comes late tells the latest step alone, and makes up for none.
    """
    come = [step for step in steps if step <= days]
    latest = max(come, default=None)
    return None if latest is None or any(step >= latest for step in told) else latest
