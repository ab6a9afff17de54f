"""Recounting every node the plain way: the rows of the drill-down at their villages and every unit above, a query for
all columns that split the same rows by the same dimensions; no shared code with the roll-up but the definitions of the
indicators."""

from dataclasses import dataclass, field

from django.db.models import Count

from orgs.access.scope import TIERS, ScopedQuerySet
from orgs.units.models import OrgUnit
from reports.indicators import facts
from reports.indicators.indicator import Indicator
from reports.indicators.table import INDICATORS
from reports.rollup.models import Figure
from reports.rollup.periods import Period

Counted = dict[int, int]  # {unit: number}


def first_wrong(period: Period) -> tuple[OrgUnit, Indicator, int, int] | None:
    """(unit, indicator, stored, counted) of the first figure that is off, or None. Reads every child once a split."""
    stored = {figure.unit_id: figure.numbers or {} for figure in Figure.objects.counted().filter(period=period.key)}
    units = list(OrgUnit.objects.filter(pk__in=stored).in_order())
    columns = [f"{tier}_id" for tier in TIERS]
    above = {pk: places for pk, *places in OrgUnit.objects.filter(level=4).values_list("pk", *columns)}
    for split in _splits():
        found = split.count(period)
        for indicator in split.indicators:
            counted: Counted = {}
            for village, number in found[indicator.key].items():
                for unit_pk in above[village]:
                    counted[unit_pk] = counted.get(unit_pk, 0) + number
            for unit in units:
                number = counted.get(unit.pk, 0)
                kept = stored[unit.pk].get(indicator.stored_key, number)  # younger than the row: nothing to compare
                if kept != number:
                    return unit, indicator, kept, number
    return None


@dataclass(frozen=True)
class _Split:
    """Indicators on the same rows of one fact that differ by values of ``names`` alone: 男 and 女, the bands of age."""

    names: tuple[str, ...]
    indicators: list[Indicator] = field(default_factory=list)
    _known: dict[tuple, list[str]] = field(default_factory=dict)

    def count(self, period: Period) -> dict[str, Counted]:
        """{key of an indicator: {village: number}}. That a row lies where its village lies is for ``check_org`` to
        prove."""
        first = self.indicators[0]
        village = f"{first.fact.via}village_id"
        numbers: dict[str, Counted] = {each.key: {} for each in self.indicators}
        common = {name: values for name, values in first.where.items() if name not in self.names}
        dimensions = first.fact.dimensions(period)
        for rows in [first.fact.rows(period), *_overtaken(first, period)]:
            split = rows.annotate(**{name: dimensions[name] for name in first.where})
            for name, values in common.items():
                split = split.filter(facts.condition(name, values))
            groups = split.order_by().values(village, *self.names).annotate(number=Count("*"))
            for place, *held, number in groups.values_list(village, *self.names, "number"):
                for counted in self._counting(tuple(held), numbers):
                    counted[place] = counted.get(place, 0) + number
        return numbers

    def _counting(self, held: tuple, numbers: dict[str, Counted]) -> list[Counted]:
        """Of the indicators that ask for such a row; looked up once for each that there is."""
        if held not in self._known:
            asking = [
                each.key
                for each in self.indicators
                if all(facts.holds(name, value, each.where[name]) for name, value in zip(self.names, held, strict=True))
            ]
            self._known[held] = asking
        return [numbers[key] for key in self._known[held]]


def _overtaken(indicator: Indicator, period: Period) -> list[ScopedQuerySet]:
    return [indicator.fact.overtaken(period)] if indicator.fact.overtaken else []


def _splits() -> list[_Split]:
    """Columns that ask for categories besides other dimensions are split by these among who holds them."""
    found: dict[tuple, _Split] = {}
    for each in INDICATORS:
        several = each.where.keys() & facts.BITS.keys()
        names = tuple(sorted(each.where.keys() - several or several))
        common = tuple((name, each.where[name]) for name in sorted(several - {*names}))
        found.setdefault((each.fact, names, common), _Split(names)).indicators.append(each)
    return list(found.values())
