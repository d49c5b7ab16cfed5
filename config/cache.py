"""A cache that is allowed to be away: a dead Valkey makes pages slower, never broken."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

from config import embedded

log = logging.getLogger(__name__)
PAUSE_AFTER_FAILURE = 2.0  # seconds in which a dead server is not asked again


class ForgivingClient(RedisCacheClient):
    """Answers as an empty cache while the server does not answer."""

    away_until = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.EMBEDDED_VALKEY:
            embedded.start(settings.EMBEDDED)

    def _try(self, call: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < self.away_until:
            return otherwise
        try:
            return call()
        except (RedisError, OSError) as error:
            self.away_until = time.monotonic() + PAUSE_AFTER_FAILURE
            log.warning("The cache does not answer (%s); going on without it", type(error).__name__)
            return otherwise

    def add(self, key: str, value: Any, timeout: int | None) -> Any:
        return self._try(lambda: super(ForgivingClient, self).add(key, value, timeout), False)

    def get(self, key: str, default: Any) -> Any:
        return self._try(lambda: super(ForgivingClient, self).get(key, default), default)

    def set(self, key: str, value: Any, timeout: int | None) -> Any:
        return self._try(lambda: super(ForgivingClient, self).set(key, value, timeout), None)

    def touch(self, key: str, timeout: int | None) -> Any:
        return self._try(lambda: super(ForgivingClient, self).touch(key, timeout), False)

    def delete(self, key: str) -> Any:
        return self._try(lambda: super(ForgivingClient, self).delete(key), False)

    def get_many(self, keys: Any) -> Any:
        return self._try(lambda: super(ForgivingClient, self).get_many(keys), {})

    def has_key(self, key: str) -> Any:
        return self._try(lambda: super(ForgivingClient, self).has_key(key), False)

    def incr(self, key: str, delta: int) -> Any:
        counted = self._try(lambda: super(ForgivingClient, self).incr(key, delta), None)
        if counted is None:
            raise ValueError("The key is not there, or the cache is away")
        return counted

    def set_many(self, data: Any, timeout: int | None) -> Any:
        return self._try(lambda: super(ForgivingClient, self).set_many(data, timeout), None)

    def delete_many(self, keys: Any) -> Any:
        return self._try(lambda: super(ForgivingClient, self).delete_many(keys), None)

    def clear(self) -> Any:
        return self._try(lambda: super(ForgivingClient, self).clear(), False)


class ForgivingCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient


def cache_answers() -> bool:
    """Whether Valkey is really there, without the forgiving."""
    try:
        client = caches["default"]._cache.get_client(None, write=True)  # type: ignore[attr-defined]
        return bool(client.ping())
    except (RedisError, OSError):
        return False
