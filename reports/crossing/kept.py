"""The rows of a crossing from what the roll-up kept, and the villages that were written to since counted anew: the
same as ``LiveRows`` counts, without reading every child.

A write raises its county's mark and names its villages, in its own transaction. What was kept of these is taken out,
and put in what they are now. A county of which nothing is kept, that was counted on another day, or of which nobody
could say which villages, is counted as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.db.models.fields.json import KeyTransform

from orgs.units.models import Level, OrgUnit
from reports.crossing.keeping import counts_in, counts_of, is_kept, with_change
from reports.crossing.mixes import DIGITS, LAYOUT, PAIRS, MixCounts, counted, mask_of, narrowed
from reports.crossing.models import CountyCells, VillageMixes
from reports.crossing.source import LiveRows, Where
from reports.rollup.periods import Period

COUNTY, TOWNSHIP = "county_id", "township_id"
BELOW: dict[int, str] = {Level.CITY: COUNTY, Level.COUNTY: TOWNSHIP}


class _Cells(NamedTuple):
    """Of a county, as they were counted at ``generation``; ``stale``: its villages that were written to since."""

    mixes: MixCounts
    generation: int
    stale: set[int]


class KeptRows(LiveRows):
    """Its tables from what is kept, of a city and of a county; its lists, and all of smaller units, as LiveRows."""

    def groups(self, *columns: str, where: Where = ()) -> list[tuple]:
        """Two queries, three of a city; where somebody has just written, two more."""
        named = {*columns, *(name for each in where for name in each)}
        places = named - DIGITS.keys()
        pair = next((pair for pair in PAIRS if named - places <= pair), None)
        below = BELOW.get(self.unit.level)
        if below is None or pair is None or not places <= {below} or not is_kept(self.month):
            return super().groups(*columns, where=where)
        found = self._of_townships(pair) if TOWNSHIP in places else self._of_counties(pair)
        groups: Counter[tuple] = Counter()
        for place, mixes in found.items():
            for mix, children in mixes.items():
                raw = {name: place if name in places else DIGITS[name].raw(mix) for name in named}
                if not where or any(all(raw[name] in held for name, held in each.items()) for each in where):
                    groups[tuple(raw[name] for name in columns)] += children
        for *held, children in self._left(found, columns, where):
            groups[tuple(held)] += children
        return [(*held, children) for held, children in groups.items() if children]

    def _left(self, found: Collection[int], columns: tuple[str, ...], where: Where) -> list[tuple]:
        """What is not kept, as it is counted from the rows."""
        if self.unit.level == Level.COUNTY:
            return [] if found else super().groups(*columns, where=where)
        counties = OrgUnit.objects.filter(level=Level.COUNTY, city=self.unit.pk)
        left = sorted(set(counties.values_list("pk", flat=True)) - set(found))
        return LiveRows(self.unit, self.month, left).groups(*columns, where=where) if left else []

    def _of_counties(self, pair: frozenset[str]) -> dict[int, MixCounts]:
        """{county: by ``pair``} of those that are kept."""
        kept = _cells_of(self.unit, self.month, pair)
        before, now = _villages_of(kept, self.month, pair)
        found, mask = {}, mask_of(pair)
        for county, each in kept.items():
            gone = narrowed(counted(before[county]), mask)
            found[county] = with_change(each.mixes, gone, sum(now[county].values(), MixCounts()))
        return found

    def _of_townships(self, pair: frozenset[str]) -> dict[int, MixCounts]:
        """{township of the county: by ``pair``}; empty where it is not kept."""
        kept = _cells_of(self.unit, self.month, pair)
        _before, now = _villages_of(kept, self.month, pair)
        cells = kept.get(self.unit.pk)
        if cells is None:
            return {}
        texts: dict[int, list[str]] = defaultdict(list)
        rows = VillageMixes.objects.filter(village__county=self.unit.pk, period=self.month.key)
        for village, township, generation, mixes in rows.values_list(
            "village_id", "village__township_id", "generation", "mixes"
        ):
            if generation > cells.generation:
                return {}  # a run has just written it anew
            if township and village not in cells.stale:
                texts[township].append(mixes)
        mask = mask_of(pair)
        found = {township: narrowed(counted(listed), mask) for township, listed in texts.items()}
        written = now[self.unit.pk]
        if written:
            townships: dict[int, int] = dict(OrgUnit.objects.filter(pk__in=written).values_list("pk", "township_id"))
            for village, counts in written.items():
                found.setdefault(townships[village], MixCounts()).update(counts)
        return found


def _cells_of(unit: OrgUnit, month: Period, pair: frozenset[str]) -> dict[int, _Cells]:
    """{county: its cells} of the counties of ``unit`` of which all can be told from what is kept."""
    rows = CountyCells.objects.readable(LAYOUT).filter(mark__period=month.key, as_of=month.overdue_before)
    rows = rows.filter(mark__county=unit) if unit.level == Level.COUNTY else rows.filter(mark__county__city=unit)
    found = {}
    # with its mark in one statement, so that they are of one moment
    for row in rows.select_related("mark").defer("cells").annotate(pair=KeyTransform(PAIRS[pair], "cells")):
        mark = row.mark
        stale = mark.villages_to_count if mark.wanted > mark.done else set()
        if stale is not None:
            found[mark.county_id] = _Cells(counts_in(row.pair), mark.done, stale)
    return found


def _villages_of(
    kept: dict[int, _Cells], month: Period, pair: frozenset[str]
) -> tuple[dict[int, list[str]], dict[int, dict[int, MixCounts]]]:
    """Of the stale villages of each county, what its cells have of them, and what they are now, by ``pair``. Where a
    run has just written them anew, that can't be told of their county, and it is taken out of ``kept``."""
    before: dict[int, list[str]] = defaultdict(list)
    now: dict[int, dict[int, MixCounts]] = defaultdict(dict)
    stale = sorted({village for each in kept.values() for village in each.stale})
    if not stale:
        return before, now
    rows = VillageMixes.objects.filter(village__in=stale, period=month.key)
    for county, village, generation, mixes in rows.values_list(
        "village__county_id", "village_id", "generation", "mixes"
    ):
        if county in kept and village in kept[county].stale:
            if generation > kept[county].generation:
                del kept[county]
            else:
                before[county].append(mixes)
    for county, villages in counts_of(month, stale, pair).items():
        if county in kept:
            now[county] = {village: mixes for village, mixes in villages.items() if village in kept[county].stale}
    return before, now
