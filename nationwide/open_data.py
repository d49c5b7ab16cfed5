"""The open data files: documented columns, and rows written one at a time. Pure."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from contacts.csv_lines import defused
from nationwide.public import ENDINGS, Happening, PublicRow
from nationwide.rules import STATUS_LABELS, Level, Status

LICENCE: Final = "http://creativecommons.org/publicdomain/zero/1.0/"
KINDS: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
WORDS: Final = {"text": "text", "number": "heltal", "date": "datum, ÅÅÅÅ-MM-DD"}
EVENTS: Final = {"began": "börjar gälla", "ended": "slutar gälla"}


class Column(NamedTuple):
    """A column as it is read, and as the documentation tells of it."""

    name: str
    kind: str
    about: str
    read: Callable[[Any], Any]
    values: tuple[tuple[str, str], ...] = ()
    """The words it can hold, with what they mean."""

    @property
    def kind_label(self) -> str:
        return WORDS[self.kind]


def of_row(name: str) -> Callable[[PublicRow], Any]:
    return lambda row: getattr(row, name)


LEVELS: Final = tuple((level.value, str(level.label)) for level in Level if level != Level.NONE)

DAY_COLUMNS: Final = (
    Column("code", "text", "Kommunkod enligt SCB, med inledande nolla.", of_row("code")),
    Column("name", "text", "Kommunens namn.", of_row("name")),
    Column("county_code", "text", "Länskod enligt SCB, med inledande nolla.", of_row("county")),
    Column("county", "text", "Länets namn.", of_row("county_name")),
    Column("af_region", "text", "Arbetsförmedlingens region.", of_row("region_name")),
    Column("group_code", "text", "SKR:s kommungrupp 2023, kod.", of_row("group")),
    Column("group", "text", "SKR:s kommungrupp 2023, namn.", of_row("group_name")),
    Column("population", "number", "Folkmängd.", of_row("population")),
    Column(
        "status",
        "text",
        "Hur kommunen stod den dagen: exakt ett av orden.",
        of_row("status"),
        tuple((status.value, STATUS_LABELS[status.value]) for status in Status),
    ),
    Column(
        "agreement",
        "number",
        "Överenskommelsens löpnummer i portalen. Samma nummer hos flera kommuner: de har en gemensam. "
        "Tomt när status är in_work eller none.",
        of_row("agreement"),
    ),
    Column("template", "number", "Vilken version av den nationella mallen den är skriven på.", of_row("template")),
    Column("in_force_from", "date", "Första dagen den gäller eller gällde.", of_row("start")),
    Column("in_force_to", "date", "Sista dagen. Tomt när den gäller tills vidare.", of_row("last_day")),
    Column(
        "level",
        "text",
        "Hur den gällande överenskommelsen står mot den nationella lägsta nivån som gällde den dagen. "
        "Tomt när ingen gäller, och så länge SKR inte visar nivån öppet.",
        of_row("level"),
        LEVELS,
    ),
)

EVENT_COLUMNS: Final = (
    Column("date", "date", "Dagen då det hände. För ended första dagen som den inte längre gäller.", of_row("day")),
    Column("event", "text", "Vad som hände.", of_row("event"), tuple(EVENTS.items())),
    Column("code", "text", "Kommunkod enligt SCB, med inledande nolla.", of_row("code")),
    Column("name", "text", "Kommunens namn i dag.", of_row("name")),
    Column("county_code", "text", "Länskod enligt SCB, med inledande nolla.", of_row("county")),
    Column("agreement", "number", "Överenskommelsens löpnummer i portalen.", of_row("agreement")),
    Column("version", "number", "Vilken version av överenskommelsen, räknat från 1.", of_row("version")),
    Column("template", "number", "Vilken version av den nationella mallen den är skriven på.", of_row("template")),
    Column("signed", "date", "Dagen då den sista parten undertecknade.", of_row("signed")),
    Column("ending", "text", "Hur den slutade gälla. Tomt för began.", of_row("ending"), tuple(ENDINGS.items())),
)


def csv_lines(columns: Sequence[Column], rows: Iterable[PublicRow | Happening]) -> Iterator[str]:
    """Commas and UTF-8 without a mark, as RFC 4180 and most programs want it. Nothing is run as a formula."""
    yield csv_line([column.name for column in columns])
    for row in rows:
        yield csv_line([defused(column.read(row)) for column in columns])


def csv_line(cells: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def json_lines(
    columns: Sequence[Column], rows: Iterable[PublicRow | Happening], *, head: dict[str, Any], name: str
) -> Iterator[str]:
    """One object with some facts of the whole and a list under `name`, a line to each row."""
    yield "{"
    yield "".join(f"{json.dumps(key)}: {_written(value)}, " for key, value in {**head, "licence": LICENCE}.items())
    yield f"{json.dumps(name)}: ["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + _written(told(columns, row))
    yield "\n]}\n"


def told(columns: Sequence[Column], row: PublicRow | Happening) -> dict[str, Any]:
    values = ((column.name, column.read(row)) for column in columns)
    return {name: None if value == "" else value for name, value in values}


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=datetime.date.isoformat)
