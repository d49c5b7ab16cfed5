"""Writing many rows at once by COPY: several times quicker than INSERT, and the rows know their numbers afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from psycopg import sql
from psycopg.types.json import Jsonb


def copy_rows(rows: Sequence[Model]) -> None:
    """Write new rows of one model, in the order given. What they point at is written already, or among them."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if not field.generated]
    names = [sql.Identifier(field.column) for field in fields]
    plan = [(field.attname, isinstance(field, JSONField)) for field in fields]
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(meta.db_table), sql.SQL(", ").join(names))
    number(rows)
    with connection.cursor() as cursor, cursor.cursor.copy(command) as copy:
        for row in rows:
            copy.write_row([as_json(getattr(row, name)) if json else getattr(row, name) for name, json in plan])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def as_json(value: Any) -> Jsonb | None:
    return None if value is None else Jsonb(value)


def number(rows: Sequence[Model]) -> None:
    """Give each row the next number of its table, and let it know the numbers of what it points at."""
    table = rows[0]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(rows)]
        )
        numbers = [pk for (pk,) in cursor.fetchall()]
    for row, pk in zip(rows, numbers, strict=True):
        row.pk = pk
    for field in rows[0]._meta.concrete_fields:
        if field.is_relation:
            for row in rows:
                known = row._state.fields_cache.get(field.name)
                if known is not None:
                    setattr(row, field.name, known)
