"""Writing very many records at once: bulk_create compiles each value anew, which is most of its time here."""

from django.db import connection, models

# stored as Python holds them, on both engines
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


def insert(records: list[models.Model]) -> None:
    """INSERT ``records``, all of one model, as they stand: no signals, no defaults of the database."""
    if not records:
        return
    fields = [f for f in type(records[0])._meta.concrete_fields if not isinstance(f, models.AutoField)]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(type(records[0])._meta.db_table)
    names = [(field.attname, _converter(field)) for field in fields]
    rows = [
        tuple(convert(getattr(r, name)) if convert else getattr(r, name) for name, convert in names) for r in records
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_values

            execute_values(cursor.cursor, f"INSERT INTO {table} ({columns}) VALUES %s", rows, page_size=1000)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _converter(field):
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, PLAIN) and not isinstance(target, models.UUIDField):
        return None
    if isinstance(target, models.AutoField):
        return None
    return lambda value: target.get_db_prep_save(value, connection)
