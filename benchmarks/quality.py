"""The numbers of data quality of a unit beside the plain GROUP BY that they need, the lists behind them, and what it
costs to look at a file anew. On PostgreSQL alone: its hash makes up the rows."""

import time

from benchmarks._world import fill, median_of

RUNS = 7
LOOKED_AT = 2_000
KINDS = ("missing", "contradiction", "stale")
SECTIONS = ("identity", "family", "school", "health", "categories")


def main(children: int = 100_000) -> None:
    """Print medians in ms and the ratio ours ÷ raw for a city, a county, a township and a village."""
    from django.db import connection

    from childwelfare.tables.keyset import capped_count, page_of
    from orgs.access.scope import TIERS
    from orgs.units.models import OrgUnit
    from registry.child.models import ChildFile
    from registry.lists.search import narrow
    from registry.quality.models import FileIssue
    from registry.quality.numbers import numbers_of

    if connection.vendor != "postgresql":
        print("on PostgreSQL alone")
        return
    fill(children)
    counties = list(OrgUnit.objects.filter(level=2))
    files = list(ChildFile.objects.within(counties[0])[:LOOKED_AT])
    first, again = (_looking(files) for _time in range(2))
    FileIssue.objects.all().delete()
    _made_up_issues()
    rows, county = FileIssue.objects.count(), counties[0]
    print(f"{connection.vendor}, {children:,} files, {rows:,} rows; ms, median of {RUNS}\n")
    print(f"a file looked at: the first time {first:,.0f} µs, again {again:,.0f} µs\n")
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
        rare = min(counts, key=counts.get, default="")
        ours, floor = _median(lambda unit=unit: numbers_of(unit)), _median(raw)
        lists = [_median(lambda issue=issue: listed(issue)) for issue in ("missing", rare)]
        print(f"| {unit.get_level_display()} | {ours:.1f} | {floor:.1f} | {ours / floor:.2f} |", end=" ")
        print(" | ".join(f"{each:.1f}" for each in lists), "|")


def _looking(files) -> float:
    """µs a file, in the batches of the night."""
    from registry.quality.services import BATCH, recount_file

    start = time.perf_counter()
    for number in range(0, len(files), BATCH):
        recount_file(*files[number : number + BATCH])
    return 1e6 * (time.perf_counter() - start) / len(files)


def _made_up_issues() -> None:
    """Rows as a county has them that has begun to clean up: two thirds complete, the others with a few rules each."""
    from django.db import connection

    from registry.quality import RULES

    keys = [("complete", 0, 65), *((kind, 65 * (kind == "missing"), 100 * (kind == "missing") or 6) for kind in KINDS)]
    for number, rule in enumerate(RULES.values()):
        keys.append((rule.key, 66 + number % 30, 68 + number % 30))
    keys += [(f"{section}:missing", 66 + 5 * n, 80 + 3 * n) for n, section in enumerate(SECTIONS)]
    places = "city_id, county_id, township_id, village_id"
    with connection.cursor() as cursor:
        for number, (key, low, high) in enumerate(keys):
            spread = f"mod(abs(hashtext(id::text || '{number if key not in ('complete', 'missing') else ''}')), 100)"
            cursor.execute(
                f"INSERT INTO registry_fileissue (child_id, rule, since, {places}) SELECT id, %s, now()::date, {places}"
                f" FROM registry_childfile WHERE {spread} >= %s AND {spread} < %s",
                [key, low, high],
            )
        cursor.execute("VACUUM ANALYZE registry_fileissue")


def _median(work) -> float:
    return 1000 * median_of(work, RUNS)
