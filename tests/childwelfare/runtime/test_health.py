"""/healthz says that the process lives, /readyz that pages can be served."""

import pytest
from django.db import OperationalError

from childwelfare.runtime import health
from childwelfare.security.models import KeyProof


def test_healthz_needs_no_database(client):
    answer = client.get("/healthz")  # without the django_db mark any query would fail
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.both
@pytest.mark.django_db
def test_readyz_names_every_check(client, keys):
    answer = client.get("/readyz")
    expected = {"ready": True, "database": "ok", "migrations": "ok", "keys": "ok", "beat": "never seen"}
    assert (answer.status_code, answer.json()) == (200, expected)


@pytest.mark.django_db
def test_readyz_is_503_without_keys(client, settings, tmp_path, keys):
    KeyProof.objects.all().delete()  # else it says that they are not those of the database: test_proofs.py
    settings.CWR_KEYS = tmp_path / "none"
    keys.forget()
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json()["keys"] == "missing in none/"


@pytest.mark.django_db
def test_readyz_is_503_without_the_key_of_the_audit_trail(client, settings, tmp_path, keys):
    """Of an installation that was upgraded without make_keys: nothing could be sealed."""
    settings.CWR_KEYS = tmp_path
    keys.make_keys(tmp_path)
    (tmp_path / "chain-1.key").unlink()
    keys.forget()
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json()["keys"] != "ok"


@pytest.mark.django_db
def test_readyz_is_503_without_a_database(client, monkeypatch, keys):
    def refuse(*_):
        raise OperationalError("connection refused")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json()["database"] == "unreachable"


@pytest.fixture
def keys(settings):
    """The keys of these tests; ``forget`` drops what is held in memory."""
    from childwelfare.security import keys

    keys.make_keys(settings.CWR_KEYS)

    def forget():
        keys.field_keys.cache_clear()
        keys.index_key.cache_clear()
        keys.chain_keys.cache_clear()
        keys.use_none_because_of([])

    keys.forget = forget
    forget()
    yield keys
    forget()
