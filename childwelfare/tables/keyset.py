"""Paging by key: a page deep in a long list costs what the first one costs, and no row is shown twice or missed
because others came in."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from childwelfare.security.sealing import Unsealable, seal, unseal
from childwelfare.tables.columns import column_of


class RowBefore(Func):
    """``(a, b) < (x, y)``: the row comparison that both engines serve from an index in that order."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, names: Sequence[str], fields: Sequence[Field], values: Sequence[Any], operator: str) -> None:
        right = [Value(value, output_field=field) for field, value in zip(fields, values, strict=True)]
        super().__init__(*[F(name) for name in names], *right)
        self.operator = operator

    def as_sql(  # type: ignore[override]  # takes no template of its own
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, Any]:
        half = len(self.source_expressions) // 2
        sides: list[str] = []
        params: list[Any] = []
        for part in (self.source_expressions[:half], self.source_expressions[half:]):
            compiled = [compiler.compile(expression) for expression in part]
            sides.append(", ".join(sql for sql, _ in compiled))
            for _, given in compiled:
                params += given
        return f"({sides[0]}) {self.operator} ({sides[1]})", params


@dataclass
class KeysetPage:
    """One page: its rows, the cursors of the pages beside it ("" where there is none)."""

    rows: list
    older: str
    newer: str

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    queryset: QuerySet,
    fields: tuple[str, str],
    cursor: str = "",
    size: int = 50,
    *,
    ascending: bool = False,
    empty: Any = None,
    keys_first: bool = False,
) -> KeysetPage:
    """The page of ``queryset`` at ``cursor``, ordered by ``fields`` (a column and the unique key), both descending
    unless ``ascending``. ``empty`` stands for a column that holds nothing, so that its rows are paged too.
    ``keys_first``: find the rows by their keys alone, then fetch what is joined to them; pays where many rows are
    looked through or put in order, costs a little where an index leads straight to them. A cursor that can't be read
    gives the first page."""
    first = _keys_first if keys_first else _straight
    order = _Order(queryset.model, fields, ascending, empty)
    if empty is not None:
        queryset = queryset.annotate(**{order.names[0]: Coalesce(fields[0], Value(empty))})
    key, onward = order.read(cursor)
    if key is None:
        rows = first(queryset, order.columns(onward=True), size + 1)
        return KeysetPage(rows[:size], order.cursor(rows[size - 1], "o") if len(rows) > size else "", "")
    rows = first(order.beyond(queryset, key, onward), order.columns(onward), size + 1)
    more = len(rows) > size
    rows = rows[:size]
    if onward:
        older = order.cursor(rows[-1], "o") if more else ""
        return KeysetPage(rows, older, order.cursor(rows[0], "n") if rows else "")
    rows.reverse()
    newer = order.cursor(rows[0], "n") if more else ""
    return KeysetPage(rows, order.cursor(rows[-1], "o") if rows else "", newer)


def is_cursor(model: type[Model], fields: tuple[str, str], cursor: str) -> bool:
    """Whether ``cursor`` names a row in this order."""
    return _Order(model, fields, ascending=False, empty=None).read(cursor)[0] is not None


def _straight(queryset: QuerySet, columns: list[str], number: int) -> list:
    return list(queryset.order_by(*columns)[:number])


def _keys_first(queryset: QuerySet, columns: list[str], number: int) -> list:
    keys = queryset.select_related(None).order_by(*columns).values("pk")[:number]
    return list(queryset.filter(pk__in=keys).order_by(*columns))


class _Order:
    """The order of a page: its columns, and the cursor that names a row in it."""

    def __init__(self, model: type[Model], fields: tuple[str, str], ascending: bool, empty: Any) -> None:
        self.fields = [column_of(model, name) for name in fields]
        self.names = list(fields) if empty is None else [f"{fields[0]}_or_empty", fields[1]]
        self.ascending = ascending

    def columns(self, onward: bool) -> list[str]:
        return self.names if onward == self.ascending else [f"-{name}" for name in self.names]

    def beyond(self, queryset: QuerySet, key: list, onward: bool) -> QuerySet:
        """The rows after ``key``; the plain bound beside the row comparison lets PostgreSQL start the index there."""
        bound, operator = ("gte", ">") if onward == self.ascending else ("lte", "<")
        after = RowBefore(self.names, self.fields, key, operator)
        return queryset.filter(Q(**{f"{self.names[0]}__{bound}": key[0]}), after)

    def cursor(self, row: Any, direction: str) -> str:
        """Sealed: it stands in an address, and what a list is ordered by may be a name or a birth date."""
        held = zip(self.names, self.fields, strict=True)
        values = [str(field.get_prep_value(getattr(row, name))) for name, field in held]
        sealed = seal(json.dumps([direction, *values]), self._context)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[list | None, bool]:
        """(the key that ``cursor`` names, whether it leads onward); no key where this order has not made it."""
        try:
            sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            direction, *values = json.loads(unseal(sealed, self._context))
            key = [field.to_python(value) for field, value in zip(self.fields, values, strict=True)]
        except (ValueError, TypeError, ValidationError, Unsealable):
            return None, True
        return key, direction == "o"

    @property
    def _context(self) -> str:
        """What a cursor is good for: one table in one order."""
        columns = (f"{field.model._meta.label}.{field.name}" for field in self.fields)
        return f"childwelfare.tables.keyset:{','.join(columns)}"


def capped_count(queryset: QuerySet, cap: int = 10_000) -> tuple[int, bool]:
    """(number, whether there are more): counting stops at ``cap``, so that a large scope costs no more."""
    number = queryset.order_by()[: cap + 1].count()
    return min(number, cap), number > cap
