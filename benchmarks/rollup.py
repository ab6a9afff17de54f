"""The roll-up of one month beside the plain GROUP BYs that the database needs for the same leaves, turn by turn."""

import statistics
from collections.abc import Callable

from benchmarks._world import Taken, alone, fill, taken_by

RUNS = 5
MOST_TIMES, MOST_MS, MOST_SECONDS = 2, 150, 10
AGAIN, FEW = "a month counted again, as it was", "one village overtaken: up to the city"


def main(children: int = 100_000) -> None:
    """Print medians of five turns, and of the ratio within each turn: other work on the machine strikes both alike.

    What is held, by the processor's time: a month ≤ MOST_TIMES the GROUP BYs it needs; one village ≤ MOST_MS; the
    recount ≤ MOST_SECONDS.
    """
    from django.db import connection

    from orgs.stale_figures.services import mark_figures_stale
    from orgs.units.models import OrgUnit
    from reports.crossing.verify import first_wrong_unit
    from reports.rollup import services as rollup
    from reports.rollup.models import Figure
    from reports.rollup.periods import Period
    from reports.rollup.verify import first_wrong

    fill(children)
    alone()
    month, quarter, year = Period.running_now()
    counties = list(OrgUnit.objects.filter(level=2).values_list("pk", flat=True))
    village = OrgUnit.objects.filter(level=4, county=counties[0]).values_list("pk", flat=True)[0]

    def again(period=month, some=counties):
        rollup.roll_up_counties(some, period.key, force=True)

    def every_row():
        Figure.objects.filter(period=month.key).delete()
        return again

    def one_village():
        mark_figures_stale(counties[0], villages=[village])
        return lambda: rollup.roll_up(counties[0], month.key)

    work: dict[str, Callable] = {
        "the GROUP BYs of the leaves, inside the server": lambda: lambda: _raw(month),
        "the leaves of every county, in memory": lambda: lambda: rollup.count_leaves(month, counties),
        AGAIN: lambda: again,
        "a month counted for the first time, every row written": every_row,
        "a month counted again, county by county": lambda: lambda: [again(some=[county]) for county in counties],
        FEW: one_village,
        "one county overtaken as a whole": lambda: lambda: again(some=counties[:1]),
        "the running quarter": lambda: lambda: again(quarter),
        "the running year": lambda: lambda: again(year),
    }
    taken: dict[str, list[Taken]] = {what: [] for what in work}
    for turn in range(RUNS + 1):
        for what, prepare in work.items():
            runs = taken_by(prepare())
            if turn:  # the first one warms up
                taken[what].append(runs)
    limits, units = next(iter(taken.values())), OrgUnit.objects.count()
    print(f"{connection.vendor}, {children:,} children, {units:,} units, ms (medians of {RUNS} turns)\n")
    print("| what | by the clock | ÷ the GROUP BYs | PostgreSQL's processor | Python's | both ÷ the GROUP BYs |")
    print("|---|--:|--:|--:|--:|--:|")
    ratios = {}
    for what, runs in taken.items():
        clock, python, server = (statistics.median(each) * 1000 for each in zip(*runs, strict=True))
        turns = list(zip(runs, limits, strict=True))
        by_clock = statistics.median(run.clock / limit.clock for run, limit in turns)
        ratios[what] = statistics.median(run.processor / limit.processor for run, limit in turns)
        print(f"| {what} | {clock:,.0f} | {by_clock:.2f} | {server:,.0f} | {python:,.0f} | {ratios[what]:.2f} |")
    recount = taken_by(lambda: first_wrong(month))
    crossings = taken_by(lambda: first_wrong_unit(month))
    for what, one in (
        ("every figure recounted by rollup_verify --figures-only", recount),
        ("and what is kept of crossings", crossings),
        ("one COUNT per unit and indicator, from 10 villages", _naive(month)),
    ):
        times = one.clock / statistics.median(limit.clock for limit in limits)
        clock, python, server = (f"{each * 1000:,.0f}" for each in one)
        print(f"| {what} | {clock} | {times:.1f} | {server} | {python} | |")
    village_ms = statistics.median(run.processor for run in taken[FEW]) * 1000
    held = ratios[AGAIN] <= MOST_TIMES, village_ms <= MOST_MS, recount.processor <= MOST_SECONDS
    asked = f"month ≤ {MOST_TIMES} ×", f"one village ≤ {MOST_MS} ms", f"recount ≤ {MOST_SECONDS} s"
    print(
        "\n" + "; ".join(f"{what}: {'held' if is_so else 'NOT HELD'}" for what, is_so in zip(asked, held, strict=True))
    )


def _raw(period) -> None:
    """Each fact grouped by village and its dimensions over the whole city, the groups counted in the server; and each
    child joined with its visits, county by county, for what crossings are read from."""
    from django.db import connection
    from django.db.models import Count

    from orgs.units.models import OrgUnit
    from reports.crossing.keeping import mixes_of
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
    for county in OrgUnit.objects.filter(level=2).values_list("pk", flat=True):
        mixes_of(period, counties=[county])


def _naive(month) -> Taken:
    """For all units, from ten villages."""
    from orgs.units.models import OrgUnit
    from reports.indicators.table import INDICATORS

    def count() -> None:
        for village in OrgUnit.objects.filter(level=4)[:10]:
            for indicator in INDICATORS:
                indicator.rows(month).within(village).count()

    return Taken(*(each / 10 * OrgUnit.objects.count() for each in taken_by(count)))
