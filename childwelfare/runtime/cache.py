"""Redis as a cache that may fail: what is kept there only saves time or counts tries, so no page depends on it."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)
_rests_until: dict[tuple[str, ...], float] = {}  # of this process, for each list of servers: its threads share it
REST = 5.0  # seconds in which a Redis that failed isn't asked again: one that hangs would hold each page anew
OPTIONS = {
    "socket_connect_timeout": 0.25,  # seconds
    "socket_timeout": 0.25,
    "retry": Retry(NoBackoff(), 0),
}


class ForgetfulClient(RedisCacheClient):
    """Where Redis does not answer, it is as if nothing were kept: reading finds nothing, writing keeps nothing."""

    def get(self, key: Any, default: Any) -> Any:
        return self._or(default, super().get, key, default)

    def get_many(self, keys: Any) -> dict:
        return self._or({}, super().get_many, keys)

    def has_key(self, key: Any) -> bool:
        return self._or(False, super().has_key, key)

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return self._or(True, super().add, key, value, timeout)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._or(None, super().set, key, value, timeout)

    def set_many(self, data: Any, timeout: Any) -> None:
        self._or(None, super().set_many, data, timeout)

    def touch(self, key: Any, timeout: Any) -> bool:
        return self._or(False, super().touch, key, timeout)

    def delete(self, key: Any) -> bool:
        return self._or(False, super().delete, key)

    def delete_many(self, keys: Any) -> None:
        self._or(None, super().delete_many, keys)

    def clear(self) -> bool:
        return self._or(False, super().clear)

    def incr(self, key: Any, delta: Any) -> int:
        found = self._or(None, super().incr, key, delta)
        if found is None:
            raise ValueError(f"Key '{key}' not found.")  # as Django says of one that isn't there
        return found

    def _or(self, nothing: Any, ask: Callable[..., Any], *args: Any) -> Any:
        servers = tuple(self._servers)  # type: ignore[attr-defined]  # the stubs leave it out
        if time.monotonic() < _rests_until.get(servers, 0):
            return nothing
        try:
            return ask(*args)
        except (RedisError, OSError) as error:
            _rests_until[servers] = time.monotonic() + REST
            log.warning("no cache for %s seconds: %s", REST, error)
            return nothing


class ForgetfulRedisCache(RedisCache):
    """Django's, with a client that raises nothing when Redis is down or hangs."""

    def __init__(self, server: str, params: dict) -> None:
        super().__init__(server, params | {"OPTIONS": OPTIONS | params.get("OPTIONS", {})})
        self._class = ForgetfulClient
