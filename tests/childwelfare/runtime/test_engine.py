"""The tests run on the engine that they are meant for; an environment set too late would go unnoticed."""

import os

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.both
@pytest.mark.django_db
def test_the_engine_is_the_one_of_this_round():
    embedded = os.environ.get("CWR_EMBEDDED") == "1"
    assert settings.CWR_EMBEDDED is embedded
    assert connection.vendor == ("sqlite" if embedded else "postgresql")


@pytest.mark.both
def test_no_request_holds_a_transaction_and_sqlite_begins_with_the_write_lock():
    database = settings.DATABASES["default"]
    assert not database.get("ATOMIC_REQUESTS")
    if connection.vendor == "sqlite":
        assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE" and database["OPTIONS"]["timeout"] == 20


@pytest.mark.both
def test_the_state_of_the_tests_is_not_that_of_the_product(pytestconfig):
    assert not settings.CWR_HOME.is_relative_to(pytestconfig.rootpath)


def test_redis_is_real_and_empty_of_others():
    import redis

    assert redis.from_url(settings.REDIS_URL).ping()
