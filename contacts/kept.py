"""What a process has made and may show again, until anything is written anywhere."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

T = TypeVar("T")
Mark = str
PAGES = 256  # some thirty kilobytes each

NEWEST_CHANGE: Final = """
    SELECT max(id) || ' ' || sum(id) || ' ' || max(at)
        || ' ' || coalesce((SELECT max(id) FROM municipalities_referencerevision), 0)
    FROM (SELECT id, at FROM contacts_event ORDER BY id DESC LIMIT 200) AS newest
"""
"""A mark that differs once anything has been written, since every action leaves an event. NULL: no event yet.

Events get their number before they are committed, so a lower number can turn up after a higher one: the sum of the
newest two hundred sees that too. The moment tells a restored database from the one before.
"""


class Near:
    """The last few things this process has made, so that one which has not changed costs nothing.

    The key holds everything the thing depends on besides what is written: who may see it, what is asked, the day.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.values: OrderedDict[Hashable, tuple[Mark, Any]] = OrderedDict()
        self.lock = Lock()

    def keep(self, key: Hashable, mark: Mark | None, make: Callable[[], T]) -> T:
        """What was made under this mark, else made now. The mark was read before: a write since is seen next time."""
        if mark is None:
            return make()
        known = self._get(key)
        if known and known[0] == mark:
            value: T = known[1]
            return value
        value = make()
        self._set(key, (mark, value))
        return value

    def _get(self, key: Hashable) -> tuple[Mark, Any] | None:
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
            return self.values.get(key)

    def _set(self, key: Hashable, value: tuple[Mark, Any]) -> None:
        with self.lock:
            self.values[key] = value
            self.values.move_to_end(key)
            while len(self.values) > self.size:
                self.values.popitem(last=False)


near = Near(PAGES)
