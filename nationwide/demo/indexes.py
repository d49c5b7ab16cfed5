"""Sets indexes aside while many rows are written, and builds them again: sorting once is cheaper than placing each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

FIND = """
SELECT table_name.relname, index_name.relname, con.conname,
    pg_get_constraintdef(con.oid), pg_get_indexdef(ind.indexrelid)
FROM pg_index AS ind
JOIN pg_class AS table_name ON table_name.oid = ind.indrelid
JOIN pg_class AS index_name ON index_name.oid = ind.indexrelid
LEFT JOIN pg_constraint AS con ON con.conindid = ind.indexrelid AND con.contype IN ('u', 'x')
WHERE ind.indrelid = ANY(%s::regclass[]) AND NOT ind.indisprimary
ORDER BY table_name.relname, index_name.relname
"""


@dataclass(frozen=True)
class Index:
    """An index as the database describes it; `constraint` is empty when it stands for itself."""

    table: str
    name: str
    constraint: str | None
    constraint_definition: str | None
    definition: str

    @property
    def drop(self) -> str:
        if self.constraint:
            return f'ALTER TABLE "{self.table}" DROP CONSTRAINT "{self.constraint}"'
        return f'DROP INDEX "{self.name}"'

    @property
    def create(self) -> str:
        if self.constraint:
            return f'ALTER TABLE "{self.table}" ADD CONSTRAINT "{self.constraint}" {self.constraint_definition}'
        return self.definition


@contextmanager
def indexes_aside(tables: Sequence[str]) -> Iterator[None]:
    """All indexes of the tables but their primary keys. In one transaction: a failure leaves everything as it was."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [list(tables)])
        found = [Index(*row) for row in cursor.fetchall()]
        for index in found:
            cursor.execute(index.drop)
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for index in found:
            cursor.execute(index.create)
