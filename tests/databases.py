"""One migrated database, copied for each worker: whoever comes first migrates, the others wait and copy.

Copied with all that is in it: the append-only triggers, the permissions, what migrations write.
"""

import fcntl
import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import router
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.migrations import AlterField, Migration, RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.utils.functional import SimpleLazyObject

TEMPLATE = "cwr_migrated"
# operations that leave every column alone that another table may refer to
ADDING = {
    "CreateModel", "AddField", "AddIndex", "RemoveIndex", "AddConstraint", "RemoveConstraint", "AlterModelOptions",
    "RunPython", "RunSQL",
}  # fmt: skip


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
            with classes_made_when_needed():
                name = migrate(creation, *args, **kwargs)
            keep(creation, name)
            _place("made").touch()
            return name

    BaseDatabaseCreation.create_test_db = create
    try:
        yield
    finally:
        BaseDatabaseCreation.create_test_db = migrate


@contextmanager
def classes_made_when_needed():
    """A migration that only adds makes anew the class of the model it adds to, not those of all models that are joined
    with it however far: here that is every model, hundreds of times. The rest is made anew before a migration's own
    Python asks for it, as Django does itself after a column without a relation, and before a migration of another
    kind, which then goes Django's way."""
    apply, find, run_python = Migration.apply, ProjectState._find_reload_model, RunPython.database_forwards

    def applied(migration, state, *args, **kwargs):
        adding = all(_leaves_relations_alone(operation) for operation in migration.operations)
        if not adding:
            state.clear_delayed_apps_cache()
        ProjectState._find_reload_model = itself if adding else find
        return apply(migration, state, *args, **kwargs)

    def run(operation, app_label, editor, before, _after):
        before.clear_delayed_apps_cache()
        if router.allow_migrate(editor.connection.alias, app_label, **operation.hints):
            operation.code(SimpleLazyObject(lambda: before.apps), editor)  # most ask for no class at all

    def itself(state, app_label, model_name, delay=False):
        state.is_delayed = True
        return {(app_label, model_name.lower())}

    Migration.apply, RunPython.database_forwards = applied, run
    try:
        yield
    finally:
        Migration.apply, ProjectState._find_reload_model = apply, find
        RunPython.database_forwards = run_python


def _leaves_relations_alone(operation: Operation) -> bool:
    """No other table refers to a column that is neither a key nor one of a kind: its new length or choices concern
    its own model alone."""
    if isinstance(operation, AlterField):
        return not (operation.field.is_relation or operation.field.primary_key or operation.field.unique)
    return type(operation).__name__ in ADDING


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
