"""A database of an earlier version is refused: its migrations bear the names of ours, its tables are others."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from childwelfare.management.commands import prepare
from childwelfare.runtime import tables
from childwelfare.runtime.tables import table_differences

pytestmark = [pytest.mark.both, pytest.mark.django_db]

OTHER_TABLES = [
    ("ALTER TABLE reports_figure RENAME COLUMN as_of TO seal", "reports_figure.seal (unknown)"),
    ("ALTER TABLE reports_figure DROP COLUMN as_of", "reports_figure.as_of"),
    ("ALTER TABLE reports_figure RENAME TO reports_number", "reports_figure"),
]


@pytest.fixture(autouse=True)
def _looks_again():
    """What a process found before says nothing about the tables of this test."""
    tables.check_tables.cache_clear()
    yield
    tables.check_tables.cache_clear()


def change(sql: str):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_our_own_tables_fit():
    assert table_differences(apps) == []


@pytest.mark.parametrize("sql, difference", OTHER_TABLES)
def test_pages_are_not_ready_on_other_tables(client, sql, difference):
    change(sql)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"].startswith("tables differ: ") and difference in answer.json()["migrations"]


@pytest.mark.parametrize("embedded, advice", [(True, "移到别处或删除"), (False, "DATABASE_URL")])
@pytest.mark.parametrize("sql, difference", OTHER_TABLES)
def test_migrate_refuses_other_tables_and_says_what_to_do(settings, embedded, advice, sql, difference):
    settings.CWR_EMBEDDED = embedded
    change(sql)
    with pytest.raises(CommandError) as refusal:
        call_command("migrate", verbosity=0, interactive=False)
    where = str(settings.CWR_HOME) if embedded else connection.settings_dict["NAME"]
    for words in ("较早的版本", where, advice, difference):
        assert words in str(refusal.value)


def test_prepare_refuses_before_it_writes(monkeypatch):
    monkeypatch.setattr(prepare, "switch_to_wal", lambda _: None)  # a database in memory has no log
    change("ALTER TABLE reports_figure DROP COLUMN as_of")
    units = apps.get_model("orgs", "OrgUnit").objects
    assert not units.exists()
    with pytest.raises(CommandError, match="较早的版本"):
        call_command("prepare", children=0, stdout=StringIO())
    assert not units.exists()


def test_a_column_that_the_next_version_adds_does_not_stop_this_one():
    change("ALTER TABLE reports_figure ADD COLUMN words varchar(9)")
    assert table_differences(apps) == []


def test_a_process_whose_tables_fit_does_not_ask_again(django_assert_num_queries):
    with django_assert_num_queries(1):
        tables.check_tables()
    with django_assert_num_queries(0):
        tables.check_tables()


def test_tables_are_looked_at_again_until_they_fit(client):
    change("ALTER TABLE reports_figure RENAME COLUMN as_of TO seal")
    assert client.get("/readyz").status_code == 503
    change("ALTER TABLE reports_figure RENAME COLUMN seal TO as_of")
    assert "tables" not in client.get("/readyz").json()["migrations"]
