"""The roll-up of one period beside the plain GROUP BY that the database needs for the same leaves."""

import time
from functools import partial

from benchmarks._world import fill, median_of

RUNS = 5
_median = partial(median_of, runs=RUNS)


def main(children: int = 100_000) -> None:
    """Print a table of medians of five runs and their ratios."""
    from django.db import connection

    from orgs.units.models import OrgUnit
    from reports.rollup import services as rollup
    from reports.rollup.periods import Period

    fill(children)
    period = Period.of()
    counties = list(OrgUnit.objects.filter(level=2).values_list("pk", flat=True))
    limit = _median(lambda: _raw(period))
    rows = [
        ("raw GROUP BY of the leaves, inside the server", limit),
        ("the leaves of every county, in memory", _median(lambda: [rollup.count_leaves(period, c) for c in counties])),
        ("the roll-up: every unit's row written", _median(lambda: _all(counties, period))),
        ("one county overtaken: it and the city", _median(lambda: _all(counties[:1], period))),
        ("one COUNT per unit and indicator, from 10 villages", _naive(period)),
    ]
    units = OrgUnit.objects.count()
    print(f"{connection.vendor}, {children:,} children, {units:,} units, one period, ms (median of {RUNS})\n")
    print("| what | ms | ÷ raw |\n|---|--:|--:|")
    for what, seconds in rows:
        print(f"| {what} | {seconds * 1000:,.0f} | {seconds / limit:.1f} |")


def _all(counties, period) -> None:
    from reports.rollup.services import roll_up

    for county in counties:
        roll_up(county, period.key, force=True)


def _raw(period) -> None:
    """Each fact grouped by village and its dimensions over the whole city, the groups counted in the server."""
    from django.db import connection
    from django.db.models import Count

    from reports.indicators.table import counted_together

    with connection.cursor() as cursor:
        for together in counted_together():
            dimensions = together.dimensions(period)
            rows = together.fact.rows(period).order_by().annotate(**dimensions)
            grouped = rows.values("village_id", *dimensions)
            sql, params = grouped.annotate(n=Count("pk")).query.sql_with_params()
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS leaves", params)


def _naive(period) -> float:
    """Seconds for all units, from ten villages."""
    from orgs.units.models import OrgUnit
    from reports.indicators.table import INDICATORS

    start = time.perf_counter()
    for village in OrgUnit.objects.filter(level=4)[:10]:
        for indicator in INDICATORS:
            indicator.rows(period).within(village).count()
    return (time.perf_counter() - start) / 10 * OrgUnit.objects.count()
