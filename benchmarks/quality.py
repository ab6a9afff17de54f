"""The numbers of data quality of a unit beside the plain GROUP BY that they need, and beside counting from the files;
what it costs to look at a county's files anew."""

import statistics
import time

from benchmarks._world import fill

RUNS = 7


def main(children: int = 100_000) -> None:
    """Print medians in ms and the ratio ours ÷ raw for a city, a county, a township and a village."""
    from django.db import connection

    from childwelfare.keyset import capped_count, page_of
    from orgs.models import TIERS, OrgUnit
    from registry.models import ChildFile, FileIssue
    from registry.quality.numbers import numbers_of
    from registry.search import narrow
    from registry.services.quality import recount_issues

    fill(children)
    counties = list(OrgUnit.objects.filter(level=2))
    start = time.perf_counter()
    first = recount_issues(counties[0])
    taken = time.perf_counter() - start
    start = time.perf_counter()
    recount_issues(counties[0])
    again = time.perf_counter() - start
    for county in counties[1:]:
        recount_issues(county)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    rows, county = FileIssue.objects.count(), counties[0]
    print(f"{connection.vendor}, {children:,} files, {rows:,} rows; ms, median of {RUNS}\n")
    print(f"one county of {first:,} files looked at: first {1e6 * taken / first:,.0f} µs a file,", end=" ")
    print(f"again {1e6 * again / first:,.0f} µs\n")
    print("| unit | numbers of the page | raw GROUP BY | ÷ raw | list of 50 with its count | rarest rule's list |")
    print("|---|--:|--:|--:|--:|--:|")
    township = county.children.first()
    for unit in (county.city, county, township, township.children.first()):

        def raw(unit=unit):
            below, own = TIERS[min(unit.level, 3)], TIERS[unit.level - 1]
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {below}_id, rule, count(*) FROM registry_fileissue WHERE {own}_id = %s GROUP BY 1, 2",
                    [unit.pk],
                )
                cursor.fetchall()

        def listed(issue, unit=unit):
            files = narrow(ChildFile.objects.within(unit), issue=issue)
            capped_count(files)
            list(page_of(files, ("updated_at", "id")))

        counts = numbers_of(unit)[0].counts
        rare = min(counts, key=counts.get)
        ours, floor = _median(lambda unit=unit: numbers_of(unit)), _median(raw)
        lists = [_median(lambda issue=issue: listed(issue)) for issue in ("missing", rare)]
        print(f"| {unit.get_level_display()} | {ours:.1f} | {floor:.1f} | {ours / floor:.2f} |", end=" ")
        print(" | ".join(f"{each:.1f}" for each in lists), "|")


def _median(work) -> float:
    work()
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)
