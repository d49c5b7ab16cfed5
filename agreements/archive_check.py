"""Looks through everything that is stored, some at a time: what is missing, what has changed, what nobody names."""

from __future__ import annotations

import datetime
import enum
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from django.core.files.storage import default_storage

from agreements.stored import KINDS, Named, StoredKind, unknown

AT_ONCE: Final = 200
FOLDERS_AT_ONCE: Final = 64
"""Files looked at between two notes of how far it has come."""
YOUNG: Final = datetime.timedelta(days=1)
"""A file may be stored before the row that names it; one that is older and unnamed is nobody's."""


class Fault(enum.StrEnum):
    MISSING = "missing"
    CHANGED = "changed"
    ORPHANED = "orphaned"


class Finding(NamedTuple):
    fault: Fault
    name: str
    of: str
    """The kind of row that names it, with the row's id; empty for an orphan."""


class Place(NamedTuple):
    """How far a check has come: which kind, and after which row; past the last kind, after which folder."""

    kind: int = 0
    after: int = 0
    folder: str = ""
    over: bool = False


@dataclass(frozen=True)
class Batch:
    place: Place
    checked: int = 0
    size: int = 0
    findings: list[Finding] = field(default_factory=list)


def look(place: Place, now: datetime.datetime) -> Batch:
    """The next files. A store that does not answer raises OSError, and finds nothing missing."""
    if place.kind < len(KINDS):
        return _look_at_rows(place, KINDS[place.kind])
    return _look_for_orphans(place, now)


def _look_at_rows(place: Place, kind: StoredKind) -> Batch:
    rows = kind.after(place.after, AT_ONCE)
    if not rows:
        return Batch(Place(place.kind + 1))
    findings = [Finding(fault, row.name, f"{kind.key} {row.pk}") for row in rows if (fault := _fault_of(row))]
    return Batch(Place(place.kind, rows[-1].pk), len(rows), sum(row.size for row in rows), findings)


def _fault_of(row: Named) -> Fault | None:
    try:
        with default_storage.open(row.name) as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == row.sha256
    except FileNotFoundError:
        return Fault.MISSING
    return None if same else Fault.CHANGED


def _look_for_orphans(place: Place, now: datetime.datetime) -> Batch:
    ahead = list(islice(folders(after=place.folder), FOLDERS_AT_ONCE))
    over = len(ahead) < FOLDERS_AT_ONCE
    found = [Finding(Fault.ORPHANED, name, "") for name in orphans_in([*ahead, ""] if over else ahead, now)]
    return Batch(Place(place.kind, folder=ahead[-1] if ahead else "", over=over), findings=found)


def folders(above: str = "", after: str = "") -> Iterator[str]:
    """Every folder in order, from the one that comes next; files written at this moment stand in hidden ones."""
    for name in sorted(_listed(above)[0]):
        folder = f"{above}/{name}" if above else name
        way, reached = folder.split("/"), after.split("/")
        if name.startswith(".") or (way < reached and way != reached[: len(way)]):
            continue
        if way > reached:
            yield folder
        yield from folders(folder, after)


def orphans_in(folders: Iterable[str], now: datetime.datetime) -> Iterator[str]:
    """Files that no row names and that are not young. "" is what stands beside the folders."""
    names = (f"{folder}/{name}".lstrip("/") for folder in folders for name in sorted(_listed(folder)[1]))
    while some := list(islice(names, AT_ONCE)):
        yield from (name for name in unknown(some) if _is_old(name, now))


def _is_old(name: str, now: datetime.datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < now - YOUNG
    except FileNotFoundError:  # it has gone meanwhile
        return False


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:  # nothing has been stored yet
        return [], []
