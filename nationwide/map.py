"""The map and the bars, as plain data for the templates: an ink is a colour and a pattern, never colour alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from django.db import models

from municipalities.models import MunicipalityShape
from nationwide.counting import Number
from nationwide.rules import Binding, Confirmation, Edition, Expiry, Level, Row, Status

MARGIN = 6.0
WHOLE_WIDTH = 600.0


class Show(models.TextChoices):
    """What the map shows."""

    STATUS = "status", "Status"
    BINDING = "binding", "Vad de vilar på"
    LEVEL = "level", "Lägsta nivå"
    EDITION = "edition", "Mall"
    EXPIRY = "expiry", "Löper ut"
    CONFIRMATION = "confirmation", "Kontaktuppgifter"


INKS: Final[dict[str, dict[str, str]]] = {
    Show.STATUS.value: {
        Status.SIGNED.value: "good",
        Status.IN_WORK.value: "part",
        Status.EXPIRED.value: "bad",
        Status.NONE.value: "blank",
    },
    Show.BINDING.value: {
        Binding.FUNCTION_BOUND.value: "good",
        Binding.MIXED.value: "part",
        Binding.PERSON_BOUND.value: "bad",
        Binding.UNREACHABLE.value: "gone",
        Binding.UNJUDGED.value: "faint",
        Binding.NONE.value: "blank",
    },
    Show.LEVEL.value: {
        Level.MET.value: "good",
        Level.PARTLY.value: "part",
        Level.NOT_MET.value: "bad",
        Level.UNJUDGED.value: "faint",
        Level.NONE.value: "blank",
    },
    Show.EDITION.value: {
        Edition.CURRENT.value: "good",
        Edition.OLDER.value: "part",
        Edition.NONE.value: "blank",
    },
    Show.EXPIRY.value: {
        Expiry.SOON.value: "bad",
        Expiry.LATER.value: "good",
        Expiry.OPEN.value: "faint",
        Expiry.NONE.value: "blank",
    },
    Show.CONFIRMATION.value: {
        Confirmation.CONFIRMED.value: "good",
        Confirmation.UNCONFIRMED.value: "bad",
        Confirmation.NONE.value: "blank",
    },
}


SPOKEN: Final[dict[str, str]] = {
    Status.SIGNED.value: "gällande överenskommelse",
    Status.IN_WORK.value: "under arbete",
    Status.EXPIRED.value: "utgången",
    Status.NONE.value: "ingen överenskommelse",
}


class Outline(NamedTuple):
    organisation: int
    path: str
    min_x: float
    min_y: float
    max_x: float
    max_y: float


class Area(NamedTuple):
    """A municipality on the map."""

    path: str
    ink: str
    row: Row
    title: str


class Drawing(NamedTuple):
    view_box: str
    pattern_scale: str
    areas: list[Area]
    missing: int
    """Municipalities that have no outline and stand in the table only."""


class Stretch(NamedTuple):
    """A piece of a bar, in percent of its length."""

    ink: str
    start: str
    length: str


def read_outlines() -> dict[int, Outline]:
    fields = ("municipality_id", "path", "min_x", "min_y", "max_x", "max_y")
    return {values[0]: Outline(*values) for values in MunicipalityShape.objects.values_list(*fields)}


def draw(rows: Iterable[Row], outlines: Mapping[int, Outline], show: str) -> Drawing:
    """The rows that have an outline, in the rows' order, in a frame around them."""
    rows = list(rows)
    drawn = [(row, outlines[row.organisation]) for row in rows if row.organisation in outlines]
    x, y, width, height = frame([outline for _, outline in drawn])
    return Drawing(
        view_box=f"{x:.1f} {y:.1f} {width:.1f} {height:.1f}",
        pattern_scale=f"{max(width, height * 0.42) / WHOLE_WIDTH:.3f}",
        areas=[Area(outline.path, ink(row, show), row, title(row, show)) for row, outline in drawn],
        missing=len(rows) - len(drawn),
    )


def frame(outlines: list[Outline]) -> tuple[float, float, float, float]:
    if not outlines:
        return 0.0, 0.0, WHOLE_WIDTH, WHOLE_WIDTH
    x = min(outline.min_x for outline in outlines) - MARGIN
    y = min(outline.min_y for outline in outlines) - MARGIN
    right = max(outline.max_x for outline in outlines) + MARGIN
    bottom = max(outline.max_y for outline in outlines) + MARGIN
    return x, y, right - x, bottom - y


def ink(row: Row, show: str) -> str:
    value: str = getattr(row, show)
    return INKS[show][value]


def title(row: Row, show: str) -> str:
    """What the municipality's place on the map says when it is pointed at or read aloud: what the map shows of it."""
    words = SPOKEN[row.status]
    if not row.is_signed:
        return f"{row.name}: {words}"
    return f"{row.name}: {words}, {SAYS.get(show, said)(row)}"


def said(row: Row) -> str:
    return f"{row.binding_label.lower()}, lägsta nivå: {row.level_label.lower()}"


def said_of_edition(row: Row) -> str:
    return f"mall {row.template}, {row.edition_label.lower()}"


def said_of_expiry(row: Row) -> str:
    return f"till och med {row.last_day}" if row.last_day else "tills vidare"


def said_of_confirmation(row: Row) -> str:
    return f"kontaktuppgifter {row.confirmation_label.lower()}"


SAYS: Final[dict[str, Callable[[Row], str]]] = {
    Show.EDITION.value: said_of_edition,
    Show.EXPIRY.value: said_of_expiry,
    Show.CONFIRMATION.value: said_of_confirmation,
}


def bar(numbers: Iterable[Number], show: str) -> list[Stretch]:
    """The numbers side by side, as long as their share of the whole."""
    stretches = []
    start = 0.0
    for number in numbers:
        length = 100 * number.size / number.of if number.of else 0.0
        if length:
            stretches.append(Stretch(INKS[show][number.key], f"{start:.2f}%", f"{length:.2f}%"))
        start += length
    return stretches
