"""Querysets whose SQL is put together once: for the few that every request or every visit from a phone asks.

Django puts a queryset together anew each time; for a row read by its key that takes longer than PostgreSQL's answer
(``./dev bench sync``), for one with six others joined to it several times as long. What differs from time to time
stands in it as ``Parameter``; all else, a day of today too, would stay as it was when it was first asked. What it asks
is a method of the model's QuerySet, which takes a value or a ``Parameter`` alike. It is asked in the midst of writing,
so always of the database that is written.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators
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


@dataclass(frozen=True)
class _Text:
    """``compiler`` put ``sql`` together and knows what each of its columns is."""

    compiler: SQLCompiler
    sql: str
    values: tuple
    locks: bool


class Prepared(Generic[Row]):
    """What ``make()`` says, asked again and again with other values: ``ask(child=pk)``."""

    def __init__(self, make: Callable[[], models.QuerySet[Row]]) -> None:
        self._make = make
        self._texts: dict[str, _Text] = {}

    def ask(self, **given: Any) -> list[Row]:
        """The rows, each an object of its model, with what is joined (``select_related``) and annotated. Raises
        KeyError where a value is missing, and TransactionManagementError where rows shall be locked and no transaction
        would hold the lock."""
        return list(self._objects(*self._answered(given)))

    def ask_tuples(self, **given: Any) -> list[tuple]:
        """As ``ask``, where it is a queryset of ``values_list``."""
        compiler, rows, _alias = self._answered(given)
        return [tuple(row) for row in compiler.results_iter([rows])]

    def _answered(self, given: dict[str, Any]) -> tuple[SQLCompiler, list[Sequence[Any]], str]:
        alias = router.db_for_write(self._rows.model)
        if alias not in self._texts:
            compiler = self._rows.query.get_compiler(alias)
            sql, values = compiler.as_sql()
            self._texts[alias] = _Text(compiler, sql, tuple(values), self._rows.query.select_for_update)
        text, connection = self._texts[alias], connections[alias]
        if text.locks and not connection.in_atomic_block:
            raise TransactionManagementError("rows are locked within a transaction")
        sent = [value.of(given, connection) if isinstance(value, Parameter) else value for value in text.values]
        with connection.cursor() as cursor:
            cursor.execute(text.sql, sent)
            return text.compiler, cursor.fetchall(), alias

    def _objects(self, compiler: SQLCompiler, rows: list[Sequence[Any]], alias: str) -> Iterator[Row]:
        """As Django's own ModelIterable makes them."""
        columns: dict[str, Any] = compiler.klass_info or {}
        places = columns["select_fields"]
        names = [compiler.select[place][0].target.attname for place in places]
        joined = get_related_populators(columns, compiler.select, alias)  # type: ignore[call-arg]  # of a later Django
        for row in compiler.results_iter([rows]):
            made = self._rows.model.from_db(alias, names, row[places[0] : places[-1] + 1])
            for populator in joined:
                populator.populate(row, made)
            for name, place in (compiler.annotation_col_map or {}).items():
                setattr(made, name, row[place])
            yield made

    @cached_property
    def _rows(self) -> models.QuerySet[Row]:
        return self._make()

    def one(self, **given: Any) -> Row:
        """The one row there is. Raises DoesNotExist."""
        for row in self.ask(**given):
            return row
        raise self._rows.model.DoesNotExist  # type: ignore[attr-defined]  # every model has its own
