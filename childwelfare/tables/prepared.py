"""Querysets whose SQL is put together once: for the few that every visit from a phone asks.

Django puts a queryset together anew each time; for a row read by its key that takes longer than PostgreSQL's answer
(``./dev bench sync``). What differs from time to time stands in it as ``Parameter``; all else, a day of today too,
would stay as it was when it was first asked.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=models.Model)


class Parameter(Expression):
    """Where a value called ``name`` goes, of the type of ``output_field``; on the right of a lookup that takes one:
    ``filter(child=Given("child", UUIDField()))``.
    """

    def __init__(self, name: str, output_field: models.Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return "%s", [self]

    def of(self, given: dict[str, Any]) -> Any:
        return self.output_field.get_db_prep_value(given[self.name], connection)


class Prepared(Generic[Row]):
    """What ``make()`` says, asked again and again with other values: ``ask(child=pk)``."""

    def __init__(self, make: Callable[[], models.QuerySet[Row]]) -> None:
        self._make = make
        self._text: tuple[type[Row], bool, str, tuple] | None = None

    def ask(self, **given: Any) -> list[Row]:
        """The rows, each an object of its model. Raises KeyError where a value is missing, and
        TransactionManagementError where rows shall be locked and no transaction would hold the lock."""
        if self._text is None:
            rows = self._make()
            query = rows.query
            self._text = rows.model, query.select_for_update, *query.sql_with_params()
        model, locks, sql, values = self._text
        if locks and not connection.in_atomic_block:
            raise TransactionManagementError("rows are locked within a transaction")
        return list(model._default_manager.raw(sql, [v.of(given) if isinstance(v, Parameter) else v for v in values]))

    def one(self, **given: Any) -> Row:
        """The one row there is. Raises DoesNotExist."""
        for row in self.ask(**given):
            return row
        raise self._make().model.DoesNotExist  # type: ignore[attr-defined]  # every model has its own
