"""Children whom orders of a month took elsewhere: order by order, from which village to which.

What was reported of a village for the month before goes along while each order takes all of it to one other. From the
first order on that took its children apart (it was split, or closed without an heir) those are counted who were placed;
so are all of a village that had nothing valid the month before, or of which some had not gone by the end of this one.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from orgs.reorganisation.models import Kind, Reorganisation, Result, Succession
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.periods.models import PastPeriod, PeriodEnd
from reports.rollup.periods import Period
from reports.submissions.models import Submission


@dataclass(frozen=True)
class WentOver:
    """By the order ``document`` of the day ``on``, from ``village`` to ``to``: of those who were on file at ``origin``
    before the month ``number``; None: all that ``origin`` reported."""

    origin: OrgUnit
    village: OrgUnit
    to: OrgUnit
    on: datetime.date
    document: str
    number: int | None

    def name_below(self, unit: OrgUnit) -> str:
        """As a line of ``unit``'s names it: the township, where all of that went with it."""
        township = self.village.township
        whole = township and township.valid_to == self.village.valid_to and unit.level < township.level
        return township.short_name if township and whole else self.village.short_name


def went_over(root: OrgUnit, month: Period) -> list[WentOver]:
    """Those below ``root``, of one origin in the order in which they were made. One query where no order had its day;
    else some ten, however many villages."""
    left = PastPeriod.objects.within(root).filter(ended_by=PeriodEnd.UNITS, since__lt=month.first)
    left = left.filter(until__gte=month.first, until__lte=month.last)
    origins: set[int] = set(left.order_by().values_list("village_id", flat=True).distinct())
    if not origins:
        return []
    heirs, counted = _heirs(origins, month), _to_count(origins, root, month)
    chains = {pk: [pk] if pk in counted else _chain(pk, heirs) for pk in origins}
    ends = OrgUnit.objects.filter(pk__in={chain[-1] for chain in chains.values()}, valid_to__lte=month.last)
    closed = set(ends.values_list("pk", flat=True))
    apart = {pk for pk, chain in chains.items() if chain[-1] in closed} | counted
    placed = _placed(left.filter(village__in=apart), month, chains)
    keys = {pk for chain in chains.values() for pk in chain} | {pk for _, *hop in placed for pk in hop}
    units = OrgUnit.objects.with_path().in_bulk(keys)
    orders = _orders_of([units[pk] for pk in keys if units[pk].valid_to])
    hops: list[tuple[int, int, int, int | None]] = []
    for pk, chain in chains.items():
        hops += [(pk, before, after, None) for before, after in zip(chain, chain[1:], strict=False)]
        hops += [(*hop, number) for hop, number in placed.items() if hop[0] == pk]
    found = []
    for origin, before, after, number in hops:
        on, document = orders.get(before, (units[before].valid_to or month.first, ""))
        found.append(WentOver(units[origin], units[before], units[after], on, document, number))
    return sorted(found, key=lambda each: (each.on, each.origin.pinyin, each.origin.pk))


def _to_count(origins: set[int], root: OrgUnit, month: Period) -> set[int]:
    """Of which nothing was reported that could go along, or not all had gone by the end of the month: an order of its
    last hours is followed in the night."""
    sent = Submission.objects.filter(
        period__root=root, period__key=month.back(1), unit__in=origins, approved__isnull=False
    )
    gone_later = PastPeriod.objects.filter(village__in=origins, since__lt=month.first, until__gt=month.last)
    still_there = ChildFile.objects.annotate(begun=Coalesce("counted_since", "approved_on"))
    still_there = still_there.filter(village__in=origins, begun__lt=month.first, closed_on=None, merged_into=None)
    some_stay = gone_later.order_by().values_list("village_id").union(still_there.order_by().values_list("village_id"))
    return origins - set(sent.values_list("unit_id", flat=True)) | {pk for (pk,) in some_stay}


def _heirs(villages: Collection[int], month: Period) -> dict[int, int]:
    """{village: the one village that an order of ``month`` or before it put in its place}, of those and of what became
    of them by its end."""
    heirs: dict[int, int] = {}
    asked: set[int] = set()
    following = set(villages)
    while following:
        asked |= following
        after: dict[int, list[int]] = defaultdict(list)
        rows = Succession.objects.filter(predecessor__in=following, on__lte=month.last)
        for before, successor in rows.values_list("predecessor", "successor"):
            after[before].append(successor)
        single = {before: found[0] for before, found in after.items() if len(found) == 1}
        heirs |= single
        following = set(single.values()) - asked
    return heirs


def _chain(village: int, heirs: dict[int, int]) -> list[int]:
    """``village`` and those that took all of it, one after the other."""
    chain = [village]
    while chain[-1] in heirs and heirs[chain[-1]] not in chain:
        chain.append(heirs[chain[-1]])
    return chain


def _placed(left, month: Period, chains: dict[int, list[int]]) -> Counter[tuple[int, int, int]]:
    """{(origin, from, to): how many children}, in the order of their days, of those that ``left``: each order that took
    them on, after the last that took all of their village."""
    origin_of: dict[Any, int] = dict(left.values_list("child_id", "village_id"))
    if not origin_of:
        return Counter()
    now: dict[Any, int] = dict(ChildFile.objects.filter(pk__in=origin_of).values_list("pk", "village_id"))
    rows = PastPeriod.objects.filter(child__in=origin_of, until__gte=month.first).order_by("since", "until", "pk")
    places: dict = defaultdict(list)
    for child, village, until, ended_by in rows.values_list("child", "village", "until", "ended_by"):
        places[child].append((village, until <= month.last and ended_by == PeriodEnd.UNITS))
    hops: list[tuple[int, tuple[int, int, int]]] = []
    for child, origin in origin_of.items():
        for step, (before, after) in enumerate(_steps(places[child], now[child])):
            chain = chains[origin]
            if after not in chain:
                hops.append((step, (origin, chain[-1] if before in chain else before, after)))
    return Counter(hop for _step, hop in sorted(hops))


def _steps(places: list[tuple[int, bool]], now: int) -> Iterable[tuple[int, int]]:
    """(from, to) of each order that took a child on, until something else did; it is ``now`` at the last."""
    following = [village for village, _ in places[1:]] + [now]
    for (village, by_order), after in zip(places, following, strict=True):
        if not by_order:
            return
        yield village, after


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
