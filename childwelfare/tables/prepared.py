"""Querysets whose SQL is put together once: for the few that every visit from a phone asks.

Django puts a queryset together anew each time; for a row read by its key that takes longer than PostgreSQL's answer
(``./dev bench sync``). What differs from time to time stands in it as ``Parameter``; all else, a day of today too,
would stay as it was when it was first asked. What it asks is a method of the model's QuerySet, which takes a value or a
``Parameter`` alike. It is asked in the midst of writing, so always of the database that is written.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.utils.functional import cached_property

Row = TypeVar("Row", bound=models.Model)


class Parameter(Expression):
    """Where a value called ``name`` goes, of the type of ``output_field``; on the right of a lookup that takes one:
    ``filter(child=Parameter("child", UUIDField()))``.
    """

    def __init__(self, name: str, output_field: models.Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return "%s", [self]

    def of(self, given: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        return self.output_field.get_db_prep_value(given[self.name], connection)


class Prepared(Generic[Row]):
    """What ``make()`` says, asked again and again with other values: ``ask(child=pk)``."""

    def __init__(self, make: Callable[[], models.QuerySet[Row]]) -> None:
        self._make = make
        self._texts: dict[str, tuple[bool, str, tuple]] = {}

    def ask(self, **given: Any) -> list[Row]:
        """The rows, each an object of its model. Raises KeyError where a value is missing, and
        TransactionManagementError where rows shall be locked and no transaction would hold the lock."""
        model = self._rows.model
        alias = router.db_for_write(model)
        if alias not in self._texts:
            query = self._rows.query
            self._texts[alias] = query.select_for_update, *query.get_compiler(alias).as_sql()
        locks, sql, values = self._texts[alias]
        connection = connections[alias]
        if locks and not connection.in_atomic_block:
            raise TransactionManagementError("rows are locked within a transaction")
        sent = [value.of(given, connection) if isinstance(value, Parameter) else value for value in values]
        return list(model._default_manager.db_manager(alias).raw(sql, sent))

    @cached_property
    def _rows(self) -> models.QuerySet[Row]:
        return self._make()

    def one(self, **given: Any) -> Row:
        """The one row there is. Raises DoesNotExist."""
        for row in self.ask(**given):
            return row
        raise self._rows.model.DoesNotExist  # type: ignore[attr-defined]  # every model has its own
