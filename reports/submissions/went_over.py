"""Villages whose children an order of a month took elsewhere, and where to."""

import datetime
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q

from orgs.reorganisation.models import Kind, Reorganisation, Result, Succession
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.periods.models import PastPeriod, PeriodEnd
from reports.rollup.periods import Period


@dataclass
class WentOver:
    """``village``, closed on ``on`` by the order ``document``. ``heir``: the one that had taken over all of it by the
    end of the month; where there is none, ``placed``: [(village, how many were placed there)]."""

    village: OrgUnit
    on: datetime.date
    document: str
    heir: OrgUnit | None = None
    placed: list[tuple[OrgUnit, int]] = field(default_factory=list)

    def name_below(self, unit: OrgUnit) -> str:
        """As a line of ``unit``'s names it: the township, where all of that went with it."""
        township = self.village.township
        whole = township and township.valid_to == self.village.valid_to and unit.level < township.level
        return township.short_name if township and whole else self.village.short_name


def went_over(root: OrgUnit, month: Period) -> list[WentOver]:
    """Those below ``root`` whose children were on file there before ``month`` and were taken elsewhere in it, in the
    order of their days. One query where no order had its day; else some six, however many villages."""
    left = _left(root, month)
    keys = list(left.order_by().values_list("village", flat=True).distinct())
    if not keys:
        return []
    villages = OrgUnit.objects.with_path().in_bulk(keys)
    heirs = _heirs(keys, month)
    units = OrgUnit.objects.with_path().in_bulk(set(heirs.values()))
    orders = _orders_of(list(villages.values()))
    apart = _placed(left.exclude(village__in=heirs))
    found = []
    for pk, village in villages.items():
        on, document = orders.get(pk, (village.valid_to or month.first, ""))
        heir = units[heirs[pk]] if pk in heirs else None
        found.append(WentOver(village, on, document, heir, apart.get(pk, [])))
    return sorted(found, key=lambda each: (each.on, each.village.pinyin, each.village.pk))


def _left(root: OrgUnit, month: Period):
    rows = PastPeriod.objects.within(root).filter(ended_by=PeriodEnd.UNITS, since__lt=month.first)
    return rows.filter(until__gte=month.first, until__lte=month.last)


def _heirs(villages: Collection[int], month: Period) -> dict[int, int]:
    """{village: the one village that stood in its place at the end of ``month``}, of those that went over as a whole,
    whatever number of orders it took."""
    step: dict[int, int] = {}
    asked: set[int] = set()
    following = set(villages)
    while following:
        asked |= following
        rows = Succession.objects.filter(predecessor__in=following, on__lte=month.last)
        after: dict[int, list[int]] = {}
        for before, successor in rows.values_list("predecessor", "successor"):
            after.setdefault(before, []).append(successor)
        whole = set(OrgUnit.objects.filter(pk__in=after, taken_over_by__isnull=False).values_list("pk", flat=True))
        step |= {before: found[0] for before, found in after.items() if len(found) == 1 and before in whole}
        apart = set(after) - set(step)
        step |= dict.fromkeys(apart, 0)
        following = {found for before, found in step.items() if before in following and found} - asked
    heirs = {}
    for village in villages:
        at = village
        while at in step and at:
            at = step[at]
        if at and at != village:
            heirs[village] = at
    return heirs


def _orders_of(villages: list[OrgUnit]) -> dict[int, tuple[datetime.date, str]]:
    """{village: the day and the document of the order that closed it}."""
    keys = [each.pk for each in villages]
    rows = Succession.objects.filter(predecessor__in=keys).select_related("reorganisation").order_by("-on", "-pk")
    found = {row.predecessor_id: (row.on, row.reorganisation.document) for row in rows}
    lines = {each.pk: {each.pk, each.township_id, each.county_id} for each in villages if each.pk not in found}
    if lines:
        closed = Q(kind=Kind.CLOSE, outcome__result=Result.APPLIED, parts__source__in=set().union(*lines.values()))
        orders = Reorganisation.objects.filter(closed)
        told = list(orders.values_list("parts__source", "effective_on", "document"))
        for village in villages:
            for source, on, document in told:
                if source in lines.get(village.pk, ()) and on == village.valid_to:
                    found[village.pk] = on, document
    return found


def _placed(left) -> dict[int, list[tuple[OrgUnit, int]]]:
    """{village: [(where its children are next, how many)]} of those that ``left``."""
    ends = {child: (village, until) for child, village, until in left.values_list("child", "village", "until")}
    if not ends:
        return {}
    after = dict(ChildFile.objects.filter(pk__in=ends).values_list("pk", "village"))
    later = PastPeriod.objects.filter(child__in=ends).order_by("-since", "-until")
    for child, village, since in later.values_list("child", "village", "since"):
        if since >= ends[child][1]:
            after[child] = village  # the earliest of those that follow is read last
    counted = Counter((village, after[child]) for child, (village, _until) in ends.items())
    units = OrgUnit.objects.with_path().in_bulk({to for _village, to in counted})
    found: dict[int, list[tuple[OrgUnit, int]]] = {}
    for (village, to), number in sorted(counted.items()):
        found.setdefault(village, []).append((units[to], number))
    return found
