"""Loading the real city's division file beside the plain inserts that its rows need."""

import statistics
import time
from pathlib import Path

RUNS = 3
FILE = Path(__file__).resolve().parent.parent / "data" / "zhengzhou_units.csv"


def main(children: int = 0) -> None:
    """Print medians and ratios of a first load, a second one that changes nothing, and the floor."""
    from django.db import connection

    first = [_undone(lambda: _load()) for _ in range(RUNS)]
    again = [_undone(lambda: _load(), lambda: _load()) for _ in range(RUNS)]
    floor = [_undone(_floor) for _ in range(RUNS)]
    limit = statistics.median(floor)
    print(f"{connection.vendor}, {FILE.name}: 3,530 units with the overlay (median of {RUNS})\n")
    print("| what | ms | ÷ floor |\n|---|--:|--:|")
    for what, taken in (("bulk inserts of the rows alone", floor), ("load_units", first), ("load_units again", again)):
        seconds = statistics.median(taken)
        print(f"| {what} | {seconds * 1000:,.0f} | {seconds / limit:.1f} |")


def _load() -> None:
    from orgs.units.services.load import load_units

    load_units([FILE], [FILE.with_name("overlay.csv")])


def _floor() -> None:
    import csv

    from orgs.access.scope import TIERS
    from orgs.units.models import OrgUnit

    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    OrgUnit.objects.bulk_create(
        [OrgUnit(level=TIERS.index(row["tier"]) + 1, code=row["code"], name=row["name"]) for row in rows],
        batch_size=500,
    )


def _undone(work, before=None) -> float:
    """Seconds of ``work`` in a transaction that is rolled back."""
    from django.db import transaction

    with transaction.atomic():
        if before:
            before()
        start = time.perf_counter()
        work()
        taken = time.perf_counter() - start
        transaction.set_rollback(True)
    return taken
