"""Writing very many rows at once. Building model objects and compiling each value is most of the time bulk_create
takes; here a row is a plain object with the model's column attributes, the others have their defaults, and values are
made ready column by column. Rows of models with sealed fields are instances of them."""

from datetime import UTC, datetime
from functools import cache
from json import JSONEncoder
from types import SimpleNamespace

from django.db import connection, models

from childwelfare.security.fields import BlindIndexField, EncryptedTextField

as_json = JSONEncoder(ensure_ascii=False).encode


def row(**values) -> SimpleNamespace:
    """One row to be; foreign keys by their ``…_id``."""
    return SimpleNamespace(**values)


def insert(model: type[models.Model], rows: list) -> None:
    """INSERT ``rows`` into the table of ``model`` as they stand: no signals, no save()."""
    if not rows:
        return
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    columns = ", ".join(connection.ops.quote_name(field.column or "") for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    held = [vars(each) for each in rows]
    values = list(zip(*(_column(field, rows, held) for field in fields), strict=True))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_values

            execute_values(cursor.cursor, f"INSERT INTO {table} ({columns}) VALUES %s", values, page_size=1000)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def _column(field, rows: list, held: list[dict]) -> list:
    """The values of one column as they lie in the database; ``held``: the attributes of ``rows``."""
    if isinstance(field, EncryptedTextField | BlindIndexField):
        values = [field.pre_save(each, True) for each in rows]
    else:
        name, default = field.attname, field.get_default()
        values = [values.get(name, default) for values in held]
    convert = _converter(field)
    return [None if value is None else convert(value) for value in values] if convert else values


def _converter(field):
    """How a value lies in the database; None where as Python holds it."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, EncryptedTextField):
        return lambda sealed: sealed.raw
    if isinstance(target, models.JSONField):
        return as_json
    if isinstance(target, models.UUIDField):
        return str if connection.vendor == "postgresql" else lambda value: value.hex
    if connection.vendor == "sqlite" and isinstance(target, models.DateTimeField):
        return _utc
    if connection.vendor == "sqlite" and isinstance(target, models.DateField):
        return cache(str)
    return None


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
