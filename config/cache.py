"""A cache that is allowed to be away: a dead Valkey makes pages slower, never broken."""

from __future__ import annotations

import logging
import time
from typing import Any, cast

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

from config import embedded

log = logging.getLogger(__name__)
PAUSE_AFTER_FAILURE = 2.0  # seconds in which a dead server is not asked again


def forgiving(name: str, otherwise: Any) -> Any:
    """The client's method of that name, answering `otherwise` while the server does not answer."""
    strict = getattr(RedisCacheClient, name)

    def method(client: ForgivingClient, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < client.away_until:
            return otherwise
        try:
            return strict(client, *args, **kwargs)
        except (RedisError, OSError) as error:
            client.away_until = time.monotonic() + PAUSE_AFTER_FAILURE
            log.warning("The cache does not answer (%s); going on without it", type(error).__name__)
            return otherwise

    return method


class ForgivingClient(RedisCacheClient):
    """Answers as an empty cache while the server is away; counting then fails as for an unknown key."""

    away_until = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.EMBEDDED_VALKEY:
            embedded.start(settings.EMBEDDED)

    add = forgiving("add", otherwise=False)
    set = forgiving("set", otherwise=None)
    touch = forgiving("touch", otherwise=False)
    delete = forgiving("delete", otherwise=False)
    get_many = forgiving("get_many", otherwise={})
    has_key = forgiving("has_key", otherwise=False)
    set_many = forgiving("set_many", otherwise=None)
    delete_many = forgiving("delete_many", otherwise=None)
    _get = forgiving("get", otherwise=None)
    _incr = forgiving("incr", otherwise=None)

    def get(self, key: Any, default: Any) -> Any:
        found = self._get(key, default)
        return default if found is None else found

    def incr(self, key: Any, delta: Any) -> Any:
        counted = self._incr(key, delta)
        if counted is None:
            raise ValueError("The key is not there, or the cache is away")
        return counted


class ForgivingCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient

    def clear(self) -> None:
        """Forget what this portal keeps, and nothing of another that uses the same server."""
        client = cast(Any, self)._cache.get_client(None, write=True)
        try:
            for key in client.scan_iter(f"{self.key_prefix}:*", count=1000):
                client.delete(key)
        except (RedisError, OSError) as error:
            log.warning("The cache does not answer (%s); nothing was cleared", type(error).__name__)


def cache_answers() -> bool:
    """Whether Valkey is really there, without the forgiving."""
    try:
        client: ForgivingClient = cast(Any, caches["default"])._cache
        return bool(client.get_client(None, write=True).ping())
    except (RedisError, OSError):
        return False
