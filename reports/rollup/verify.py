"""Recounting every node the plain way: a query a column, the rows of the drill-down at their villages and every unit
above; no shared code with the roll-up but the definitions of the indicators."""

from django.db.models import Count

from orgs.access.scope import TIERS
from orgs.units.models import OrgUnit
from reports.indicators.indicator import Indicator
from reports.indicators.table import INDICATORS
from reports.rollup.models import Figure
from reports.rollup.periods import Period


def first_wrong(period: Period) -> tuple[OrgUnit, Indicator, int, int] | None:
    """(unit, indicator, stored, counted) of the first figure that is off, or None. Reads every child once a column."""
    stored = {figure.unit_id: figure.numbers or {} for figure in Figure.objects.counted().filter(period=period.key)}
    units = list(OrgUnit.objects.filter(pk__in=stored).in_order())
    columns = [f"{tier}_id" for tier in TIERS]
    above = {pk: places for pk, *places in OrgUnit.objects.filter(level=4).values_list("pk", *columns)}
    for indicator in INDICATORS:
        counted: dict[int, int] = {}
        for village, number in _count_by_village(indicator, period):
            for unit_pk in filter(None, above[village]):
                counted[unit_pk] = counted.get(unit_pk, 0) + number
        for unit in units:
            number = counted.get(unit.pk, 0)
            kept = stored[unit.pk].get(indicator.stored_key, number)  # younger than the row: nothing to compare
            if kept != number:
                return unit, indicator, kept, number
    return None


def _count_by_village(indicator: Indicator, period: Period) -> list[tuple[int, int]]:
    """(village, number). That a row lies where its village lies is for ``check_org`` to prove."""
    overtaken = indicator.overtaken(period)
    found: list[tuple[int, int]] = []
    for rows in [indicator.rows(period), *([] if overtaken is None else [overtaken])]:
        village = f"{indicator.fact.via}village_id"
        found += rows.order_by().values(village).annotate(number=Count("*")).values_list(village, "number")
    return found
