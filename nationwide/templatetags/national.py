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

from nationwide.changes import Change
from nationwide.counting import Criteria, Line, Number
from nationwide.level import RuleCount
from nationwide.map import INKS, Area, Show, bar
from nationwide.rules import Binding, Level, Row, Status
from nationwide.templates import Asked
from nationwide.trend import POPULATION, Point
from nationwide.trend import Line as Curve

register = template.Library()

STATUS_LOOKS = {
    Status.SIGNED.value: ("success", "check-circle"),
    Status.IN_WORK.value: ("info", "pen"),
    Status.EXPIRED.value: ("danger", "clock"),
    Status.NONE.value: ("neutral", "circle"),
}
FIRST_OF_GROUP = frozenset({Status.SIGNED.value, Binding.FUNCTION_BOUND.value, Level.MET.value})
PLACEHOLDER = 987654321
MARKS = {
    "good": "M-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0",
    "part": "M-2.5-2.5H2.5V2.5H-2.5Z",
    "bad": "M-3 2.5 0-3 3 2.5Z",
    "gone": "M0-3.2 3.2 0 0 3.2-3.2 0Z",
    "faint": "M-3-2.5 0 3 3-2.5Z",
    "blank": "M-3-1H3V1H-3Z",
}


@register.simple_tag
def list_address(criteria: Criteria, day: datetime.date | None) -> str:
    """The list behind a number: the same criteria, the same day."""
    return address("municipality_list", criteria.query(day))


@register.simple_tag
def part_address(
    criteria: Criteria, day: datetime.date | None, show: str = "", mot: datetime.date | None = None
) -> str:
    """The dashboard of a part of the country. mot: the day it is compared with, when that was asked for."""
    shown = f"show={show}" if show and show != Show.STATUS else ""
    return address("dashboard", "&".join(filter(None, [criteria.query(day), f"mot={mot}" if mot else "", shown])))


@register.simple_tag
def picture_address(name: str, criteria: Criteria, day: datetime.date | None, show: str) -> str:
    """The map that is shown, as a file."""
    return address(name, "&".join(filter(None, [criteria.query(day), f"show={show}"])))


@register.simple_tag
def days_address(
    name: str, criteria: Criteria, day: datetime.date | None, mot: datetime.date | None = None, mark: str = ""
) -> str:
    """A page or file about two days. mark: the place on the page."""
    asked = "&".join(filter(None, [criteria.query(day), f"mot={mot}" if mot else ""]))
    return f"{address(name, asked)}{f'#{mark}' if mark else ''}"


@register.filter
def signed(change: int) -> str:
    """A change with its sign, in figures that are read aloud: "+3", "−2", "±0"."""
    if change == 0:
        return "±0"
    return f"+{change}" if change > 0 else f"−{-change}"


@register.simple_tag
def level_address(criteria: Criteria, day: datetime.date | None) -> str:
    """The page about the lowest level in a part of the country."""
    return address("national_level", criteria.query(day))


@register.simple_tag
def asked_query(asked: Asked, day: datetime.date | None) -> SafeString:
    """The query of a list about the template; keys and numbers, which need no escaping."""
    return SafeString(asked.query(day).replace("&", "&amp;"))


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
def breakdown_rows(
    lines: list[Line], day: datetime.date | None, show: str, wide: bool, mot: datetime.date | None = None
) -> SafeString:
    """A row for each county, region or group; every number is a link to its list.

    Beside the map there is room for one measure of the agreements in force: the one that the map shows.
    """
    measures = ("binding", "level") if wide else ("level",) if show == Show.LEVEL else ("binding",)
    return joined(*(breakdown_row(line, day, show, measures, mot) for line in lines))


def breakdown_row(
    line: Line, day: datetime.date | None, show: str, measures: Iterable[str], mot: datetime.date | None
) -> str:
    shares = {Show.BINDING.value: line.bindings, Show.LEVEL.value: line.levels}.get(show, line.statuses)
    cells = "".join(number_cell(number, day) for number in (line.whole, *line.cells(measures)))
    place = escape(part_address(line.criteria, day, show, mot))
    bar_of = show if show in (Show.BINDING, Show.LEVEL) else Show.STATUS.value
    name = f'<a href="{place}">{escape(line.label)}</a>{share_bar(shares, bar_of)}'
    return f'<tr><th scope="row">{name}</th>{cells}</tr>\n'


@register.simple_tag
def level_rows(lines: list[Line], day: datetime.date | None) -> SafeString:
    """A row for each county, region or group on the page about the lowest level."""
    return joined(*(level_row(line, day) for line in lines))


def level_row(line: Line, day: datetime.date | None) -> str:
    signed = line.statuses[0]
    cells = "".join(number_cell(number, day) for number in (signed, *judged_at(line)))
    name = f'<a href="{escape(level_address(line.criteria, day))}">{escape(line.label)}</a>'
    return f'<tr><th scope="row">{name}{share_bar(line.levels, Show.LEVEL.value)}</th>{cells}</tr>\n'


