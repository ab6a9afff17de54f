"""Writing figures: a county as a whole, or what some of its villages changed, and the city above."""

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from orgs.units.models import OrgUnit
from reports.indicators.table import INDICATORS
from reports.rollup.counting import WIDTH
from reports.rollup.models import Figure
from reports.rollup.periods import Period

STORED_KEYS = tuple(each.stored_key for each in INDICATORS)
Stored = dict[int, dict[str, int]]  # {unit: {stored key: number}}
# a row for each member of a JSON object {unit: numbers}
INTO = "INSERT INTO reports_figure (unit_id, month, numbers, as_of, counted_at) "
ROWS = {
    "postgresql": "SELECT key::bigint, %s, value, %s::date, %s::timestamptz FROM jsonb_each(%s::jsonb)",
    "sqlite": "SELECT CAST(key AS INTEGER), %s, value, %s, %s FROM json_each(%s) WHERE true",
}
OVER = (
    " ON CONFLICT (unit_id, month)"
    " DO UPDATE SET numbers = excluded.numbers, as_of = excluded.as_of, counted_at = excluded.counted_at"
)
WRITE = {vendor: INTO + rows + OVER for vendor, rows in ROWS.items()}


def totals_of(county_id: int, leaves: dict[int, list[int]]) -> Stored:
    """Of every unit of the county: a unit without children has zeros, for it is expected in the table."""
    units = list(OrgUnit.objects.filter(county=county_id).values_list("pk", "township_id", "level"))
    total = {pk: [0] * WIDTH for pk, _, _ in units}
    for pk, township, level in units:
        if level != 4 or pk not in leaves:
            continue
        for unit in (pk, township, county_id):
            total[unit] = _sum_of(total[unit], leaves[pk])
    return {pk: dict(zip(STORED_KEYS, row, strict=True)) for pk, row in total.items()}


def _sum_of(values: list[int], more: list[int]) -> list[int]:
    return [one + other for one, other in zip(values, more, strict=True)]


def places_of(county_id: int, villages: Iterable[int]) -> dict[int, int]:
    """{village: township} of those of ``villages`` that lie in the county."""
    return dict(OrgUnit.objects.filter(county=county_id, level=4, pk__in=villages).values_list("pk", "township_id"))


def stored_before(period: Period, units: Iterable[int]) -> Stored | None:
    """What is stored of ``units``; None unless every one of them has just the numbers that are counted today."""
    wanted, expected = set(units), set(STORED_KEYS)
    rows: Stored = {pk: numbers or {} for pk, numbers in _rows(period, wanted).values_list("unit_id", "numbers")}
    return rows if rows.keys() == wanted and all(row.keys() == expected for row in rows.values()) else None


def totals_after(county_id: int, before: Stored, places: dict[int, int], leaves: dict[int, list[int]]) -> Stored:
    """Of the villages in ``places`` as they were counted now; of their townships and the county what was stored and
    the difference."""
    after = {pk: dict(row) for pk, row in before.items()}
    for village, township in places.items():
        after[village] = dict(zip(STORED_KEYS, leaves.get(village, [0] * WIDTH), strict=True))
        for above in (township, county_id):
            for key, number in after[village].items():
                after[above][key] += number - before[village][key]
    return after


def write(period: Period, values: Stored) -> None:
    """Most are as they were, and are not written again: when they were counted last says the county's mark."""
    before = {pk: row for pk, *row in _rows(period, values).values_list("unit_id", "numbers", "as_of")}
    changed = {pk: numbers for pk, numbers in values.items() if before.get(pk) != [numbers, period.as_of]}
    if not changed:
        return
    as_of = connection.ops.adapt_datefield_value(period.as_of)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        # one statement of one text: Django's rows, each put together and quoted, take longer than all the counting
        cursor.execute(WRITE[connection.vendor], [period.key, as_of, now, json.dumps(changed)])


def _rows(period: Period, units: Iterable[int]) -> QuerySet[Figure]:
    return Figure.objects.filter(period=period.key, unit__in=units)


def write_city(period: Period, county_id: int) -> None:
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
    write(period, {pk: sum_of_rows([row or {} for row in rows])})


def sum_of_rows(rows: list[dict[str, int]]) -> dict[str, int]:
    """The sum of stored values; of an indicator that is not in every row there is none, for it would be too small."""
    return {key: sum(row[key] for row in rows) for key in STORED_KEYS if all(key in row for row in rows)}
