"""Rows as CSV, written one at a time so that memory does not grow with the list, and with nothing that is run. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

Row = TypeVar("Row")
Columns = Mapping[str, Callable[[Row], Any]]
"""Heading → how to read the cell: text, a whole number or a date."""
RUNS_AS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv_lines(rows: Iterable[Row], columns: Columns[Row]) -> Iterator[str]:
    """For a spreadsheet in Swedish: semicolons, and a mark that says UTF-8. Nothing is run as a formula."""
    yield "\ufeff" + _csv_line(columns)
    for row in rows:
        yield _csv_line([defused(read(row)) for read in columns.values()])


def defused(value: Any) -> Any:
    """Text that a spreadsheet would run is led by an apostrophe; several words share a cell."""
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, str) and value.startswith(RUNS_AS_FORMULA):
        return f"'{value}"
    return value


def _csv_line(cells: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(cells)
    return line.getvalue()
