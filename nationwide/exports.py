"""The rows as CSV and JSON: the same rows, and nothing a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from contacts.csv_lines import defused
from nationwide.counting import Criteria, filter_rows, status_numbers
from nationwide.rules import Binding, Level, Row, Status

Value = str | int | datetime.date | list[str] | None

COLUMNS: Final[dict[str, Callable[[Row], Value]]] = {
    "code": lambda row: row.code,
    "name": lambda row: row.name,
    "county_code": lambda row: row.county,
    "county": lambda row: row.county_name,
    "af_region": lambda row: row.region_name,
    "group_code": lambda row: row.group,
    "group": lambda row: row.group_name,
    "population": lambda row: row.population,
    "status": lambda row: row.status,
    "status_label": lambda row: row.status_label,
    "binding": lambda row: row.binding,
    "binding_label": lambda row: row.binding_label,
    "level": lambda row: row.level,
    "level_label": lambda row: row.level_label,
    "short_of": lambda row: list(row.short_of),
    "expiry": lambda row: row.expiry,
    "expiry_label": lambda row: row.expiry_label,
    "confirmation": lambda row: row.confirmation,
    "confirmation_label": lambda row: row.confirmation_label,
    "edition": lambda row: row.edition,
    "edition_label": lambda row: row.edition_label,
    "agreement": lambda row: row.agreement,
    "version": lambda row: row.version,
    "template": lambda row: row.template,
    "in_force_from": lambda row: row.start,
    "in_force_to": lambda row: row.last_day,
}
HEADINGS: Final[dict[str, str]] = {
    "code": "Kommunkod",
    "name": "Kommun",
    "county_code": "Länskod",
    "county": "Län",
    "af_region": "Arbetsförmedlingens region",
    "group_code": "Kommungruppskod",
    "group": "Kommungrupp",
    "population": "Folkmängd",
    "status_label": "Status",
    "binding_label": "Bindning",
    "level_label": "Lägsta nivå",
    "short_of": "Brister i reglerna",
    "expiry_label": "Löper ut",
    "confirmation_label": "Kontaktuppgifter",
    "edition_label": "Mallen är",
    "agreement": "Överenskommelse",
    "version": "Version",
    "template": "Mallversion",
    "in_force_from": "Gäller från och med",
    "in_force_to": "Gäller till och med",
}
"""The columns of a spreadsheet, which people read: in words, and without the codes that machines get as JSON."""


def as_csv(rows: Iterable[Row], *, delimiter: str = ",", columns: Mapping[str, str] | None = None) -> str:
    """columns: which ones, and how they are headed; otherwise all of them by their codes."""
    file = io.StringIO()
    headings = columns or {name: name for name in COLUMNS}
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headings.values())
    writer.writerows([defused(COLUMNS[name](row)) for name in headings] for row in rows)
    return file.getvalue()


def as_json(rows: Iterable[Row], on: datetime.date) -> str:
    return json.dumps(as_data(list(rows), on), ensure_ascii=False, indent=2, default=str) + "\n"


def as_data(rows: list[Row], on: datetime.date) -> dict[str, Any]:
    signed = filter_rows(rows, Criteria(status=Status.SIGNED.value))
    bindings = {value: len(filter_rows(signed, Criteria(binding=value))) for value in Binding.values}
    levels = {value: len(filter_rows(signed, Criteria(level=value))) for value in Level.values}
    return {
        "on": on,
        "municipalities": len(rows),
        "status": {number.key: number.size for number in status_numbers(rows, Criteria())},
        "binding": {value: count for value, count in bindings.items() if value != Binding.NONE},
        "level": {value: count for value, count in levels.items() if value != Level.NONE},
        "rows": [{name: read(row) for name, read in COLUMNS.items()} for row in rows],
    }
