"""The roll-up of one month beside the plain GROUP BYs that the database needs for the same leaves, turn by turn."""

import statistics
import time
from collections.abc import Callable
from operator import truediv

from benchmarks._world import fill, seconds_of

RUNS = 5
MOST_TIMES, MOST_MS, MOST_SECONDS = 2, 150, 10
AGAIN, FEW = "a month counted again, as it was", "one village overtaken: up to the city"


def main(children: int = 100_000) -> None:
    """Print medians of five turns, and of the ratio within each turn: other work on the machine strikes both alike.

    What is held: a month ≤ MOST_TIMES the GROUP BYs it needs, one village ≤ MOST_MS, the recount ≤ MOST_SECONDS.
    """
    from django.db import connection

    from orgs.stale_figures.services import mark_figures_stale
    from orgs.units.models import OrgUnit
    from reports.rollup import services as rollup
    from reports.rollup.models import Figure
    from reports.rollup.periods import Period
    from reports.rollup.verify import first_wrong

    fill(children)
    month, quarter, year = Period.running_now()
    counties = list(OrgUnit.objects.filter(level=2).values_list("pk", flat=True))
    village = OrgUnit.objects.filter(level=4, county=counties[0]).values_list("pk", flat=True)[0]

    def again(period=month, some=counties):
        for county in some:
            rollup.roll_up(county, period.key, force=True)

    def every_row():
        Figure.objects.filter(period=month.key).delete()
        return again

    def one_village():
        mark_figures_stale(counties[0], villages=[village])
        return lambda: rollup.roll_up(counties[0], month.key)

    work: dict[str, Callable] = {
        "the GROUP BYs of the leaves, inside the server": lambda: lambda: _raw(month),
        "the leaves of every county, in memory": lambda: lambda: [rollup.count_leaves(month, c) for c in counties],
        AGAIN: lambda: again,
        "a month counted for the first time, every row written": every_row,
        FEW: one_village,
        "one county overtaken as a whole": lambda: lambda: again(some=counties[:1]),
        "the running quarter": lambda: lambda: again(quarter),
        "the running year": lambda: lambda: again(year),
    }
    taken: dict[str, list[float]] = {what: [] for what in work}
    for turn in range(RUNS + 1):
        for what, prepare in work.items():
            seconds = seconds_of(prepare())
            if turn:  # the first one warms up
                taken[what].append(seconds)
    limits, units = next(iter(taken.values())), OrgUnit.objects.count()
    print(f"{connection.vendor}, {children:,} children, {units:,} units, ms (medians of {RUNS} turns)\n")
    print("| what | ms | ÷ the GROUP BYs |\n|---|--:|--:|")
    ratios = {what: statistics.median(map(truediv, runs, limits)) for what, runs in taken.items()}
    for what, runs in taken.items():
        print(f"| {what} | {statistics.median(runs) * 1000:,.0f} | {ratios[what]:.2f} |")
    recount = seconds_of(lambda: first_wrong(month))
    for what, seconds in (
        ("every figure recounted by rollup_verify --figures-only", recount),
        ("one COUNT per unit and indicator, from 10 villages", _naive(month)),
    ):
        print(f"| {what} | {seconds * 1000:,.0f} | {seconds / statistics.median(limits):.1f} |")
    village_ms = statistics.median(taken[FEW]) * 1000
    held = ratios[AGAIN] <= MOST_TIMES, village_ms <= MOST_MS, recount <= MOST_SECONDS
    asked = f"month ≤ {MOST_TIMES} ×", f"one village ≤ {MOST_MS} ms", f"recount ≤ {MOST_SECONDS} s"
    print(
        "\n" + "; ".join(f"{what}: {'held' if is_so else 'NOT HELD'}" for what, is_so in zip(asked, held, strict=True))
    )


def _raw(period) -> None:
    """Each fact grouped by village and its dimensions over the whole city, the groups counted in the server."""
    from django.db import connection
    from django.db.models import Count

    from reports.indicators.table import INDICATORS

    facts: dict = {}
    for each in INDICATORS:
        _fact, dimensions = facts.setdefault((each.fact.source, each.fact.counts), (each.fact, {}))
        dimensions |= each.fact.dimensions(period)
    with connection.cursor() as cursor:
        for fact, dimensions in facts.values():
            rows = fact.rows(period).order_by().annotate(**dimensions)
            grouped = rows.values(f"{fact.via}village_id", *dimensions)
            sql, params = grouped.annotate(n=Count("pk")).query.sql_with_params()
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS leaves", params)


def _naive(month) -> float:
    """Seconds for all units, from ten villages."""
    from orgs.units.models import OrgUnit
    from reports.indicators.table import INDICATORS

    start = time.perf_counter()
    for village in OrgUnit.objects.filter(level=4)[:10]:
        for indicator in INDICATORS:
            indicator.rows(month).within(village).count()
    return (time.perf_counter() - start) / 10 * OrgUnit.objects.count()
