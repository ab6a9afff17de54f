"""Reading figures: of a unit, of the next tier below, of the periods before; and how fresh they are."""

import datetime

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format

from childwelfare.text.days import short_day
from orgs.stale_figures.models import CountyMonth
from orgs.units.models import OrgUnit
from reports.indicators.cross_checks import check_all
from reports.indicators.indicator import Numbers
from reports.indicators.table import INDICATORS, numbers_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period

KEYS = tuple(indicator.key for indicator in INDICATORS)


def figures_of(unit: OrgUnit, period: str) -> Numbers | None:
    """{indicator key: number}; None where the period was not counted yet."""
    row = Figure.objects.counted().filter(unit=unit, period=period).values_list("numbers", flat=True).first()
    return None if row is None else numbers_of(row)


def table_of(unit: OrgUnit, period: str) -> list[tuple[OrgUnit, Numbers]]:
    """(unit, figures) of the next tier below, in the order of the tables; of the unit itself for a village.

    The units that stood in the period, though they were closed since, and of the closed ones those that still count
    somebody: else the rows would not come to what the unit above tells. By the names of then.
    """
    below = unit.children.all() if unit.level < 4 else OrgUnit.objects.filter(pk=unit.pk)
    first, last = Period.of(period).first, Period.of(period).last
    units = list(below.with_path().in_order())
    rows = Figure.objects.counted().filter(unit__in=units, period=period).values_list("unit_id", "numbers")
    found = {pk: numbers_of(stored) for pk, stored in rows}
    stood = [each for each in units if each.pk == unit.pk or _stood(each, first, last)]
    counting = [each for each in units if each not in stood and any(found.get(each.pk, {}).values())]
    units = [each.as_of(last) for each in stood + counting]
    if any(each.earlier_names for each in units):  # as the tables of then were ordered
        units.sort(key=lambda each: (each in counting, *each.place_in_tables))
    empty: Numbers = dict.fromkeys(KEYS, 0)
    table = []
    for each in units:
        if each.stand_in:  # a tier that does not exist: its units stand in its place
            table += table_of(each, period)
        else:
            table.append((each, found.get(each.pk, empty)))
    return table


def _stood(unit: OrgUnit, first: datetime.date, last: datetime.date) -> bool:
    """On a day from ``first`` to ``last``."""
    return (unit.valid_to is None or unit.valid_to > first) and (unit.valid_from is None or unit.valid_from <= last)


def total_of(table: list[tuple[OrgUnit, Numbers]]) -> Numbers:
    """The 合计 row; None where a unit's number is missing, for the total would be too small."""
    total: Numbers = {}
    for key in KEYS:
        column = [figures[key] for _, figures in table]
        total[key] = None if None in column else sum(number or 0 for number in column)
    return total


def broken_checks(table) -> dict[int, set[str]]:
    """{unit id: columns} of the relations that do not hold in a row."""
    broken: dict[int, set[str]] = {}
    for unit, figures in table:
        for check, gap in check_all(figures):
            if gap:
                broken.setdefault(unit.pk, set()).update(check.columns)
    return broken


def trend_of(unit: OrgUnit, period: Period) -> list[tuple[str, dict[str, int]]]:
    """(key, numbers as they are stored) of the last periods of the same kind that were counted, oldest first."""
    keys = [key for key in period.lately() if unit.valid_from is None or unit.valid_from <= Period.of(key).last]
    rows = Figure.objects.counted().filter(unit=unit, period__in=keys).order_by("period")
    return [(row.period, row.numbers or {}) for row in rows]


def freshness(unit: OrgUnit, period: str) -> dict:
    """``at``: when the figures of a unit were counted, in words, blank where they were not yet; ``stale``: whether some
    write has overtaken them. One query."""
    rows = list(_marks(unit, period).values_list("rolled_at", "wanted", "done"))
    counted_at = min((at for at, _wanted, _done in rows if at), default=None)
    return _freshness(counted_at, any(wanted > done for _at, wanted, done in rows))


def figures_with_freshness(unit: OrgUnit, period: str) -> tuple[Numbers | None, dict]:
    """As ``figures_of`` and ``freshness``, together by one query."""
    marks = _marks(unit, period).order_by()
    counted_at = marks.values("period").annotate(first=Min("rolled_at")).values("first")
    stale = marks.filter(wanted__gt=F("done"))
    figures = Figure.objects.counted().filter(unit=unit, period=period)
    row = figures.values_list("numbers", Subquery(counted_at), Exists(stale)).first()
    if row is None:
        return None, _freshness(None, False)
    return numbers_of(row[0]), _freshness(*row[1:])


def stale_marks_of_figure() -> QuerySet:
    """For a subquery of figures: the shards of each that some write has overtaken, as ``freshness`` says."""
    return _marks_of_figure().filter(wanted__gt=F("done"))


def last_counted() -> Subquery:
    """For an annotation of figures: when all that they are made of was counted last."""
    marks = _marks_of_figure().order_by().values("period")
    return Subquery(marks.annotate(first=Min("rolled_at")).values("first"))


def _marks_of_figure() -> QuerySet:
    own = Q(county=OuterRef("unit__county")) | Q(county__city=OuterRef("unit"))
    return CountyMonth.objects.filter(own, period=OuterRef("period"))


def _marks(unit: OrgUnit, period: str) -> QuerySet:
    """The shards that the figures of ``unit`` are made of."""
    marks = CountyMonth.objects.filter(period=period)
    return marks.filter(county__city=unit) if unit.level == 1 else marks.filter(county=unit.county_id)


def _freshness(counted_at: datetime.datetime | None, stale: bool) -> dict:
    at = counted_at and timezone.localtime(counted_at)
    words = f"{short_day(at)} {date_format(at, 'TIME_FORMAT')}" if at else ""
    return {"at": words, "stale": stale}