@register.simple_tag
def level_rule_rows(rules: list[RuleCount], day: datetime.date | None) -> SafeString:
    """A row for each rule: how many meet it, and how many are short of it."""
    return joined(*(level_rule_row(line, day) for line in rules))


def level_rule_row(line: RuleCount, day: datetime.date | None) -> str:
    name = f"{line.rule} {escape(line.title)}{share_bar([line.meets, line.short], Show.LEVEL.value)}"
    cells = f"{number_cell(line.meets, day)}{number_cell(line.short, day)}"
    return f'<tr><th scope="row">{name}</th><td>{line.weight}</td>{cells}</tr>\n'


@register.simple_tag
def trend_address(criteria: Criteria, day: datetime.date | None, measure: str) -> str:
    """A measure over time in a part of the country."""
    return address("over_time", "&".join(filter(None, [criteria.query(day), f"matt={measure}"])))


@register.simple_tag
def trend_rows(points: list[Point], today: datetime.date, judged: bool = True) -> SafeString:
    """A row for each quarter; every number leads to its list on that day. judged: it is said of those in force."""
    return joined(*(trend_row(point, None if point.day == today else point.day, judged) for point in points))


def trend_row(point: Point, day: datetime.date | None, judged: bool) -> str:
    criteria = without_judgement(point.numbers[0].criteria)
    signed = [Number("signed-then", "Gällande", point.signed, point.signed, criteria)] if judged else []
    cells = "".join(number_cell(number, day) for number in (*signed, *point.numbers))
    return f'<tr><th scope="row" class="nowrap">{point.day}</th>{cells}</tr>\n'


def without_judgement(criteria: Criteria) -> Criteria:
    return criteria._replace(binding="", level="", expiry="", confirmation="", edition="")


@register.simple_tag
def trend_marks(line: Curve) -> SafeString:
    """The marks of a curve's points."""
    return joined(*(trend_mark(line.ink, x, y) for x, y in line.marks))


@register.simple_tag
def trend_mark(ink: str, x: str, y: str) -> SafeString:
    """A mark with a form of its own, so that no curve is told by its colour alone."""
    return SafeString(f'<path d="{MARKS[ink]}" transform="translate({x} {y})"></path>')


def judged_at(line: Line) -> Iterable[Number]:
    return (number for number in line.levels if number.key != Level.UNJUDGED)


def number_cell(number: Number, day: datetime.date | None) -> str:
    place = "number breakdown__first" if number.key in FIRST_OF_GROUP else "number"
    weight = "" if number.size else ' class="zero"'
    unit = " %" if number.key == POPULATION else ""
    href = escape(list_address(number.criteria, day))
    return f'<td class="{place}"><a{weight} href="{href}">{number.size}{unit}</a></td>'


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
        f'<td data-label="Lägsta nivå">{level_link(row)}</td>'
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
    judged = (row.binding_label, row.level_label, row.confirmation_label, f"{row.template}, {row.edition_label}")
    cells = "".join(f"<td>{cell}</td>" for cell in (judged if row.is_signed else ("",) * len(judged)))
    name, county = escape(row.name), escape(row.county_name)
    return (
        f'<tr><th scope="row"><a href="{place}">{name}</a></th><td>{county}</td>'
        f'<td>{row.status_label}</td>{cells}<td class="nowrap">{until(row)}</td></tr>\n'
    )


@register.simple_tag
def change_rows(changes: Iterable[Change]) -> SafeString:
    """A row for each municipality that has changed; each standing leads to the agreement behind it."""
    return joined(*(change_row(change) for change in changes))


def change_row(change: Change) -> str:
    row = change.row
    before, after = standing(change.before, change.version_before), standing(change.after, change.version_after)
    return (
        f'<tr><th scope="row"><a href="{path_to("organisation")(row.organisation)}">{escape(row.name)}</a></th>'
        f"<td>{before}</td><td>{after}</td><td>{escape(row.county_name)}</td></tr>\n"
    )


def standing(words: str, version: int | None) -> str:
    return f'<a href="{path_to("agreement")(version)}">{escape(words)}</a>' if version else escape(words)


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


def level_link(row: Row) -> str:
    """The level, as a way to the agreement's page about it; nothing without an agreement in force."""
    if not row.is_signed or row.version is None:
        return ""
    words = f'<span class="ds-sr-only"> lägsta nivå för {escape(row.name)}</span>'
    return f'<a class="tag-link" href="{path_to("agreement_level")(row.version)}">{level_tag(row.level)}{words}</a>'


@cache
def level_tag(level: str) -> str:
    if level == Level.UNJUDGED:
        label = Level.UNJUDGED.label
        return render_to_string("components/tag.html", {"color": "neutral", "icon": "circle", "label": label})
    return render_to_string("components/level.html", {"met": level})
