"""Recounting every node the plain way: a query a column, each row of the drill-down at its village and every unit above
by its own columns; no shared code with the roll-up but the definitions of the indicators."""

from django.db.models import Count

from orgs.access.scope import TIERS
from orgs.units.models import OrgUnit
from reports.indicators.table import INDICATORS, Indicator
from reports.rollup.models import Figure
from reports.rollup.periods import Period


def first_wrong(period: Period) -> tuple[OrgUnit, Indicator, int, int] | None:
    """(unit, indicator, stored, counted) of the first figure that is off, or None. Reads every child once a column."""
    stored = {figure.unit_id: figure.numbers or {} for figure in Figure.objects.counted().filter(period=period.key)}
    units = list(OrgUnit.objects.filter(pk__in=stored).in_order())
    for indicator in INDICATORS:
        counted = _count_by_unit(indicator, period)
        for unit in units:
            number = counted.get((unit.level, unit.pk), 0)
            kept = stored[unit.pk].get(indicator.stored_key, number)  # younger than the row: nothing to compare
            if kept != number:
                return unit, indicator, kept, number
    return None


def _count_by_unit(indicator: Indicator, period: Period) -> dict[tuple[int, int], int]:
    """{(tier, unit): number}: rows that lie in the same four units are counted together by the database."""
    counted: dict[tuple[int, int], int] = {}
    columns = [f"{tier}_id" for tier in TIERS]
    overtaken = indicator.overtaken(period)
    for rows in [indicator.rows(period), *([] if overtaken is None else [overtaken])]:
        for *places, number in (
            rows.order_by().values(*columns).annotate(number=Count("*")).values_list(*columns, "number")
        ):
            for level, unit in enumerate(places, start=1):
                if unit:
                    counted[level, unit] = counted.get((level, unit), 0) + number
    return counted
