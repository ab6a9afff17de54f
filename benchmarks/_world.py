"""The made-up city that benchmarks measure on."""

import datetime
import math
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

COUNTIES, TOWNSHIPS, VILLAGES = 16, 11, 17  # of the city, a county, a township: about 3,000 villages
BATCH = 5_000
MADE = 7_000  # at most, by Python, where the server can double them: a million in Python takes half an hour
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid::regclass::text = ANY(%s) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""  # of tables, but those of their constraints
MOVES = "village_id", "township_id", "county_id"
MOVED = """
    CREATE TEMPORARY TABLE moved AS
    WITH villages AS (SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS all_of_them
                      FROM orgs_orgunit WHERE level = 4)
    SELECT one.id AS was, other.village_id, other.township_id, other.county_id FROM villages one
    JOIN villages other ON other.place = 1 + (one.place + %s) %% one.all_of_them
"""  # for each village another one


def median_of(work, runs: int) -> float:
    """Seconds that ``work`` takes once it is warm."""
    work()
    return statistics.median(seconds_of(work) for _ in range(runs))


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Taken(NamedTuple):
    """Seconds: by the clock, of a processor in Python, of a processor in PostgreSQL (0 where it can't be seen, and of
    SQLite, which is a part of Python). Where others are on the machine the clock counts them too. See ``alone``."""

    clock: float
    python: float
    server: float

    @property
    def processor(self) -> float:
        return self.python + self.server


