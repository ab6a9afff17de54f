"""Counting the villages of a county: one pass over each kind of rows, grouped inside the database."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Count, ExpressionWrapper, Value

from childwelfare.tables.prepared import Parameter
from orgs.access.scope import ScopedQuerySet
from reports.indicators.table import INDICATORS, CountedTogether, counted_together
from reports.rollup.periods import Period

WIDTH = len(INDICATORS)
COUNTY, VILLAGE = Parameter("county", BigIntegerField()), Parameter("village", BigIntegerField())


class Statement(NamedTuple):
    """``sql`` gives rows (village, whether they count as each fact, numbers). ``facts``: of each fact, which number
    goes to which column of INDICATORS."""

    sql: str
    params: tuple
    facts: list[list[tuple[int, int]]]


def count_leaves(period: Period, county_id: int, villages: Iterable[int] | None = None) -> dict[int, list[int]]:
    """{village id: values} of every village of a county that has anything to count, in the order of INDICATORS; of
    ``villages`` alone, where they are given."""
    leaves: dict[int, list[int]] = {}
    asked: list[dict] = [{"county": county_id}]
    if villages is not None:
        asked = [{"county": county_id, "village": village} for village in sorted(villages)]
    with connection.cursor() as cursor:
        for statement in _statements(period, connection.vendor, villages is not None):
            for given in asked:
                cursor.execute(statement.sql, [_value(param, given) for param in statement.params])
                # from the cursor: building objects would cost more than counting
                _add(cursor.fetchall(), statement.facts, leaves)
    return leaves


def _value(param: Any, given: dict[str, int]) -> Any:
    return param.of(given, connection) if isinstance(param, Parameter) else param


def _add(rows: list[tuple], facts: list[list[tuple[int, int]]], leaves: dict[int, list[int]]) -> None:
    for row in rows:
        values = leaves.setdefault(row[0], [0] * WIDTH)
        for place, numbers in enumerate(facts, start=1):
            if row[place]:
                for number, column in numbers:
                    values[column] += row[number]


@lru_cache(maxsize=64)
def _statements(period: Period, vendor: str, of_a_village: bool) -> list[Statement]:
    """Of each kind of rows. Kept, for Django takes longer to put one together than the database to count a village; of
    a database and a day, which is in ``period``."""
    return [
        _statement(source, together, period, of_a_village)
        for together in counted_together()
        for source in together.fact.sources(period)
    ]


def _statement(rows: ScopedQuerySet, together: CountedTogether, period: Period, of_a_village: bool) -> Statement:
    """Grouped by village and by what a row counts as, which is then worked out once a row and not once an indicator.

    Within that one FILTER a column, not one group for each mix of dimensions: of those there are about as many as
    children.
    """
    column = {each.key: number for number, each in enumerate(INDICATORS)}
    flags = {f"f{number}": counts for number, counts in enumerate(together.kinds)}
    wrapped = {name: ExpressionWrapper(counts(period), BooleanField()) for name, counts in flags.items()}
    # numbered: a key may be the name of a column
    counted: dict[str, Count] = {"n": Count(Value(1))}
    facts: list[list[tuple[int, int]]] = []
    for counts in flags.values():
        numbers = []
        for indicator in together.indicators:
            if indicator.fact.counts is not counts:
                continue
            if indicator.where:
                counted[f"n{len(counted)}"] = Count(Value(1), filter=indicator.condition)
            numbers.append((len(flags) + (len(counted) if indicator.where else 1), column[indicator.key]))
        facts.append(numbers)
    via = together.fact.via
    places = {f"{via}county": COUNTY} | ({f"{via}village": VILLAGE} if of_a_village else {})
    village = f"{via}village_id"
    rows = rows.filter(**places).order_by()
    grouped = rows.annotate(**together.dimensions(period), **wrapped).values(village, *flags).annotate(**counted)
    sql, params = grouped.values_list(village, *flags, *counted).query.sql_with_params()
    return Statement(sql, params, facts)
