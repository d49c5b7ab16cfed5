"""The smallest components as template tags: icons and marks stand in every row of long lists, and must cost nothing.

Registered as built-ins, so that templates need not load them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.context_processors import NavItem

register = template.Library()

STATES = {
    "draft": ("neutral", "pen"),
    "proposed": ("info", "mail"),
    "accepted": ("accent", "check"),
    "signing": ("accent", "signature"),
    "in_force": ("success", "check-circle"),
    "amending": ("success", "pen"),
    "notice_given": ("warning", "clock"),
}
VERDICTS = {
    "function_bound": ("success", "function", "Funktionsbunden"),
    "mixed": ("warning", "half", "Blandad"),
    "person_bound": ("danger", "person", "Personbunden"),
    "unreachable": ("neutral", "unreachable", "Onåbar"),
}
LEVELS = {
    "yes": ("success", "check", "Uppfyller"),
    "partly": ("warning", "half", "Uppfyller delvis"),
    "no": ("danger", "cross", "Uppfyller inte"),
    "pending": ("neutral", "clock", "Bedöms senare"),
}
LEVELS |= {"met": LEVELS["yes"], "not_met": LEVELS["no"]}
"""The words of agreements.lowest_level.Status stand beside the short ones."""


@register.simple_tag
def once(name: str) -> SafeString:
    """A fragment that is the same on every page: it knows nothing of the request, and is rendered once."""
    return render_to_string(name) if settings.DEBUG else _once(name)


@functools.cache
def _once(name: str) -> SafeString:
    return render_to_string(name)


@register.simple_tag
def address(name: str) -> str:
    """The address of a page that needs no arguments: worked out once, unlike that of {% url %}."""
    return _address(name)


@register.simple_tag
def menu(items: Iterable[NavItem]) -> SafeString:
    """The main menu: as many readers see the same one, each is rendered once."""
    return _menu(tuple(items))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of static/img/icons.svg; always beside words, so hidden from assistive technology."""
    return _icon(name)


@register.simple_tag
def tag(label: str, color: str = "neutral", icon: str = "") -> SafeString:
    return _tag(str(label), color, icon)


@register.simple_tag
def state(code: str, label: str) -> SafeString:
    """The state of an agreement version: colour, icon and word."""
    color, symbol = STATES.get(code, ("neutral", "circle"))
    return tag(label, color, symbol)


@register.simple_tag
def verdict(code: str) -> SafeString:
    """The verdict on a contact point or a whole agreement; nothing where there is none."""
    if code not in VERDICTS:
        return SafeString()
    color, symbol, label = VERDICTS[code]
    return tag(label, color, symbol)


@register.simple_tag
def level(met: str) -> SafeString:
    """How a rule of the lowest level is met."""
    color, symbol, label = LEVELS[met]
    return tag(label, color, symbol)


@functools.cache
def _address(name: str) -> str:
    return reverse(name)


@functools.lru_cache(maxsize=64)
def _menu(items: tuple[NavItem, ...]) -> SafeString:
    return render_to_string("_menu.html", {"items": items}) if items else SafeString()


@functools.cache
def _sprite() -> str:
    return static("img/icons.svg")


@functools.lru_cache(maxsize=256, typed=True)
def _icon(name: str) -> SafeString:
    drawing = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return format_html(drawing, _sprite(), name)


@functools.lru_cache(maxsize=1024, typed=True)  # a label marked safe is not the same as one that is not
def _tag(label: str, color: str, symbol: str) -> SafeString:
    picture = _icon(symbol) if symbol else ""
    return format_html('<span class="ds-tag" data-color="{}">{}{}</span>', color, picture, label)
