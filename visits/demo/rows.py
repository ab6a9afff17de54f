"""Writing very many rows at once. Building model objects and compiling each value is most of the time bulk_create
takes; here a row is a plain object with the model's column attributes, and ``defaults`` fill in the others."""

import json
from types import SimpleNamespace

from django.db import connection, models


def row(**values) -> SimpleNamespace:
    """One row to be; foreign keys by their ``…_id``."""
    return SimpleNamespace(**values)


def insert(model: type[models.Model], rows: list) -> None:
    """INSERT ``rows`` into the table of ``model`` as they stand: no signals, no save()."""
    if not rows:
        return
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    getters = [(field.attname, _converter(field), field.get_default()) for field in fields]
    values = [
        tuple(
            convert(value) if convert and value is not None else value
            for value, convert in ((vars(each).get(name, default), convert) for name, convert, default in getters)
        )
        for each in rows
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_values

            execute_values(cursor.cursor, f"INSERT INTO {table} ({columns}) VALUES %s", values, page_size=1000)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def _converter(field):
    """How a value lies in the database; None where as Python holds it."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    if isinstance(target, models.UUIDField):
        return str if connection.vendor == "postgresql" else lambda value: value.hex
    if connection.vendor == "sqlite" and isinstance(target, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if connection.vendor == "sqlite" and isinstance(target, models.DateField):
        return str
    return None
