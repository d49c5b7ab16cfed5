"""Multiplies the invented country in the database, for measuring: rows are copied with their numbers moved on.

Copy k of a row has its number plus k times the highest number of its table, and what it points at is moved in the same
way; AF, SKR, users and the template stay what they are. Texts that were frozen are copied as they are, hash and all.
Copied municipalities have no outline: they stand in every list and number, and not on the map. The history of contact
points is not copied.
"""

# ruff: noqa: S608 - the names of tables and columns come from the models, never from outside
from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Field, Model

from agreements.models import (
    ActionProgress,
    Agreement,
    AgreementContact,
    Attachment,
    Flag,
    FollowUp,
    MeasuredValue,
    Notice,
    Party,
    SearchDocument,
    Section,
    Signature,
    VerdictPeriod,
    Version,
)
from contacts.models import ContactPoint, Event, Holder
from municipalities.models import Municipality, Organisation
from nationwide.demo.indexes import indexes_aside

Tell = Callable[[str], None]


@dataclass
class Numbers:
    """How far numbers are moved: by table the highest number, and the ranges of those that are not copied."""

    strides: dict[type[Model], int]
    stays: dict[type[Model], list[tuple[int, int]]]

    def moved(self, model: type[Model], number: str) -> str:
        """SQL for a number of this model's in copy `copy`; numbers of what is not copied stay."""
        model = Organisation if model is Municipality else model  # a municipality has its organisation's number
        if model not in self.strides:
            return number
        further = f"{number} + copy * {self.strides[model]}"
        if not self.stays.get(model):
            return further
        return f"CASE WHEN {self.copied(model, number)} THEN {further} ELSE {number} END"

    def copied(self, model: type[Model], number: str) -> str:
        """SQL for whether the number is one of those that are copied."""
        kept = [f"{number} BETWEEN {first} AND {last}" for first, last in self.stays[model]]
        return f"NOT ({' OR '.join(kept)})" if kept else "TRUE"


Only = Callable[[Numbers], str]
Changed = Callable[[Numbers], Mapping[str, str]]


@dataclass(frozen=True)
class Table:
    """A table to copy. `only`: a condition on `row`; `changed`: SQL of columns that are more than moved."""

    model: type[Model]
    only: Only = lambda _: "TRUE"
    changed: Changed = lambda _: {}

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        return self.model._meta.pk.column


LEFT_OUT: Mapping[type[Model], str] = {
    Organisation: "SELECT id FROM municipalities_organisation WHERE kind <> 'municipality' ORDER BY id",
    ContactPoint: "SELECT point.id FROM contacts_contactpoint AS point"
    " JOIN municipalities_organisation AS owner ON owner.id = point.organisation_id"
    " WHERE owner.kind <> 'municipality' ORDER BY point.id",
}
"""What every copy shares: AF, its regions, their contact points, SKR."""
NUMBERED = "|| ' ' || (copy + 1)"
SUBJECT_ID = "split_part(row.subject, ':', 2)::bigint"


def party_columns(_numbers: Numbers) -> Mapping[str, str]:
    named = f"left(row.name, 140) {NUMBERED}"
    return {"name": f"CASE WHEN row.side = 'municipality' THEN {named} ELSE row.name END"}


def flag_columns(numbers: Numbers) -> Mapping[str, str]:
    """A flag's subject and details speak of a contact point by its number."""
    point = numbers.moved(ContactPoint, SUBJECT_ID)
    of_contact = "row.subject LIKE 'contact:%%'"
    return {
        "subject": f"CASE WHEN {of_contact} THEN 'contact:' || ({point}) ELSE row.subject END",
        "details": f"CASE WHEN {of_contact} THEN row.details || jsonb_build_object('contact_point', {point})"
        " ELSE row.details END",
    }


def found_only(numbers: Numbers) -> str:
    own = numbers.copied(ContactPoint, "coalesce(row.contact_point_id, 0)")
    return f"{own} AND {numbers.copied(Organisation, 'coalesce(row.organisation_id, 0)')}"


