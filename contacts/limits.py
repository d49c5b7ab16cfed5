"""How often one address may ask for what costs: counted in the cache, and let through while the cache is away."""

from __future__ import annotations

import ipaddress
import logging
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

logger = logging.getLogger(__name__)

HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that one customer shares; within it a new address costs nothing."""


def is_over(what: str, request: HttpRequest, *, most: int, seconds: int) -> bool:
    """Whether the address has asked more often than that in the time; this time is counted."""
    key = f"limit:{what}:{asker(request)}"
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key)) > most
    except ValueError:
        logger.warning("the cache is away: %s is not counted", what)
        return False


def asker(request: HttpRequest) -> str:
    """The address that asks: the one our own proxy saw, never what the asker says of itself."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, HOUSEHOLD), strict=False)) if found.version == 6 else str(found)
