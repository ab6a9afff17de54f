"""A Redis that is down or hangs costs a moment, never an answer: neither phones nor signing in depend on it."""

import socket
import time

import pytest
from django.core.cache import caches

from childwelfare.runtime.cache import ForgetfulRedisCache
from tests.builders import sign_in
from tests.fixtures import *  # noqa: F403


@pytest.fixture(params=["down", "hanging"])
def lost_redis(request, monkeypatch):
    """The cache of the product, with nobody (or somebody silent) at its address."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if request.param == "hanging":
            silent.listen(5)
        cache = ForgetfulRedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})
        monkeypatch.setattr(caches._connections, "default", cache, raising=False)
        yield cache


def test_it_is_as_if_nothing_were_kept(lost_redis):
    start = time.monotonic()
    lost_redis.set("a", 1)
    assert (lost_redis.get("a", 7), lost_redis.get_many(["a"]), lost_redis.add("a", 1)) == (7, {}, True)
    assert not lost_redis.has_key("a") and not lost_redis.delete("a") and not lost_redis.touch("a")
    with pytest.raises(ValueError, match="not found"):
        lost_redis.incr("a")
    assert time.monotonic() - start < 1, "asked once, then left alone for some seconds"


@pytest.mark.django_db
def test_phones_and_signing_in_go_on(lost_redis, client, post):
    start = time.monotonic()
    token = client.post("/api/v1/auth/token/", {"username": post.person.username, "password": "wrong"})
    sign_in(client, post)
    phone = client.get("/api/v1/sync/?device=2c1f2a52-7a31-4a40-9d36-0a4d4f8f0c11")
    assert (token.status_code, phone.status_code) == (401, 200), (token.content, phone.content)
    assert time.monotonic() - start < 2