def found_columns(numbers: Numbers) -> Mapping[str, str]:
    party = numbers.moved(Organisation, "party")
    named = f"left(row.title, 240) {NUMBERED}"
    return {
        "title": f"CASE WHEN row.kind IN ('agreement', 'organisation') THEN {named} ELSE row.title END",
        "parties": f"ARRAY(SELECT {party} FROM unnest(row.parties) AS party ORDER BY 1)",
    }


TABLES = (
    Table(
        Organisation,
        lambda numbers: numbers.copied(Organisation, "row.id"),
        lambda _: {"name": f"row.name {NUMBERED}", "short_name": f"row.short_name {NUMBERED}"},
    ),
    Table(Municipality, changed=lambda _: {"code": "row.code || '-' || (copy + 1)"}),
    Table(ContactPoint, lambda numbers: numbers.copied(ContactPoint, "row.id")),
    Table(Holder, lambda numbers: numbers.copied(ContactPoint, "row.contact_point_id")),
    Table(Agreement),
    Table(Version, changed=lambda _: {"title": f"left(row.title, 240) {NUMBERED}"}),
    Table(Party, changed=party_columns),
    Table(Section),
    Table(AgreementContact),
    Table(Signature),
    Table(Notice),
    Table(Flag, changed=flag_columns),
    Table(VerdictPeriod),
    Table(FollowUp),
    Table(Attachment),
    Table(SearchDocument, found_only, found_columns),
    Table(MeasuredValue),
    Table(ActionProgress),
    Table(
        Event,
        lambda _: "row.subject LIKE 'agreement:%%'",
        lambda numbers: {"subject": f"'agreement:' || ({numbers.moved(Agreement, SUBJECT_ID)})"},
    ),
)


def multiply(scale: int, *, tell: Tell) -> float:
    """Make scale - 1 copies of everything, inside the caller's transaction; the agreements copied per second."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        connection.check_constraints()
        without_needless_work()
        numbers = read_numbers()
        with indexes_aside([table.name for table in TABLES]):
            for table in TABLES:
                tell(f"{table.name} × {scale}")
                copy_table(table, numbers, scale)
            tell("indexes")
        cursor.execute("SET LOCAL session_replication_role = origin")
    return numbers.strides[Agreement] * (scale - 1) / (time.perf_counter() - started)


def without_needless_work() -> None:
    """Copies point at copies by construction, so the keys need no comparing; only a superuser may say so."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        try:
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
        except DatabaseError:
            return


def read_numbers() -> Numbers:
    return Numbers(
        strides={table.model: column(f"SELECT coalesce(max({table.key}), 0) FROM {table.name}")[0] for table in TABLES},
        stays={model: ranges(column(query)) for model, query in LEFT_OUT.items()},
    )


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as ranges, both ends included."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def column(query: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [value for (value,) in cursor.fetchall()]


def copy_table(table: Table, numbers: Numbers, scale: int) -> None:
    """One copy after the other, so that little has to be sorted and the primary key grows at its end."""
    command = copy_command(table, numbers)
    with connection.cursor() as cursor:
        for copy in range(1, scale):
            cursor.execute(command, {"copy": copy, "highest": numbers.strides[table.model]})
    advance(table)


def copy_command(table: Table, numbers: Numbers) -> str:
    """INSERT … SELECT of one copy of every row."""
    fields = [column for column in table.model._meta.concrete_fields if not column.generated]
    special = table.changed(numbers)
    selected = [special.get(column.column) or plain(column, numbers) for column in fields]
    return (
        f"INSERT INTO {table.name} ({', '.join(column.column for column in fields)}) "
        f"SELECT {', '.join(selected)} FROM {table.name} AS row, (SELECT %(copy)s::int AS copy) AS number "
        f"WHERE row.{table.key} <= %(highest)s AND {table.only(numbers)} ORDER BY row.{table.key}"
    )


def plain(column: Field[Any, Any], numbers: Numbers) -> str:
    """The column as it is, or its number moved when it is one."""
    value = f"row.{column.column}"
    target = column.related_model if column.is_relation else column.model if column.primary_key else None
    return numbers.moved(target, value) if isinstance(target, type) else value


def advance(table: Table) -> None:
    """The next row written gets a number after all copies."""
    if table.model._meta.pk.is_relation:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{table.key}'), "
            f"(SELECT max({table.key}) FROM {table.name}))"
        )
