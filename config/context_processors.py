"""What the frame of every page needs: the main navigation and the chosen appearance."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from contacts.access import Permission, reach_of

COLOUR_SCHEMES = frozenset({"light", "dark"})
COLOUR_SCHEME_COOKIE = "utseende"


@dataclass(frozen=True)
class NavItem:
    text: str
    address: str
    current: str
    """Value of aria-current: "page" on the very page, "true" on pages below it, else empty."""


def frame(request: HttpRequest) -> dict[str, object]:
    """`nav` is worked out only when a template asks for it, so fragments do not pay for it."""
    chosen = request.COOKIES.get(COLOUR_SCHEME_COOKIE, "")
    return {
        "nav": SimpleLazyObject(lambda: list(_navigation(request))),
        "color_scheme": chosen if chosen in COLOUR_SCHEMES else "auto",
    }


def _navigation(request: HttpRequest) -> Iterator[NavItem]:
    """The doors this user may go through; no query beyond the user's reach, which is read once a request."""
    if not hasattr(request, "user") or not request.user.is_authenticated:  # errors come before the user
        return
    places = [
        ("Mitt arbete", "my_work"),
        ("Min organisation", "my_organisation"),
        ("Överenskommelser", "agreement_list"),
    ]
    if reach_of(request.user).nationally(Permission.READ_NATION):
        places.append(("Nationellt", "dashboard"))
    for text, name in places:
        address = _address(name)
        yield NavItem(text, address, _current(address, request.path))


@functools.cache
def _address(name: str) -> str:
    return reverse(name)


def _current(address: str, path: str) -> str:
    if path == address:
        return "page"
    return "true" if address != "/" and path.startswith(address) else ""
