"""The settings of both ways to run, read by a process of their own."""

import json
import os
import subprocess
import sys

import pytest

ASKED = (
    "import json, django.conf; s = django.conf.settings; "
    "print(json.dumps({n: getattr(s, n) for n in ('DEBUG', 'SECRET_KEY', 'SECURE_SSL_REDIRECT',"
    " 'SESSION_COOKIE_SECURE', 'SECURE_PROXY_SSL_HEADER', 'CELERY_BROKER_URL', 'AXES_LOCKOUT_PARAMETERS')}"
    " | {'engine': s.DATABASES['default']['ENGINE']}))"
)


@pytest.fixture
def read(tmp_path, pytestconfig):
    def settings(**env):
        base = {
            "PATH": os.environ["PATH"],
            "CWR_HOME": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "childwelfare.settings",
        }
        done = subprocess.run(
            [sys.executable, "-c", ASKED], cwd=pytestconfig.rootpath, env=base | env, capture_output=True, text=True
        )
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    return settings


def test_production_demands_a_secret_key(read):
    assert "Set the SECRET_KEY environment variable" in read()


def test_production_demands_its_database(read):
    assert "Set the DATABASE_URL environment variable" in read(SECRET_KEY="x" * 60)


def test_production_is_closed_by_default(read):
    got = read(SECRET_KEY="x" * 60, DATABASE_URL="postgres://a:b@db/c", REDIS_URL="redis://r:6379/0", CWR_PROXIES="1")
    assert (got["DEBUG"], got["SECURE_SSL_REDIRECT"], got["SESSION_COOKIE_SECURE"]) == (False, True, True)
    assert got["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert got["engine"].endswith("postgresql") and got["CELERY_BROKER_URL"] == "redis://r:6379/0"
    assert got["AXES_LOCKOUT_PARAMETERS"] == [["username", "ip_address"]]


def test_the_embedded_mode_makes_its_secret_once_and_for_its_owner_alone(read, tmp_path):
    first, second = read(CWR_EMBEDDED="1"), read(CWR_EMBEDDED="1")
    assert len(first["SECRET_KEY"]) == 64 and first["SECRET_KEY"] == second["SECRET_KEY"]
    assert (tmp_path / "keys" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_the_embedded_mode_leaves_the_servers_of_production_alone(read):
    got = read(CWR_EMBEDDED="1", DATABASE_URL="postgres://a:b@db/c", REDIS_URL="redis://r:6379/0")
    assert got["engine"].endswith("sqlite3") and got["CELERY_BROKER_URL"] == "filesystem://"


def test_no_forwarded_header_is_believed_without_a_proxy(read):
    assert read(SECRET_KEY="x" * 60, DATABASE_URL="postgres://a:b@db/c")["SECURE_PROXY_SSL_HEADER"] is None


@pytest.mark.parametrize(
    "proxies, header, address",
    [(0, "6.6.6.6", "9.9.9.9"), (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"), (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4")],
)
def test_the_address_is_the_one_that_a_trusted_proxy_saw(rf, settings, proxies, header, address):
    from childwelfare.runtime.proxies import client_address

    settings.CWR_PROXIES = proxies
    assert client_address(rf.get("/", REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_FOR=header)) == address
