"""Two dimensions crossed for a county and for the city, from what the roll-up kept: beside the same counted from the
rows, and the plain GROUP BY of the same columns over them; and what the page asks of the database: MOST_MS.
"""

import statistics
from functools import partial

from benchmarks._world import alone, asked_of_database, fill, median_of, median_taken

RUNS = 9
MOST_MS = 30  # of the database, for a page
_median = partial(median_of, runs=RUNS)
CROSSED = (("age", "risk"), ("category", "schooling"), ("category", "visit"), ("visit", "guardianship"))


def main(children: int = 100_000) -> None:
    """Print medians in ms and the ratio ours ÷ plain; then the list behind a cell, and where its children are."""
    from django.db import connection

    from orgs.stale_figures.services import mark_figures_stale
    from orgs.units.models import OrgUnit
    from reports.crossing.cells import Cells
    from reports.crossing.dimensions import BY_KEY
    from reports.crossing.kept import KeptRows
    from reports.crossing.people import page_of, places_of
    from reports.crossing.source import LiveRows
    from reports.crossing.table import crossing_of
    from reports.rollup.periods import Period
    from reports.rollup.services import open_periods, roll_up_counties

    fill(children)
    alone()
    county = OrgUnit.objects.filter(level=2).first()
    running = Period.of()
    counties = list(OrgUnit.objects.filter(level=2).values_list("pk", flat=True))
    open_periods()
    for key in (running.key, running.back(1)):
        roll_up_counties(counties, key)
    print(f"{connection.vendor}, {children:,} children in 16 counties (median of {RUNS})\n")
    print(
        f"| unit, month | crossed | {' | '.join(f'{who} ms | processor' for who in ('kept', 'counted', 'plain'))} | ÷ |"
    )
    print(f"|---|---|{'--:|' * 7}")
    several = [(county, running.key), (county.city, running.key), (county.city, running.back(1))]

    def compared(unit, key, named: str = "") -> None:
        for rows, columns in CROSSED:
            runs = [
                median_taken(lambda source=source, pair=(rows, columns): _crossed(source, *pair), RUNS)
                for source in (KeptRows(unit, Period.of(key)), LiveRows(unit, Period.of(key)))
            ]
            runs.append(median_taken(lambda unit=unit, pair=(rows, columns): _plain(unit, *pair), RUNS))
            what = f"{('city', 'county')[unit.level - 1]}, {key}{named} | {rows} × {columns}"
            # of the server: the program itself sums some hundred numbers
            times = [f"{each * 1000:.1f}" for run in runs for each in (run.clock, run.server)]
            print(f"| {what} | {' | '.join(times)} | {runs[0].processor / runs[2].processor:.2f} |")

    for unit, key in several:
        compared(unit, key)
    for pk in counties:
        written = OrgUnit.objects.filter(level=4, county=pk).values_list("pk", flat=True)[:2]
        mark_figures_stale(pk, villages=list(written))
    compared(county.city, running.key, ", 32 villages just written to")
    roll_up_counties(counties, running.key)
    source = KeptRows(county, running)
    table = crossing_of(source, BY_KEY["category"], BY_KEY["visit"])
    print("\n| cells | children | page of 12 ms | last page ms | where ms |\n|---|--:|--:|--:|--:|")
    for text in ("left_behind:due,left_behind:overdue", "all:all"):
        cells = Cells.read(text, table.rows, table.columns)
        first, last, where = (
            _median(work)
            for work in (
                lambda cells=cells: page_of(source, table, cells, 1, named=True),
                lambda cells=cells: page_of(source, table, cells, 10**6, named=True),
                lambda cells=cells: places_of(source, table, cells),
            )
        )
        count = cells.count(table)
        print(f"| {text} | {count:,} | {first * 1000:.1f} | {last * 1000:.1f} | {where * 1000:.1f} |")
    print(f"\nat most {MOST_MS} ms of the database's processor\n")
    print("| page | queries | database ms | of its processor | whole ms |\n|---|--:|--:|--:|--:|")
    for unit in (county, county.city):
        for rows, columns in CROSSED[:3]:
            queries, database, server, whole = _page_of(unit, rows, columns)
            what = f"{('city', 'county')[unit.level - 1]}, {rows} × {columns}"
            held = "" if server * 1000 <= MOST_MS else ", NOT HELD"
            times = " | ".join(f"{each * 1000:.1f}" for each in (database, server, whole))
            print(f"| {what}{held} | {queries} | {times} |")


def _page_of(unit, rows: str, columns: str) -> tuple[float, ...]:
    from django.test import Client
    from django.urls import reverse

    from tests.builders import a_post, sign_in

    client = sign_in(Client(), a_post(unit))
    where = reverse("crossing")
    asked = {"rows": rows, "columns": columns}
    found = [asked_of_database(lambda: client.get(where, asked)) for _ in range(RUNS)]
    queries, database, whole = (statistics.median(each) for each in zip(*found[1:], strict=True))
    return queries, database, median_taken(lambda: client.get(where, asked), RUNS).server, whole


def _crossed(source, rows: str, columns: str) -> None:
    from reports.crossing.dimensions import BY_KEY
    from reports.crossing.table import crossing_of

    crossing_of(source, BY_KEY[rows], BY_KEY[columns])


def _plain(unit, rows: str, columns: str) -> None:
    """Two columns of the unit's rows grouped as they stand, whatever day they speak of: the least there is to do."""
    from django.db.models import Count

    from registry.status.models import ChildStatus

    stored = {"age": "birth_date", "category": "categories", "visit": "sex"}
    names = [stored.get(name, name) for name in (rows, columns)]
    list(ChildStatus.objects.within(unit).order_by().values(*names).annotate(n=Count("pk")).values_list(*names, "n"))
