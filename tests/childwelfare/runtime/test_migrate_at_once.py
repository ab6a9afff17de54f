"""Two that migrate one database at once: the second waits for the first."""

import threading

import pytest
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection, connections

from childwelfare.management.commands.migrate import one_at_a_time


@pytest.mark.django_db(transaction=True)
def test_the_second_waits_for_the_first(monkeypatch):
    begun = threading.Event()
    monkeypatch.setattr(migrate.Command, "handle", lambda *_args, **_options: begun.set())

    def second():
        call_command("migrate", verbosity=0)
        connections.close_all()

    other = threading.Thread(target=second)
    with one_at_a_time(connection):
        other.start()
        assert not begun.wait(0.5)
    assert begun.wait(10)
    other.join()


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_fails_lets_the_next_begin(monkeypatch):
    with pytest.raises(ZeroDivisionError), one_at_a_time(connection):
        raise ZeroDivisionError
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)
