"""Rows as CSV and as a spreadsheet, written one at a time: memory does not grow with the list."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterable
from typing import IO, Any, TypeVar

import xlsxwriter

from contacts.csv_lines import Columns

Row = TypeVar("Row")
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST, NARROWEST = 60, 10


def as_xlsx(rows: Iterable[Row], columns: Columns[Row], *, sheet: str) -> IO[bytes]:
    """A workbook with a frozen, filtered head; text is written as text, so that nothing in it is run as a formula."""
    file = tempfile.TemporaryFile(prefix="portal-")  # noqa: SIM115 - the answer reads it, and closing removes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    page = book.add_worksheet(sheet[:31])
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    page.freeze_panes(1, 0)
    for place, heading in enumerate(columns):
        page.set_column(place, place, min(WIDEST, max(NARROWEST, len(heading) + 4)))
        page.write_string(0, place, heading, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, read in enumerate(columns.values()):
            _write(page, last, place, read(row), day)
    page.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    file.seek(0)
    return file


def _write(page: Any, line: int, place: int, value: Any, day: Any) -> None:
    if isinstance(value, datetime.date):
        page.write_datetime(line, place, datetime.datetime.combine(value, datetime.time()), day)
    elif isinstance(value, int):
        page.write_number(line, place, value)
    elif value:
        page.write_string(line, place, str(value))
