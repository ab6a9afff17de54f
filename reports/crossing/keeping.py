"""Counting what crossings are read from, and keeping it: the roll-up does so with the figures of a month, under the
same mark and lease, in the same transaction.

Of every village the mix of each child, of every county its children by any two dimensions. Of a village that was
written to the mixes of before are taken out of the county's cells, and those of now put in.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import F, Q

from orgs.stale_figures.keys import Kind
from orgs.stale_figures.models import CountyMonth
from reports.crossing.dimensions import VISIT
from reports.crossing.joined import At, joined
from reports.crossing.mixes import LAYOUT, MixCounts, by_pairs, counted, status_mix, whole_mix
from reports.crossing.models import CountyCells, VillageMixes
from reports.rollup.expressions import Among, Units, given_to
from reports.rollup.periods import Period

Texts = dict[int, str]  # {village: the mixes of its children}
PLACES = ("county_id", "village_id")
GROUPED = "s.county_id, s.village_id"
LISTED = {"postgresql": "STRING_AGG({}::text, ',')", "sqlite": "GROUP_CONCAT({})"}
INTO = "INSERT INTO reports_villagemixes (village_id, period, generation, mixes) "
ROWS = {
    "postgresql": "SELECT key::bigint, %s, %s, value FROM json_each_text(%s::json)",
    "sqlite": "SELECT CAST(key AS INTEGER), %s, %s, value FROM json_each(%s) WHERE true",
}
OVER = " ON CONFLICT (village_id, period) DO UPDATE SET mixes = excluded.mixes, generation = excluded.generation"
WRITE = {vendor: INTO + rows + OVER for vendor, rows in ROWS.items()}


@dataclass(frozen=True)
class Kept:
    """Of a county in a month: ``villages`` were counted, all of them where it is ``whole``; ``cells`` it comes to."""

    villages: Texts
    cells: dict[str, MixCounts]
    whole: bool


def is_kept(period: Period) -> bool:
    """Months alone are crossed."""
    return period.kind == Kind.MONTH


def counties_kept(key: str) -> set[tuple[int, str]]:
    """(county, month ``key``) of those of which crossings are kept that this version can read."""
    rows = CountyCells.objects.readable(LAYOUT).filter(mark__period=key)
    return {(row.mark.county_id, key) for row in rows.select_related("mark").only("mark__county")}


def count_whole(period: Period, counties: Iterable[int]) -> dict[int, Kept]:
    """{county: all of it}; county by county, for of one what is joined stays near the processor."""
    found = {}
    for county in counties:
        texts = mixes_of(period, counties=[county]).get(county, {})
        found[county] = Kept(texts, by_pairs(counted(texts.values())), whole=True)
    return found


def count_again(mark: CountyMonth, period: Period, villages: Collection[int]) -> Kept | None:
    """Of a county whose lease is held, where ``villages`` of it were written to; None where it has to be counted as a
    whole, for nothing is kept of it, or something else."""
    row = CountyCells.objects.readable(LAYOUT).filter(mark=mark, as_of=period.overdue_before).first()
    if row is None:
        return None
    rows = VillageMixes.objects.filter(village__in=villages, period=period.key)
    before = counted(rows.values_list("mixes", flat=True))
    texts = mixes_of(period, villages=villages).get(mark.county_id, {})
    gone, come = by_pairs(before), by_pairs(counted(texts.values()))
    cells = {pair: with_change(kept, gone[pair], come[pair]) for pair, kept in cells_in(row.cells).items()}
    return Kept({pk: texts.get(pk, "") for pk in villages}, cells, whole=False)


def with_change(kept: MixCounts, gone: MixCounts, come: MixCounts) -> MixCounts:
    found = kept.copy()
    found.subtract(gone)
    found.update(come)
    return found


def cells_in(stored: dict[str, dict[str, int]]) -> dict[str, MixCounts]:
    return {pair: counts_in(cells) for pair, cells in stored.items()}


def counts_in(stored: dict[str, int]) -> MixCounts:
    return MixCounts({int(mix): children for mix, children in stored.items()})


def keep(period: Period, marks: Collection[CountyMonth], kept: dict[int, Kept]) -> None:
    """Write what was counted of the counties of ``marks``. Call it in the transaction that gives back their leases."""
    rows = [
        CountyCells(
            mark=mark,
            layout=LAYOUT,
            as_of=period.overdue_before,
            cells={pair: _stored(each) for pair, each in kept[mark.county_id].cells.items()},
        )
        for mark in marks
    ]
    columns = ["layout", "as_of", "cells"]
    CountyCells.objects.bulk_create(rows, update_conflicts=True, unique_fields=["mark"], update_fields=columns)
    for mark in marks:
        _keep_villages(period, mark, kept[mark.county_id])


def _keep_villages(period: Period, mark: CountyMonth, kept: Kept) -> None:
    if kept.villages:
        with connection.cursor() as cursor:
            # one statement of one text, as the figures are written (``reports.rollup.storing``)
            cursor.execute(WRITE[connection.vendor], [period.key, mark.wanted, json.dumps(kept.villages)])
    if kept.whole:
        # no child is in the others now
        others = VillageMixes.objects.filter(village__county=mark.county_id, period=period.key)
        others.exclude(village__in=kept.villages).exclude(mixes="").update(mixes="", generation=mark.wanted)


def _stored(cells: MixCounts) -> dict[str, int]:
    return {str(mix): children for mix, children in sorted(cells.items()) if children}


def mixes_of(
    period: Period, *, counties: Collection[int] = (), villages: Collection[int] | None = None
) -> dict[int, Texts]:
    """{county: {village: mixes}} of the children that count in ``counties``, or in ``villages`` alone."""
    sql, params = _statement(period, connection.vendor, villages is not None)
    given = {"counties": sorted(counties), "villages": sorted(villages or ())}
    found: dict[int, Texts] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(sql, given_to(params, given))
        for county, village, mixes in cursor.fetchall():
            found[county][village] = str(mixes)
    return found


def counts_of(period: Period, villages: Collection[int], pair: frozenset[str]) -> dict[int, dict[int, MixCounts]]:
    """{county: {village: by the two dimensions of ``pair``}} of the children that count in ``villages``."""
    sql, params = _statement_of_pair(period, connection.vendor, pair)
    found: dict[int, dict[int, MixCounts]] = defaultdict(lambda: defaultdict(Counter))
    with connection.cursor() as cursor:
        cursor.execute(sql, given_to(params, {"villages": sorted(villages)}))
        for county, village, mix, children in cursor.fetchall():
            found[county][village][mix] = children
    return found


@lru_cache(maxsize=64)
def _statement(period: Period, vendor: str, of_villages: bool) -> tuple[str, list]:
    """Kept, as those of the figures are (``reports.rollup.counting``)."""
    at = _among("village", "villages") if of_villages else _among("county", "counties")
    source, params = joined(period, at, {VISIT, *PLACES}, mix=status_mix())
    listed = LISTED[vendor].format(whole_mix())
    return f"SELECT {GROUPED}, {listed} FROM {source} GROUP BY {GROUPED}", params


@lru_cache(maxsize=64)
def _statement_of_pair(period: Period, _vendor: str, pair: frozenset[str]) -> tuple[str, list]:
    source, params = joined(period, _among("village", "villages"), {*(pair & {VISIT}), *PLACES}, mix=status_mix(pair))
    return f"SELECT {GROUPED}, {whole_mix(pair)}, COUNT(*) FROM {source} GROUP BY 1, 2, 3", params


def _among(tier: str, units: str) -> At:
    return lambda via: Q(Among(F(f"{via}{tier}_id"), Units(units)))
