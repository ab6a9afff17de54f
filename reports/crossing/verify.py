"""What is kept of crossings beside what the rows give."""

from collections import Counter

from orgs.units.models import OrgUnit
from reports.crossing.keeping import cells_in, mixes_of
from reports.crossing.mixes import LAYOUT, by_pairs, counted
from reports.crossing.models import CountyCells, VillageMixes
from reports.rollup.periods import Period


def first_wrong_unit(period: Period) -> OrgUnit | None:
    """The first village whose mixes are not those of its children, or county whose cells are not those of its villages.
    Of counties that nobody has written in since they were counted, and that were counted as of the period's day."""
    rows = CountyCells.objects.readable(LAYOUT).filter(mark__period=period.key, as_of=period.overdue_before)
    for row in rows.select_related("mark").order_by("mark__county"):
        mark = row.mark
        if mark.wanted > mark.done:
            continue
        now = mixes_of(period, counties=[mark.county_id]).get(mark.county_id, {})
        villages = VillageMixes.objects.filter(village__county=mark.county_id, period=period.key)
        kept: dict[int, str] = dict(villages.values_list("village_id", "mixes"))
        for village in sorted({*now, *kept}):
            if _each_counted(now.get(village, "")) != _each_counted(kept.get(village, "")):
                return OrgUnit.objects.get(pk=village)
        wanted = {pair: +cells for pair, cells in by_pairs(counted(now.values())).items()}
        if cells_in(row.cells) != wanted:
            return OrgUnit.objects.get(pk=mark.county_id)
    return None


def _each_counted(mixes: str) -> Counter[str]:
    return Counter(mixes.split(","))
