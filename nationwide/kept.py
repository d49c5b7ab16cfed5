"""What was computed of the country, kept until something is written: near in the process, far in Valkey."""

from __future__ import annotations

import datetime
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection

from nationwide.coverage import read_rows
from nationwide.rules import Row

T = TypeVar("T")
Mark = tuple[Any, ...]
KEEP_SECONDS = 60 * 60
NEAR_SIZE = 48


class Near:
    """The last few pages of this process, so that a page which has not changed is not fetched over a socket."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.values: OrderedDict[str, tuple[Mark, Any]] = OrderedDict()
        self.lock = Lock()

    def get(self, key: str) -> tuple[Mark, Any] | None:
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
            return self.values.get(key)

    def set(self, key: str, value: tuple[Mark, Any]) -> None:
        with self.lock:
            self.values[key] = value
            self.values.move_to_end(key)
            while len(self.values) > self.size:
                self.values.popitem(last=False)


near = Near(NEAR_SIZE)


def newest_change() -> Mark | None:
    """A mark that differs once anything has been written, since every action leaves an event. None: no event yet.

    Events get their number before they are committed, so a lower number can turn up after a higher one: the sum
    of the newest two hundred sees that too. The moment tells a restored database from the one before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id), sum(id)::bigint, max(at),"
            " (SELECT max(id) FROM agreements_verdictperiod),"
            " (SELECT max(id) FROM municipalities_referencerevision)"
            " FROM (SELECT id, at FROM contacts_event ORDER BY id DESC LIMIT 200) AS newest"
        )
        mark: Mark = cursor.fetchone()
    return mark if mark[0] else None


class Kept:
    """What one request takes from what was computed before, as long as nothing has been written since.

    The mark is read before the rows, so a write in between is seen next time.
    """

    def __init__(self) -> None:
        self.mark = newest_change()

    def page(self, name: str, on: datetime.date, make: Callable[[], T]) -> T:
        """Something small that is asked for again and again."""
        key = key_of(name, on)
        stored = near.get(key)
        if self.mark and stored and stored[0] == self.mark:
            value: T = stored[1]
            return value
        value = self.get(name, on, make)
        if self.mark:
            near.set(key, (self.mark, value))
        return value

    def get(self, name: str, on: datetime.date, make: Callable[[], T]) -> T:
        if self.mark is None:
            return make()
        key = key_of(name, on)
        stored = cache.get(key)
        if stored is not None and stored[0] == self.mark:
            value: T = stored[1]
            return value
        value = make()
        cache.set(key, (self.mark, value), KEEP_SECONDS)
        return value

    def rows(self, on: datetime.date) -> list[Row]:
        return self.get("rows", on, lambda: read_rows(on))


def key_of(name: str, on: datetime.date) -> str:
    """A key of fixed length, since a name can hold what somebody typed."""
    return f"nationwide:{on}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
