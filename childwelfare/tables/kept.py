"""Querysets whose SQL is kept for who asks the same again: for the lists that stand on every page.

Django puts a queryset together anew each time. For what waits for a station, nine kinds under each other, that takes
five times as long as the database's answer. ``prepared`` keeps SQL whose values differ from time to time; here the
values are kept too, since the same post asks the same all day.
"""

import threading
from collections.abc import Callable, Hashable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language

MOST_KEPT = 500  # of some 12 kB each


@dataclass(frozen=True)
class _Text:
    """``sql`` is blank where no row can be found. ``converters``: as Django's compiler has them, {column: …}."""

    alias: str
    sql: str = ""
    values: tuple = ()
    converters: Any = None


_texts: dict[Hashable, _Text] = {}
_keeping = threading.Lock()


def kept_rows(key: Hashable, make: Callable[[], QuerySet]) -> list[tuple]:
    """The rows of ``make()``, a queryset of ``values_list``. One query; none where it can have no row.

    ``key`` holds all by which what is asked may differ, a post's grants among it (``Appointment.reach``); day and
    language are added here. While it is made nothing may be asked of the database, for the answer would be kept too:
    RuntimeError.
    """
    whole = (key, localdate(), localtime().utcoffset(), get_language())
    text = _texts.get(whole)
    if text is None:
        text = _text_of(make)
        with _keeping:
            while len(_texts) >= MOST_KEPT:
                del _texts[next(iter(_texts))]  # the oldest, of another day mostly
            _texts[whole] = text
    if not text.sql:
        return []
    connection = connections[text.alias]
    with connection.cursor() as cursor:
        cursor.execute(text.sql, text.values)
        rows = cursor.fetchall()
    return [_converted(row, text.converters, connection) for row in rows] if text.converters else rows


def _text_of(make: Callable[[], QuerySet]) -> _Text:
    with ExitStack() as guards:
        for connection in connections.all():
            guards.enter_context(connection.execute_wrapper(_refuse))
        queryset = make()
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return _Text(queryset.db)
        columns = [column for column, *_rest in compiler.select[: compiler.col_count]]
        return _Text(queryset.db, sql, tuple(values), compiler.get_converters(columns))


def _refuse(execute: Callable, sql: str, *_given: Any) -> None:
    raise RuntimeError(f"what is kept must not depend on what the database says: {sql[:200]}")


def _converted(row: tuple, converters: Any, connection: Any) -> tuple:
    cells = list(row)
    for column, (steps, expression) in converters.items():
        for step in steps:
            cells[column] = step(cells[column], expression, connection)
    return tuple(cells)
