"""Counting the villages of counties: one pass over each kind of rows, grouped inside the database."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, F, Value

from orgs.access.scope import ScopedQuerySet
from reports.indicators.table import CountedTogether, counted_together
from reports.rollup.expressions import Among, Listed, Units, given_to
from reports.rollup.mixes import Mixes
from reports.rollup.periods import Period


class Statement(NamedTuple):
    """``sql`` gives rows (village, mix, how many), or (village, the mixes of its rows); ``mixes`` reads them."""

    sql: str
    params: tuple
    mixes: Mixes


def count_leaves(period: Period, counties: Iterable[int], villages: Iterable[int] | None = None) -> dict[int, int]:
    """{village id: figures} of every village of ``counties`` that has anything to count; of ``villages`` alone, where
    they are given. As lanes of one number, which can be added: ``figures_of`` reads them."""
    given = {"counties": sorted(counties), "villages": sorted(villages or ())}
    leaves: dict[int, int] = {}
    with connection.cursor() as cursor:
        for statement in _statements(period, connection.vendor, villages is not None):
            cursor.execute(statement.sql, given_to(statement.params, given))
            # from the cursor: building objects would cost more than counting
            for village, *counted in cursor.fetchall():
                leaves[village] = leaves.get(village, 0) + _lanes(statement.mixes, *counted)
    return leaves


def _lanes(mixes: Mixes, mix: int | str, rows: int | None = None) -> int:
    if rows is not None:
        return mixes[mix] * rows
    assert isinstance(mix, str)
    return sum(map(mixes.__getitem__, mix.split(",")))


@lru_cache(maxsize=64)
def _statements(period: Period, vendor: str, of_villages: bool) -> list[Statement]:
    """Of each kind of rows. Kept, for Django takes longer to put one together than the database to count a village; of
    a database and a day, which is in ``period``."""
    return [
        _statement(source, together, Mixes(together, period), period, of_villages)
        for together in counted_together()
        for source in together.fact.sources(period)
    ]


def _statement(
    rows: ScopedQuerySet, together: CountedTogether, mixes: Mixes, period: Period, of_villages: bool
) -> Statement:
    via = together.fact.via
    village = f"{via}village_id"
    rows = rows.filter(Among(F(f"{via}county_id"), Units("counties"))).order_by()
    if of_villages:
        rows = rows.filter(Among(F(village), Units("villages")))
    rows = rows.annotate(**together.dimensions(period)).annotate(mix=mixes.expression())
    if mixes.few:
        counted = rows.values(village, "mix").annotate(n=Count(Value(1))).values_list(village, "mix", "n")
    else:
        # as text: it is looked up as it comes, and a number made only of what was not seen before
        counted = rows.values(village).annotate(listed=Listed("mix")).values_list(village, "listed")
    sql, params = counted.query.sql_with_params()
    return Statement(sql, params, mixes)
