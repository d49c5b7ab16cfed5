"""Addresses, inks and the long rows of the national pages.

What stands hundreds of times on a page is written here rather than in a template: a template node costs more than
the number it prints.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from functools import cache
from html import escape

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from nationwide.counting import Criteria, Line, Number
from nationwide.map import INKS, Area, Show, bar
from nationwide.rules import Binding, Row, Status

register = template.Library()

STATUS_LOOKS = {
    Status.SIGNED.value: ("success", "check-circle"),
    Status.IN_WORK.value: ("info", "pen"),
    Status.EXPIRED.value: ("danger", "clock"),
    Status.NONE.value: ("neutral", "circle"),
}
FIRST_OF_GROUP = frozenset({Status.SIGNED.value, Binding.FUNCTION_BOUND.value})
PLACEHOLDER = 987654321


@register.simple_tag
def list_address(criteria: Criteria, day: datetime.date | None) -> str:
    """The list behind a number: the same criteria, the same day."""
    return address("municipality_list", criteria.query(day))


@register.simple_tag
def part_address(criteria: Criteria, day: datetime.date | None, show: str = "") -> str:
    """The dashboard of a part of the country."""
    shown = f"show={show}" if show and show != Show.STATUS else ""
    return address("dashboard", "&".join(filter(None, [criteria.query(day), shown])))


@register.simple_tag
def export_address(name: str, criteria: Criteria, day: datetime.date | None) -> str:
    return address(name, criteria.query(day))


def address(name: str, query: str) -> str:
    return f"{path_of(name)}?{query}" if query else path_of(name)


@cache
def path_of(name: str) -> str:
    return reverse(name)


@cache
def path_to(name: str) -> Callable[[int], str]:
    """Addresses of one kind: the pattern is looked up once, not once per row."""
    before, after = reverse(name, args=[PLACEHOLDER]).split(str(PLACEHOLDER))
    return lambda pk: f"{before}{pk}{after}"


@register.filter
def ink(key: str, show: str) -> str:
    return INKS[show][key]


@register.simple_tag
def share_bar(numbers: list[Number], show: str) -> SafeString:
    """Shares side by side. The numbers stand beside it in words, so it is silent."""
    pieces = (
        f'<rect x="{piece.start}" width="{piece.length}" height="100%" fill="url(#ink-{piece.ink})"></rect>'
        for piece in bar(numbers, show)
    )
    return joined('<svg class="share-bar" aria-hidden="true" focusable="false">', *pieces, "</svg>")


@register.simple_tag
def breakdown_rows(lines: list[Line], day: datetime.date | None, show: str) -> SafeString:
    """A row for each county, region or group; every number is a link to its list."""
    return joined(*(breakdown_row(line, day, show) for line in lines))


def breakdown_row(line: Line, day: datetime.date | None, show: str) -> str:
    shares = line.bindings if show == Show.BINDING.value else line.statuses
    cells = "".join(number_cell(number, day) for number in (line.whole, *line.cells))
    place = escape(part_address(line.criteria, day, show))
    name = f'<a href="{place}">{escape(line.label)}</a>{share_bar(shares, show)}'
    return f'<tr><th scope="row">{name}</th>{cells}</tr>\n'


def number_cell(number: Number, day: datetime.date | None) -> str:
    place = "number breakdown__first" if number.key in FIRST_OF_GROUP else "number"
    weight = "" if number.size else ' class="zero"'
    return f'<td class="{place}"><a{weight} href="{escape(list_address(number.criteria, day))}">{number.size}</a></td>'


@register.simple_tag
def municipality_rows(rows: Iterable[Row]) -> SafeString:
    """The rows of the list; on a small screen each is a card and its cells are headed by data-label."""
    return joined(*(municipality_row(row) for row in rows))


def municipality_row(row: Row) -> str:
    name = escape(row.name)
    status = status_tag(row.status)
    if row.version:
        words = f'<span class="ds-sr-only"> överenskommelse för {name}</span>'
        status = f'<a class="tag-link" href="{path_to("agreement")(row.version)}">{status}{words}</a>'
    template = f"Version {row.template}" if row.template else ""
    return (
        f'<tr><th scope="row"><a href="{path_to("organisation")(row.organisation)}">{name}</a></th>'
        f'<td data-label="Status">{status}</td><td data-label="Vilar på">{binding_tag(row.binding)}</td>'
        f'<td class="nowrap" data-label="Till och med">{until(row)}</td>'
        f'<td class="nowrap" data-label="Mall">{template}</td>'
        f'<td data-label="Län">{escape(row.county_name)}</td>'
        f'<td data-label="AF-region">{escape(row.region_name)}</td></tr>\n'
    )


@register.simple_tag
def map_areas(areas: list[Area]) -> SafeString:
    """Every municipality on the map: a link with its name and value."""
    place = path_to("organisation")
    return joined(
        *(
            f'<a href="{place(area.row.organisation)}"><title>{escape(area.title)}</title>'
            f'<path fill="url(#map-{area.ink})" d="{escape(area.path)}"></path></a>'
            for area in areas
        )
    )


@register.simple_tag
def map_rows(areas: list[Area]) -> SafeString:
    """The same municipalities as rows of a table."""
    place = path_to("organisation")
    return joined(*(map_row(place(area.row.organisation), area.row) for area in areas))


def map_row(place: str, row: Row) -> str:
    binding = row.binding_label if row.is_signed else ""
    name, county = escape(row.name), escape(row.county_name)
    return (
        f'<tr><th scope="row"><a href="{place}">{name}</a></th><td>{county}</td>'
        f'<td>{row.status_label}</td><td>{binding}</td><td class="nowrap">{until(row)}</td></tr>\n'
    )


def joined(*pieces: str) -> SafeString:
    """Pieces whose every text has been escaped."""
    return SafeString("".join(pieces))


@register.filter
def until(row: Row) -> str:
    """The last day in force, in words."""
    if row.last_day:
        return row.last_day.isoformat()
    return "Tills vidare" if row.is_signed else ""


@register.simple_tag
@cache
def status_tag(status: str) -> str:
    """A status as colour, icon and word; the handful there are is rendered once."""
    color, icon = STATUS_LOOKS[status]
    return render_to_string("components/tag.html", {"color": color, "icon": icon, "label": Status(status).label})


@register.simple_tag
@cache
def binding_tag(binding: str) -> str:
    if binding == Binding.UNJUDGED:
        label = Binding.UNJUDGED.label
        return render_to_string("components/tag.html", {"color": "neutral", "icon": "circle", "label": label})
    return render_to_string("components/verdict.html", {"verdict": binding})
