"""Does the database hold the tables that the code expects? What was applied by name alone does not say so.

The migrations were begun anew once, under names that an earlier version of this project had used as well. Django goes
by the names: it takes such a database for complete, and the first page that asks for a new column answers 500.
"""

from functools import cache
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections

# each with a third column: whether an INSERT that does not name the column fails
POSTGRESQL_COLUMNS = """
    SELECT relation.relname, attribute.attname,
           attribute.attnotnull AND NOT attribute.atthasdef AND attribute.attidentity = ''
    FROM pg_attribute attribute JOIN pg_class relation ON relation.oid = attribute.attrelid
    WHERE relation.relkind IN ('r', 'p', 'v') AND pg_table_is_visible(relation.oid)
      AND attribute.attnum > 0 AND NOT attribute.attisdropped"""
SQLITE_COLUMNS = """
    SELECT relation.name, attribute.name,
           attribute."notnull" AND attribute.dflt_value IS NULL AND attribute.pk = 0 AND attribute.hidden = 0
    FROM sqlite_master relation, pragma_table_xinfo(relation.name) attribute
    WHERE relation.type IN ('table', 'view')"""


class TablesDiffer(Exception):
    """The database lacks what the code reads or writes; ``differences`` names each table or column."""

    def __init__(self, differences: list[str]):
        super().__init__(", ".join(differences))
        self.differences = differences

    @property
    def brief(self) -> str:
        """The first three, and how many there are: a database of another version may differ in dozens."""
        if len(self.differences) <= 3:
            return str(self)
        return f"{', '.join(self.differences[:3])}, … ({len(self.differences)})"


@cache  # an exception is not kept: a process looks until the tables fit, then no more
def check_tables() -> None:
    """Raise TablesDiffer unless the tables are those of the models. One query, once a process."""
    if differences := table_differences(installed):
        raise TablesDiffer(differences)


def table_differences(apps: Apps, using: str = "default") -> list[str]:
    """What the models of ``apps`` miss in the database: ``table``, ``table.column``, ``table.column (unknown)``.

    A column that no model knows counts only when it must be filled: the next version's new column is empty at first,
    and this version goes on working beside it.
    """
    held = _columns(using)
    differences = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        table = model._meta.db_table
        if table not in held:
            differences.append(table)
            continue
        wanted = {field.column for field in model._meta.local_concrete_fields}
        differences += [f"{table}.{column}" for column in wanted - held[table].keys()]
        must_be_filled = {column for column, demanded in held[table].items() if demanded}
        differences += [f"{table}.{column} (unknown)" for column in must_be_filled - wanted]
    return sorted(differences)


def refuse_tables_of_another_version(*, apps: Apps, using: str, **_signal: Any) -> None:
    """Receiver of pre_migrate: end ``migrate`` before it writes when the database is not what its own record says.

    ``apps`` holds the models as the migrations that were applied leave them, none in an empty database.
    """
    differences = table_differences(apps, using)
    if not differences:
        return
    found = TablesDiffer(differences).brief
    if settings.CWR_EMBEDDED:
        raise CommandError(
            f"文件夹 {settings.CWR_HOME} 中的数据库是由本系统较早的版本建立的，表结构与当前版本不同，不能继续使用"
            f"（{found}）。较早的版本只用于演示，数据不能升级。请把这个文件夹移到别处或删除，再重新运行；"
            "也可以用环境变量 CWR_HOME 另指一个文件夹。没有改动其中的数据。"
        )
    raise CommandError(
        f"数据库“{connections[using].settings_dict['NAME']}”是由本系统较早的版本建立的，或被人手工改过，"
        f"表结构与迁移记录不符，不能继续使用（{found}）。较早的版本只用于演示，其数据既不能升级，也不能还原到当前版本。"
        "请让 DATABASE_URL 指向一个新建的空数据库；如果这里存有正式数据，请用当前版本的备份还原。没有改动其中的数据。"
    )


def _columns(using: str) -> dict[str, dict[str, bool]]:
    """{table: {column: whether it must be filled}}."""
    connection = connections[using]
    tables: dict[str, dict[str, bool]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SQLITE_COLUMNS if connection.vendor == "sqlite" else POSTGRESQL_COLUMNS)
        for table, column, demanded in cursor.fetchall():
            tables.setdefault(table, {})[column] = bool(demanded)
    return tables
