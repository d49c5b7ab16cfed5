"""What was computed of the country, kept until something is written: near in the process, far in Valkey."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from contacts.kept import Mark, Near
from nationwide.coverage import read_rows
from nationwide.rules import Row

T = TypeVar("T")
KEEP_SECONDS = 60 * 60
near = Near(48)


class Kept:
    """What one request takes from what was computed before, as long as nothing has been written since.

    The mark was read before the rows are, so a write in between is seen next time.
    """

    def __init__(self, mark: Mark | None) -> None:
        self.mark = mark

    def page(self, name: str, on: datetime.date, make: Callable[[], T]) -> T:
        """Something small that is asked for again and again: not fetched over a socket while it has not changed."""
        return near.keep(key_of(name, on), self.mark, lambda: self.get(name, on, make))

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
        return self.get(f"rows:{','.join(Row._fields)}", on, lambda: read_rows(on))


def key_of(name: str, on: datetime.date) -> str:
    """A key of fixed length, since a name can hold what somebody typed."""
    return f"nationwide:{on}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
