"""Counting: one job per (county, period), set-based, safe to run twice, to die anywhere, to lose its message.

Grouped at the villages over covering indexes, then summed upward in memory; aggregated outside a transaction, so that
SQLite's only writer lock is held for the short write alone.
"""

import datetime
import logging

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from childwelfare.jobs.models import after_now
from orgs.stale_figures.models import CountyMonth
from orgs.units.models import OrgUnit
from reports.indicators.table import INDICATORS, CountedTogether, counted_together
from reports.rollup.models import Figure
from reports.rollup.periods import Period

log = logging.getLogger(__name__)
LEASE = datetime.timedelta(minutes=5)
STORED_KEYS = tuple(each.stored_key for each in INDICATORS)
WIDTH = len(INDICATORS)


def roll_up(county_id: int, key: str, *, force: bool = False) -> bool:
    """Count a county's period and write the rows of the county, its townships and villages, and of the city above.

    Returns whether this call wrote. It does nothing when another run holds the lease or nothing changed since.
    ``force`` counts even then. A write that comes in meanwhile leaves the mark stale for the next run.
    """
    # ``mark.wanted`` was read with the claim: a write from now on raises it in the database, and ``done`` below, set to
    # what was read, stays behind it, so that the next sweep counts again
    mark = _claim(county_id, key, force)
    if mark is None:
        return False
    period = Period.of(key)
    try:
        leaves = count_leaves(period, county_id)
    except Exception:
        # given back at once, or nobody could count before the lease runs out; nothing was written yet
        CountyMonth.objects.filter(pk=mark.pk, lease=mark.lease).update(lease=None, lease_until=None)
        raise
    with transaction.atomic():
        held = CountyMonth.objects.filter(pk=mark.pk, lease=mark.lease)
        counted = {"done": mark.wanted, "rolled_at": timezone.now(), "as_of": period.overdue_before}
        # first, and in one transaction with the figures: who has lost the lease writes none of them
        if not held.update(lease=None, lease_until=None, **counted):
            return False  # the lease ran out and somebody else took over: their figures count
        totals = _unit_totals(county_id, leaves)
        _write(period, {pk: dict(zip(STORED_KEYS, row, strict=True)) for pk, row in totals.items()})
        _write_city(period, county_id)
    return True


def count_leaves(period: Period, county_id: int) -> dict[int, list[int]]:
    """{village id: values} of every village of a county that has anything to count, in the order of INDICATORS."""
    leaves: dict[int, list[int]] = {}
    position = {each.key: number for number, each in enumerate(INDICATORS)}
    for together in counted_together():
        columns = [position[each.key] for each in together.indicators]
        for source in together.fact.sources(period):
            for village, *numbers in _grouped_counts(source, together, period, county_id):
                values = leaves.setdefault(village, [0] * WIDTH)
                for column, number in zip(columns, numbers, strict=True):
                    values[column] += number
    return leaves


def open_periods(today: datetime.date | None = None) -> None:
    """See that every county has its mark for the running month, quarter and year, and those before them that the trends
    show."""
    keys = [key for period in Period.running_now(today) for key in period.lately()]
    counties = OrgUnit.objects.filter(level=2).current().values_list("pk", flat=True)
    held = set(CountyMonth.objects.filter(period__in=keys).values_list("county_id", "period"))
    missing = [CountyMonth(county_id=pk, period=key) for pk in counties for key in keys if (pk, key) not in held]
    CountyMonth.objects.bulk_create(missing, ignore_conflicts=True)


def mark_overtaken(today: datetime.date | None = None) -> int:
    """Mark what no write but time or a new indicator has overtaken; return how many marks.

    Ages and overdue visits move with the day, a finished period is closed once more (``as_of`` of a mark is the
    period's ``overdue_before`` when it was counted), and an indicator declared since is counted for the running
    periods. A period that is over keeps what was counted: it was read out and signed.
    """
    today = today or timezone.localdate()
    running = [period.key for period in Period.running_now(today)]
    rows = Figure.objects.filter(period__in=running, unit__level=2, numbers__has_keys=list(STORED_KEYS))
    complete = set(rows.values_list("unit_id", "period"))
    counted = CountyMonth.objects.filter(done__gt=0, wanted=F("done"))
    overtaken = 0
    for pk, county, key, as_of in counted.values_list("pk", "county_id", "period", "as_of"):
        older = as_of is None or as_of < Period.of(key, today).overdue_before
        if older or (key in running and (county, key) not in complete):
            # one by one: who writes in the county holds one of its marks and asks for the next
            overtaken += counted.filter(pk=pk).overtake()
    return overtaken


