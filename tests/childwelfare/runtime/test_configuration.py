"""docs/configuration.md and .env.example name exactly the variables that are read."""

import re

import pytest

# read by the launcher's children and the tests alone, never set by hand
INNER = {"CWR_LAUNCHER"}


@pytest.fixture(scope="module")
def text(pytestconfig):
    return lambda name: (pytestconfig.rootpath / name).read_text()


@pytest.fixture(scope="module")
def read(text):
    by_settings = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", text("childwelfare/settings.py")))
    by_compose = set(re.findall(r"\$\{([A-Z_]+)", text("docker-compose.yml")))
    assert "SECRET_KEY" in by_settings and "SITE_HOST" in by_compose
    return by_settings | by_compose


def test_the_page_names_every_variable_and_no_other(text, read):
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", text("docs/configuration.md"), re.M)) == read


def test_the_example_names_every_variable_and_no_other(text, read):
    assert set(re.findall(r"^#?([A-Z_]+)=", text(".env.example"), re.M)) == read


def test_the_example_holds_no_secret(text):
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert re.search(rf"^{name}=$", text(".env.example"), re.M), name


def test_no_variable_is_read_elsewhere_unnoticed(pytestconfig, read):
    for app in ("childwelfare", "orgs", "registry", "visits", "reports"):
        for path in (pytestconfig.rootpath / app).rglob("*.py"):
            names = re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", path.read_text())
            of_requests = {name for name in names if name.startswith("HTTP_")}  # the environ of WSGI
            assert set(names) - of_requests <= read | INNER, path
