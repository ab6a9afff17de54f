"""Expressions that counts are put together from, and statements that are put together once."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Aggregate, BigIntegerField, BooleanField, Func, TextField
from django.db.models.sql.compiler import SQLCompiler

from childwelfare.tables.prepared import Parameter


def given_to(params: Iterable[Any], given: dict[str, list[int]]) -> list[Any]:
    """``params`` of a statement with what is ``given`` in the place of each Parameter."""
    return [param.of(given, connection) if isinstance(param, Parameter) else param for param in params]


class Units(Parameter):
    """Keys of units."""

    def __init__(self, name: str) -> None:
        super().__init__(name, TextField())

    def of(self, given: dict[str, Any], connection: Any) -> Any:
        return given[self.name] if connection.vendor == "postgresql" else json.dumps(given[self.name])


class Among(Func):
    """One of however many units, in one text: ``__in`` has a place for each."""

    output_field = BooleanField()
    arg_joiner = " IN "
    template = "%(expressions)s"

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, Any]:
        column, units = map(compiler.compile, self.source_expressions)
        return f"{column[0]} IN (SELECT value FROM json_each({units[0]}))", (*column[1], *units[1])

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, Any]:
        column, units = map(compiler.compile, self.source_expressions)
        return f"{column[0]} = ANY({units[0]})", (*column[1], *units[1])


class Listed(Aggregate):
    """Whole numbers with a comma between them."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, function="STRING_AGG", template="%(function)s((%(expressions)s)::text, ',')"
        )


class NumberOf(Func):
    """CASE … WHEN, which asks for what it compares once; Django's own Case asks anew for each value."""

    def __init__(self, column: Any, values: Sequence[Any], place: int) -> None:
        super().__init__(column, output_field=BigIntegerField())
        self.values, self.place = values, place

    def as_sql(self, compiler: SQLCompiler, connection: Any, *_said: Any, **_context: Any) -> tuple[str, Any]:
        sql, params = compiler.compile(self.source_expressions[0])
        whens = " ".join(f"WHEN %s THEN {number << self.place}" for number in range(1, len(self.values) + 1))
        return f"CASE {sql} {whens} ELSE 0 END", (*params, *self.values)
