"""The map as a picture that stands alone: as SVG, and as PNG drawn from the same SVG. Light, whoever looks at it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from html import escape
from typing import Final, NamedTuple

import resvg_py
from django.conf import settings
from django.template.loader import render_to_string

from agreements.dates import spelled
from nationwide.counting import Number
from nationwide.map import INKS, Drawing, Show

WIDTH, SIDE, TOP, LEGEND_LINE = 800, 32, 96, 30
TALLEST: Final = 1150
PNG_WIDTH: Final = 1200
PLAIN: Final = {"good": "#1d6a7a", "blank": "#eeebe4"}
_INTER: Final = settings.NODE_MODULES / "@expo-google-fonts" / "inter"
FONTS: Final = [
    str(_INTER / "400Regular" / "Inter_400Regular.ttf"),
    str(_INTER / "600SemiBold" / "Inter_600SemiBold.ttf"),
]


class Entry(NamedTuple):
    """A line of the legend, with its place."""

    ink: str
    words: str
    x: int
    y: int


class Frame(NamedTuple):
    """Where the map stands in the picture."""

    x: float
    y: int
    width: float
    height: float


def as_svg(drawing: Drawing, legend: Iterable[Number], *, show: str, part: str, on: datetime.date) -> str:
    """A picture with a heading, the legend and the map; each municipality has its name and value as a title."""
    entries = [entry(place, number, show) for place, number in enumerate(legend)]
    top = TOP + LEGEND_LINE * ((len(entries) + 1) // 2) + 16
    frame = frame_of(drawing, top)
    context = {
        "width": WIDTH,
        "height": round(top + frame.height + SIDE),
        "frame": frame,
        "drawing": drawing,
        "entries": entries,
        "heading": f"Läget i {part}: {str(Show(show).label).lower()}",
        "day": spelled(on),
        "areas": [(fill(area.ink), edge(area.ink), escape(area.title), area.path) for area in drawing.areas],
    }
    return render_to_string("nationwide/picture.svg", context)


def fill(ink: str) -> str:
    """A plain ink is its colour: a pattern would be drawn slower, and with seams."""
    return PLAIN.get(ink, f"url(#map-{ink})")


def edge(ink: str) -> str:
    return "#8f8b82" if ink in ("blank", "faint") else "#ffffff"


def entry(place: int, number: Number, show: str) -> Entry:
    column, line = place % 2, place // 2
    words = f"{number.label}: {number.size}"
    return Entry(INKS[show][number.key], words, SIDE + column * (WIDTH - 2 * SIDE) // 2, TOP + line * LEGEND_LINE)


def frame_of(drawing: Drawing, top: int) -> Frame:
    """As wide as there is room for, no taller than a page, in the middle."""
    _, _, width, height = map(float, drawing.view_box.split())
    scale = min((WIDTH - 2 * SIDE) / width, TALLEST / height)
    return Frame((WIDTH - width * scale) / 2, top, width * scale, height * scale)


def as_png(svg: str) -> bytes:
    """Drawn with our own fonts, so that it looks the same everywhere; nothing is fetched."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=PNG_WIDTH, font_files=FONTS, skip_system_fonts=True))
