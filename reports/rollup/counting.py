"""Counting the villages of a county: one pass over each kind of rows, grouped inside the database."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField

from childwelfare.tables.prepared import Parameter
from reports.indicators.table import INDICATORS, CountedTogether, counted_together
from reports.rollup.periods import Period

WIDTH = len(INDICATORS)
COUNTY, VILLAGE = Parameter("county", BigIntegerField()), Parameter("village", BigIntegerField())
Statement = tuple[list[int], str, tuple]


def count_leaves(period: Period, county_id: int, villages: Iterable[int] | None = None) -> dict[int, list[int]]:
    """{village id: values} of every village of a county that has anything to count, in the order of INDICATORS; of
    ``villages`` alone, where they are given."""
    leaves: dict[int, list[int]] = {}
    asked: list[dict] = [{"county": county_id}]
    if villages is not None:
        asked = [{"county": county_id, "village": village} for village in sorted(villages)]
    with connection.cursor() as cursor:
        for columns, sql, params in _statements(period, connection.vendor, villages is not None):
            for given in asked:
                cursor.execute(sql, [_value(param, given) for param in params])
                # from the cursor: building objects would cost more than counting
                for village, *numbers in cursor.fetchall():
                    values = leaves.setdefault(village, [0] * WIDTH)
                    for column, number in zip(columns, numbers, strict=True):
                        values[column] += number
    return leaves


def _value(param: Any, given: dict[str, int]) -> Any:
    return param.of(given, connection) if isinstance(param, Parameter) else param


@lru_cache(maxsize=64)
def _statements(period: Period, vendor: str, of_a_village: bool) -> list[Statement]:
    """(columns, SQL, parameters) of each kind of rows. Kept, for Django takes longer to put one together than the
    database to count a village; of a database and a day, which is in ``period``."""
    position = {each.key: number for number, each in enumerate(INDICATORS)}
    found = []
    for together in counted_together():
        columns = [position[each.key] for each in together.indicators]
        for source in together.fact.sources(period):
            found.append((columns, *_grouped(source, together, period, of_a_village)))
    return found


def _grouped(rows: Any, together: CountedTogether, period: Period, of_a_village: bool) -> tuple[str, tuple]:
    """Rows (village, figure, …)."""
    # numbered: a key may be the name of a column
    counts = {f"n{number}": count for number, count in enumerate(together.counts(period).values())}
    rows = rows.filter(county=COUNTY, **({"village": VILLAGE} if of_a_village else {})).order_by()
    grouped = rows.annotate(**together.dimensions(period)).values("village_id").annotate(**counts)
    return grouped.values_list("village_id", *counts).query.sql_with_params()
