"""The long rows and the map of the public pages, written here since a template node costs more than what it prints."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from functools import cache
from html import escape
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from nationwide.map import INKS, SPOKEN, Show
from nationwide.public import PublicRow, Share
from nationwide.published import PublicArea
from nationwide.templatetags.national import joined, level_tag, status_tag

register = template.Library()
NOT_IN_SCRIPTS: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@cache
def home() -> str:
    return reverse("public_coverage")


def address(row: PublicRow) -> str:
    return f"{home()}{escape(row.place)}/"


@register.simple_tag
def public_areas(areas: Iterable[PublicArea]) -> SafeString:
    """Every municipality on the map: a link with its name and what it shows."""
    inks = INKS[Show.STATUS.value]
    return joined(
        *(
            f'<a href="{address(area.row)}"><title>{escape(area.row.name)}: {SPOKEN[area.row.status]}</title>'
            f'<path fill="url(#map-{inks[area.row.status]})" d="{escape(area.path)}"></path></a>'
            for area in areas
        )
    )


@register.simple_tag
def public_rows(rows: Iterable[PublicRow], shows_level: bool) -> SafeString:
    """The same municipalities as rows of a table; on a small screen each is a card headed by data-label."""
    return joined(*(public_row(row, shows_level) for row in rows))


def public_row(row: PublicRow, shows_level: bool) -> str:
    tag = level_tag(row.level) if row.level else ""
    level = f'<td data-label="Lägsta nivå">{tag}</td>' if shows_level else ""
    template = f"Version {row.template}" if row.template else ""
    return (
        f'<tr><th scope="row"><a href="{address(row)}">{escape(row.name)}</a></th>'
        f'<td data-label="Status">{status_tag(row.status)}</td>'
        f'<td data-label="Från och med" class="nowrap">{row.start or ""}</td>'
        f'<td data-label="Till och med" class="nowrap">{until(row.last_day, row.is_signed)}</td>'
        f'<td data-label="Nationell mall">{template}</td>{level}'
        f'<td data-label="Län">{escape(row.county_name)}</td></tr>\n'
    )


@register.simple_tag
def until(last_day: datetime.date | None, in_force: bool) -> str:
    if last_day:
        return last_day.isoformat()
    return "Tills vidare" if in_force else ""


@register.simple_tag
def public_bar(shares: Iterable[Share], show: str) -> SafeString:
    """Shares side by side; the numbers stand beside it in words, so it is silent."""
    pieces, start = [], 0.0
    for share in shares:
        length = 100 * share.size / share.of if share.of else 0.0
        ink = INKS[show][share.key]
        if length:
            pieces.append(f'<rect x="{start:.2f}%" width="{length:.2f}%" height="100%" fill="url(#ink-{ink})"></rect>')
        start += length
    return joined('<svg class="share-bar" aria-hidden="true" focusable="false">', *pieces, "</svg>")


@register.simple_tag
def linked_data(facts: Any) -> SafeString:
    """Facts for search engines: a block of data, which no browser runs."""
    text = json.dumps(facts, ensure_ascii=False).translate(NOT_IN_SCRIPTS)
    return SafeString(f'<script type="application/ld+json">{text}</script>')


@register.simple_tag
def status_mark(status: str) -> str:
    return status_tag(status)


@register.simple_tag
def level_mark(level: str) -> str:
    return level_tag(level)