def _claim(county_id: int, key: str, force: bool) -> CountyMonth | None:
    """Take the lease on a county's period: one UPDATE, which of two at once only one wins. None when another holds it
    or nothing has changed since it was counted. A lease that ran out belongs to a worker that died: it is free."""
    lease = CountyMonth.new_lease()
    CountyMonth.objects.bulk_create([CountyMonth(county_id=county_id, period=key)], ignore_conflicts=True)
    here = CountyMonth.objects.filter(county=county_id, period=key)
    free = here.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
    if not force:
        free = free.filter(wanted__gt=F("done"))
    if not free.update(lease=lease, lease_until=after_now(LEASE)):
        return None
    # read after the claim, not before: what was written in between is counted now
    return here.get()


def _grouped_counts(rows: QuerySet, together: CountedTogether, period: Period, county_id: int) -> list[tuple]:
    """Rows (village, figure, …), read from the cursor: building objects would cost more than counting."""
    # numbered: a key may be the name of a column
    counts = {f"n{number}": count for number, count in enumerate(together.counts().values())}
    rows = rows.filter(county=county_id).order_by().annotate(**together.dimensions(period))
    grouped = rows.values("village_id").annotate(**counts).values_list("village_id", *counts)
    sql, params = grouped.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _unit_totals(county_id: int, leaves: dict[int, list[int]]) -> dict[int, list[int]]:
    """Values of every unit of the county: a unit without children has zeros, for it is expected in the table."""
    units = OrgUnit.objects.filter(county=county_id).values_list("pk", "township_id", "level")
    total = {pk: [0] * WIDTH for pk, _, _ in units}
    for pk, township, level in units:
        if level != 4 or pk not in leaves:
            continue
        for unit in (pk, township, county_id):
            total[unit] = _sum_of(total[unit], leaves[pk])
    return total


def _sum_of(values: list[int], more: list[int]) -> list[int]:
    return [one + other for one, other in zip(values, more, strict=True)]


def _write(period: Period, values: dict[int, dict[str, int]]) -> None:
    """``values``: {unit: {stored key: number}}. Most are as they were: of these only the time is written."""
    now = timezone.now()
    stored = Figure.objects.filter(period=period.key, unit__in=values)
    before = dict(stored.values_list("unit_id", "numbers"))
    changed = {pk: numbers for pk, numbers in values.items() if before.get(pk) != numbers}
    stored.filter(unit__in=before.keys() - changed.keys()).update(as_of=period.as_of, counted_at=now)
    Figure.objects.bulk_create(
        [
            Figure(unit_id=pk, period=period.key, numbers=numbers, as_of=period.as_of, counted_at=now)
            for pk, numbers in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["unit", "period"],
        update_fields=["numbers", "as_of", "counted_at"],
        batch_size=200,
    )


def _write_city(period: Period, county_id: int) -> None:
    """The city is the sum of its counties' rows; written by whichever county comes last.

    Two counties at once would each miss the other's new row, so the city's row is locked first. ``no_key`` lets
    other writes refer to the city meanwhile: a full lock would block every new file there, and deadlock with its mark.
    """
    city = OrgUnit.objects.select_for_update(no_key=True).filter(
        level=1, pk__in=OrgUnit.objects.filter(pk=county_id).values("city")
    )
    pk = city.values_list("pk", flat=True).first()
    if pk is None:
        return
    counties = Figure.objects.counted().filter(unit__city=pk, unit__level=2, period=period.key)
    rows = counties.values_list("numbers", flat=True)
    _write(period, {pk: sum_of_rows([row or {} for row in rows])})


def sum_of_rows(rows: list[dict[str, int]]) -> dict[str, int]:
    """The sum of stored values; of an indicator that is not in every row there is none, for it would be too small."""
    return {key: sum(row[key] for row in rows) for key in STORED_KEYS if all(key in row for row in rows)}
