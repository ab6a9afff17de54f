"""Paging by key: a page deep in a long list costs what the first one costs, and no row is shown twice or missed
because others came in."""

import base64
import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Q, Value


class RowBefore(Func):
    """``(a, b) < (x, y)``: the row comparison that both engines serve from an index in that order."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, model, fields, values, operator: str):
        right = [
            Value(value, output_field=model._meta.get_field(name)) for name, value in zip(fields, values, strict=True)
        ]
        super().__init__(*[F(name) for name in fields], *right)
        self.operator = operator

    def as_sql(self, compiler, connection, **_context):
        half = len(self.source_expressions) // 2
        sides, params = [], []
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

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page_of(queryset, fields: tuple[str, str], cursor: str = "", size: int = 50) -> KeysetPage:
    """The page of ``queryset`` at ``cursor``, newest first by ``fields`` (a column and the unique key, both
    descending). A cursor that can't be read gives the first page."""
    key, forward = _read(queryset.model, fields, cursor)
    down = [f"-{name}" for name in fields]
    if key is None:
        rows = list(queryset.order_by(*down)[: size + 1])
        return KeysetPage(rows[:size], _cursor(rows[size - 1], fields, "o") if len(rows) > size else "", "")
    if forward:
        # the plain bound beside the row comparison lets PostgreSQL start the index there
        here = queryset.filter(Q(**{f"{fields[0]}__lte": key[0]}), RowBefore(queryset.model, fields, key, "<"))
        rows = list(here.order_by(*down)[: size + 1])
        older = _cursor(rows[size - 1], fields, "o") if len(rows) > size else ""
        rows = rows[:size]
        return KeysetPage(rows, older, _cursor(rows[0], fields, "n") if rows else "")
    here = queryset.filter(Q(**{f"{fields[0]}__gte": key[0]}), RowBefore(queryset.model, fields, key, ">"))
    rows = list(here.order_by(*fields)[: size + 1])
    more = len(rows) > size
    rows = rows[:size][::-1]
    newer = _cursor(rows[0], fields, "n") if more else ""
    return KeysetPage(rows, _cursor(rows[-1], fields, "o") if rows else "", newer)


def _cursor(row, fields, direction: str) -> str:
    values = [row._meta.get_field(name).value_to_string(row) for name in fields]
    return base64.urlsafe_b64encode(json.dumps([direction, *values]).encode()).decode().rstrip("=")


def _read(model, fields, cursor: str):
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, *values = json.loads(base64.urlsafe_b64decode(padded))
        key = [model._meta.get_field(n).to_python(value) for n, value in zip(fields, values, strict=True)]
        return key, direction == "o"
    except (ValueError, TypeError, ValidationError):
        return None, True


def capped_count(queryset, cap: int = 10_000) -> tuple[int, bool]:
    """(number, whether there are more): counting stops at ``cap``, so that a large scope costs no more."""
    number = queryset.order_by()[: cap + 1].count()
    return min(number, cap), number > cap
