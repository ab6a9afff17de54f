"""One migrated database, copied for each worker: whoever comes first migrates, the others wait and copy.

Copied with all that is in it: the append-only triggers, the permissions, what migrations write.
"""

import fcntl
import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db.backends.base.creation import BaseDatabaseCreation

TEMPLATE = "cwr_migrated"


@contextmanager
def migrated_once():
    """Within it, a test database is a copy of the one that was migrated first."""
    migrate = BaseDatabaseCreation.create_test_db

    def create(creation, *args, **kwargs):
        copy = _copy_sqlite if creation.connection.vendor == "sqlite" else _copy_postgres
        keep = _keep_sqlite if creation.connection.vendor == "sqlite" else _keep_postgres
        with open(_place("lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _place("made").exists():
                return copy(creation)
            name = migrate(creation, *args, **kwargs)
            keep(creation, name)
            _place("made").touch()
            return name

    BaseDatabaseCreation.create_test_db = create
    try:
        yield
    finally:
        BaseDatabaseCreation.create_test_db = migrate


def _place(what: str) -> Path:
    """In the folder of this run, which all its workers share."""
    return Path(os.environ["CWR_HOME"], f"{TEMPLATE}.{what}")


def _keep_postgres(creation, name: str):
    creation.connection.close()  # nobody may be in what is copied
    with creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{TEMPLATE}"')
        cursor.execute(f'CREATE DATABASE "{TEMPLATE}" TEMPLATE "{name}"')


def _copy_postgres(creation) -> str:
    name = creation._get_test_db_name()
    with creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    return _enter(creation, name)


def _keep_sqlite(creation, _name: str):
    creation.connection.ensure_connection()
    with sqlite3.connect(_place("sqlite3")) as kept:
        creation.connection.connection.backup(kept)
    kept.close()


def _copy_sqlite(creation) -> str:
    name = _enter(creation, creation._get_test_db_name())
    kept = sqlite3.connect(_place("sqlite3"))
    kept.backup(creation.connection.connection)
    kept.close()
    return name


def _enter(creation, name: str) -> str:
    connection = creation.connection
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    return name
