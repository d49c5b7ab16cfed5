"""PostgreSQL's advisory locks: who is at work that outlasts a transaction. They end with the worker's connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def taken(kind: int, pk: int) -> Iterator[bool]:
    """Whether the work is ours; somebody else's is left alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, pk % 2**31])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, pk % 2**31])
