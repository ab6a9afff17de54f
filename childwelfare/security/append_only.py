"""Tables to which rows are only ever added: the database itself refuses UPDATE and DELETE, on both engines.

A model says ``append_only = True``. The triggers are installed after every migrate, because SQLite's
table rebuild drops them silently, and a system check counts them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connections, transaction

GATE = "append_only_gate"


def guarded_tables() -> list[str]:
    """Names of all tables whose model is marked ``append_only``."""
    return sorted(m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False))


def trigger_names(table: str, vendor: str) -> list[str]:
    kinds = ("upd", "del", "ins") if vendor == "sqlite" else ("row", "trn")
    return [f"{table}_only_{kind}" for kind in kinds]


def install_guards(using: str = "default", **_signal: Any) -> None:
    """Install the gate and the triggers of every guarded table that exists. Idempotent."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    build = _sqlite_guard if connection.vendor == "sqlite" else _postgres_guard
    statements = list(_gate(connection.vendor))
    for table in guarded_tables():
        if table in existing:
            statements += build(table)
    with transaction.atomic(using), connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def missing_guards(using: str = "default") -> list[str]:
    """Triggers that should stand in the database and do not."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        found = {name for (name,) in cursor.fetchall()}
        existing = set(connection.introspection.table_names(cursor))
    return [
        name
        for table in guarded_tables()
        if table in existing
        for name in trigger_names(table, connection.vendor)
        if name not in found
    ]


@contextmanager
def gate_open(using: str = "default") -> Iterator[None]:
    """Let rows of guarded tables be deleted: for tests that flush, and for retention by law. One transaction.

    Any database role may open the gate on SQLite; in production the web role has no DELETE on these tables.
    """
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {GATE} SET open = 1")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {GATE} SET open = 0")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.retention', 'on', false)")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.retention', '', false)")


def _gate(vendor: str) -> Iterator[str]:
    if vendor == "sqlite":
        yield f"CREATE TABLE IF NOT EXISTS {GATE} (open INTEGER NOT NULL)"
        yield f"INSERT INTO {GATE} SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM {GATE})"
        return
    yield """
        CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('app.retention', true) = 'on' THEN
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NULL;
            END IF;
            RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$"""


def _sqlite_guard(table: str) -> list[str]:
    update, delete, insert = trigger_names(table, "sqlite")
    refuse = f"SELECT RAISE(ABORT, 'append-only: {table}')"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {update} BEFORE UPDATE ON {table} BEGIN {refuse}; END",
        f"CREATE TRIGGER IF NOT EXISTS {delete} BEFORE DELETE ON {table} "
        f"WHEN (SELECT open FROM {GATE}) = 0 BEGIN {refuse}; END",
        # stops REPLACE and upsert, which would rewrite a row without firing the two above
        f"CREATE TRIGGER IF NOT EXISTS {insert} BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN {refuse}; END",
    ]


def _postgres_guard(table: str) -> list[str]:
    row, truncate = trigger_names(table, "postgresql")
    return [
        f'DROP TRIGGER IF EXISTS {row} ON "{table}"',
        f'CREATE TRIGGER {row} BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION append_only_refuse()',
        f'DROP TRIGGER IF EXISTS {truncate} ON "{table}"',
        f'CREATE TRIGGER {truncate} BEFORE TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse()",
    ]
