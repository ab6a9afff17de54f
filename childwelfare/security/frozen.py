"""Rows that stay as they are once they have come to a state: the database refuses to alter them, on both engines.

A model says ``frozen_in = "published"``, of its column ``state``, and ``frozen_columns``. The triggers are installed
after every migrate, as those of append-only tables are and for the same reason.
"""

from typing import Any

from django.apps import apps
from django.db import connections, models, transaction


def frozen_models() -> list[type[models.Model]]:
    """All models that freeze their rows."""
    return [model for model in apps.get_models() if getattr(model, "frozen_in", "")]


def install_freezes(using: str = "default", **_signal: Any) -> None:
    """Install the trigger of every such table that exists. Idempotent."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    statements: list[str] = []
    for model in frozen_models():
        if model._meta.db_table in existing:
            statements += _freeze(model, connection.vendor)
    with transaction.atomic(using), connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def _freeze(model: Any, vendor: str) -> list[str]:
    table, state = model._meta.db_table, model.frozen_in
    columns = [model._meta.get_field(name).column for name in model.frozen_columns]
    name, text = f"{table}_frozen", f"frozen: {table}"
    if vendor == "sqlite":
        altered = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
        return [
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE UPDATE ON {table} "
            f"WHEN OLD.state = '{state}' AND ({altered}) BEGIN SELECT RAISE(ABORT, '{text}'); END"
        ]
    altered = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    return [
        f"""
        CREATE OR REPLACE FUNCTION {name}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{text}' USING ERRCODE = 'restrict_violation'; END $$""",
        f'DROP TRIGGER IF EXISTS {name} ON "{table}"',
        f'CREATE TRIGGER {name} BEFORE UPDATE ON "{table}" FOR EACH ROW '
        f"WHEN (OLD.state = '{state}' AND ({altered})) EXECUTE FUNCTION {name}_refuse()",
    ]