def alone() -> None:
    """Have each statement answered by one process from now on, of which the time can be told."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")


def taken_by(work: Callable[[], object]) -> Taken:
    served, used, start = _served(), time.process_time(), time.perf_counter()
    work()
    return Taken(time.perf_counter() - start, time.process_time() - used, _served() - served)


def median_taken(work: Callable[[], object], runs: int) -> Taken:
    """Of ``work`` once it is warm; the median of each by itself."""
    work()
    return Taken(*map(statistics.median, zip(*(taken_by(work) for _ in range(runs)), strict=True)))


def _served() -> float:
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        statistics_of = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return int(statistics_of.read_text().split()[0]) / 1e9 if statistics_of.exists() else 0


def undone(work: Callable[[], object]) -> None:
    """Do ``work`` in a transaction that is taken back, so that it can be done again."""
    from django.db import transaction

    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def asked_of_database(work: Callable[[], object]) -> tuple[int, float, float]:
    """(queries, their seconds until they are answered, seconds of all of ``work``)."""
    from django.db import connection

    asked: list[float] = []

    def timed(execute, *said):
        start = time.perf_counter()
        try:
            return execute(*said)
        finally:
            asked.append(time.perf_counter() - start)

    with connection.execute_wrapper(timed):
        whole = seconds_of(work)
    return len(asked), sum(asked), whole


def fill(children: int, counties: int = COUNTIES) -> None:
    """A city of made-up children, each with a category and, by the rules, two visits owed, of which one is done.

    Made once for all benchmarks of a run, as the first of them asks.
    """
    from django.db import connection

    from registry.child.models import ChildFile

    if ChildFile.objects.exists():
        return
    villages, post = _units(counties)
    dice, today = random.Random(64), datetime.date.today()
    start = time.perf_counter()
    doublings = math.ceil(math.log2(max(children / MADE, 1))) if connection.vendor == "postgresql" else 0
    made = children >> doublings
    for first in range(0, made, BATCH):
        _batch(min(BATCH, made - first), villages, post, dice, today)
    if doublings:
        _double(doublings)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"filled in {time.perf_counter() - start:.0f} s")


def _double(times: int) -> None:
    """Twice as many records, ``times`` times: each once more under a new key that follows from the old one, so that
    they still belong together, in another village, so that no two in one village are alike by that. Indexes are built
    of all of it at once, and nothing is asked of a row that follows from checked ones."""
    from django.db import connection

    from registry.categories.models import CategoryMembership
    from registry.child.models import ChildFile
    from registry.status.models import ChildStatus
    from visits.schedule.models import VisitDue
    from visits.visit.models import Visit

    models = ChildFile, CategoryMembership, ChildStatus, Visit, VisitDue
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(INDEXES, [[model._meta.db_table for model in models]])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for number in range(times):
            cursor.execute(MOVED, [2**number])
            for model in models:
                cursor.execute(_once_more(model, number))
            cursor.execute("DROP TABLE moved")
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")


def _once_more(model, number: int) -> str:
    from django.db.models import AutoField, UUIDField

    columns, values = [], []
    for field in model._meta.concrete_fields:
        if isinstance(field, AutoField):
            continue
        name = f'"{field.column}"'
        key = isinstance(field.target_field if field.is_relation else field, UUIDField)
        columns.append(name)
        if key:
            values.append(f"md5(one.{name}::text || '{number}')::uuid")
        else:
            values.append(f"{'moved' if field.column in MOVES else 'one'}.{name}")
    table = model._meta.db_table
    source = f"{table} one JOIN moved ON moved.was = one.village_id"
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {source}"


def _units(counties: int):
    from orgs.units.models import OrgUnit
    from tests.builders import a_city, a_county, a_post, a_township, a_unit

    city = a_city()
    townships = [a_township(county) for county in [a_county(city) for _ in range(counties)] for _ in range(TOWNSHIPS)]
    post = a_post(a_unit(townships[0]))
    OrgUnit.objects.bulk_create(
        [
            OrgUnit(
                parent=township, level=4, name="村", city_id=city.pk, county_id=township.county_id, township=township
            )
            for township in townships
            for _ in range(VILLAGES)
        ]
    )
    from django.db.models import F

    OrgUnit.objects.filter(level=4).update(village=F("pk"))
    return list(OrgUnit.objects.filter(level=4)), post


def _batch(number: int, villages, post, dice, today) -> None:
    from registry.categories.models import CategoryMembership
    from registry.child import codes
    from registry.child.models import ChildFile
    from registry.status.models import ChildStatus
    from registry.status.services import first_statuses
    from visits.schedule.models import VisitDue
    from visits.schedule.services.rules import DEFAULT_DAYS
    from visits.visit.models import Visit

    def ago(most):
        return today - datetime.timedelta(days=dice.randrange(most))

    files, held, visits, dues = [], [], [], []
    for _ in range(number):
        child = ChildFile(
            name="张子涵", sex=dice.choice(codes.Sex.values), birth_date=ago(365 * 18), state="approved",
            risk=dice.choice(codes.Risk.values), guardianship=dice.choice(codes.Guardianship.values),
            schooling=dice.choice(codes.Schooling.values), approved_on=ago(700), made_by=post.person, made_in=post,
        )  # fmt: skip
        child.place(dice.choice(villages))
        files.append(child)
        since, days = child.approved_on, DEFAULT_DAYS[child.risk]
        held.append(CategoryMembership(child=child, category=dice.choice(codes.Category.values), since=since))
        day = max(since, ago(60))
        # accepted: of a month's visits a few days' wait at any time, not all
        visit = Visit(child=child, visited_on=day, made_by=post.person, made_in=post, state="accepted")
        visits.append(visit)
        for first, ended_on, by in ((since, visit.visited_on, visit), (visit.visited_on, None, None)):
            due_on = first + datetime.timedelta(days=days)
            dues.append(VisitDue(child=child, since=first, days=days, due_on=due_on, ended_on=ended_on, visit=by))
        for record in (held[-1], visit, *dues[-2:]):
            record.place(child)
    for model, rows in ((ChildFile, files), (CategoryMembership, held), (Visit, visits), (VisitDue, dues)):
        model.objects.bulk_create(rows, batch_size=1000)
    made = ChildFile.objects.filter(pk__in=[child.pk for child in files])
    statuses = first_statuses(list(made.prefetch_related("memberships", "past_periods")))
    ChildStatus.objects.bulk_create(statuses, batch_size=1000)
