"""A broker that is down or hangs never holds a page: what was to be published is found again by the sweeper."""

import socket
import time

import pytest
from celery import Celery
from kombu.exceptions import OperationalError


@pytest.fixture
def publish(settings):
    """``publish(port)`` → the seconds that it took to fail against a Redis at ``port``, with the product's settings."""

    def seconds(port: int) -> float:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
        app = Celery("probe", set_as_current=False)
        app.config_from_object("django.conf:settings", namespace="CELERY")
        start = time.monotonic()
        with pytest.raises(OperationalError):
            app.send_task("nothing")
        return time.monotonic() - start

    return seconds


def test_a_broker_that_is_down_is_noticed_at_once(publish):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert publish(port) < 5  # 6 where the connection itself retries, 0 where it doesn't


def test_a_broker_that_hangs_is_left_within_seconds(publish):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(5)
        assert publish(silent.getsockname()[1]) < 3
