"""Addresses, inks and tags of the national pages."""

from __future__ import annotations

import datetime
from functools import cache

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nationwide.map import INKS, Show, bar
from nationwide.rules import Binding, Criteria, Number, Status

register = template.Library()

STATUS_LOOKS = {
    Status.SIGNED.value: ("success", "check-circle"),
    Status.IN_WORK.value: ("info", "pen"),
    Status.EXPIRED.value: ("danger", "clock"),
    Status.NONE.value: ("neutral", "circle"),
}


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
    return f"{reverse(name)}?{query}" if query else reverse(name)


@register.filter
def ink(key: str, show: str) -> str:
    return INKS[show][key]


@register.simple_tag
def share_bar(numbers: list[Number], show: str) -> SafeString:
    """Shares side by side. The numbers stand beside it in words, so it is silent."""
    piece = '<rect x="{}" width="{}" height="100%" fill="url(#ink-{})"></rect>'
    pieces = format_html_join("", piece, ((s.start, s.length, s.ink) for s in bar(numbers, show)))
    return format_html('<svg class="share-bar" aria-hidden="true" focusable="false">{}</svg>', pieces)


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
