"""Recounting every node the plain way: one query a column and unit, no shared code with the roll-up but the
definitions of the indicators."""

from orgs.access.scope import TIERS
from orgs.units.models import OrgUnit
from reports.indicators.table import INDICATORS, Indicator
from reports.rollup.models import Figure
from reports.rollup.periods import Period


def first_wrong(period: Period) -> tuple[OrgUnit, Indicator, int, int] | None:
    """(unit, indicator, stored, counted) of the first figure that is off, or None. Reads every child once a column."""
    stored = {f.unit_id: f for f in Figure.objects.counted().filter(period=period.key)}
    units = OrgUnit.objects.filter(pk__in=stored).in_order()
    for indicator in INDICATORS:
        counted = _count_by_unit(indicator, period)
        for unit in units:
            number = counted.get((unit.level, unit.pk), 0)
            held = stored[unit.pk].numbers or {}
            kept = held.get(indicator.stored_key, number)  # younger than the row: nothing to compare
            if kept != number:
                return unit, indicator, kept, number
    return None


def _count_by_unit(indicator: Indicator, period: Period) -> dict[tuple[int, int], int]:
    """Each row of the drill-down counted at its village and at every unit above, one by one."""
    counted: dict[tuple[int, int], int] = {}
    columns = [f"{tier}_id" for tier in TIERS]
    overtaken = indicator.overtaken(period)
    for rows in [indicator.rows(period), *([] if overtaken is None else [overtaken])]:
        for places in rows.order_by().values_list(*columns).iterator():
            for level, unit in enumerate(places, start=1):
                if unit:
                    counted[level, unit] = counted.get((level, unit), 0) + 1
    return counted
