"""Where a line over several periods breaks, for the unit came to be another one: what it gained or lost as a whole is
named, and added to its earlier figures, or taken from them, on request. Of a unit that was split nothing is divided up:
nobody knows which of its earlier figures were whose."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Q

from orgs.access.scope import TIERS
from orgs.reorganisation.models import Succession
from orgs.units.models import OrgUnit
from reports.rollup.models import Figure
from reports.rollup.periods import Period

Trend = list[tuple[str, dict[str, int]]]  # (period, numbers as they are stored)


@dataclass
class Break:
    """On ``on``: ``gained`` and ``lost``, units as a whole; ``split``, of which a part came here."""

    on: datetime.date
    document: str
    gained: list[OrgUnit] = field(default_factory=list)
    lost: list[OrgUnit] = field(default_factory=list)
    split: list[OrgUnit] = field(default_factory=list)


def breaks_of(unit: OrgUnit, period: Period) -> list[Break]:
    """Those within the periods that a trend up to ``period`` shows, oldest first. One query."""
    first = Period.of(period.lately()[-1]).first
    tier = TIERS[unit.level - 1]
    here, there = Q(**{f"successor__{tier}": unit.pk}), Q(**{f"predecessor__{tier}": unit.pk})
    rows = Succession.objects.filter((here & ~there) | (there & ~here), on__gt=first, on__lte=period.last)
    joins = ("predecessor__city", "predecessor__county", "predecessor__township", "reorganisation")
    found: dict[datetime.date, Break] = {}
    told = list(rows.select_related(*joins, "successor").order_by("on", "predecessor__level", "pk"))
    parts: dict[int, int] = {}
    for row in told:
        parts[row.predecessor_id] = parts.get(row.predecessor_id, 0) + 1
    covered: set[int] = set()
    for row in told:
        before = row.predecessor
        if before.parent_id in covered or before.pk == unit.pk:
            covered.add(before.pk)  # told by the unit above it
            continue
        each = found.setdefault(row.on, Break(row.on, row.reorganisation.document))
        is_here = getattr(row.successor, f"{tier}_id") == unit.pk
        kind = (each.gained if row.successor.took_over.count(before.pk) else each.split) if is_here else each.lost
        covered.add(before.pk)
        if before not in kind:
            kind.append(before)
    return list(found.values())


def joined(trend: Trend, breaks: list[Break]) -> Trend:
    """``trend`` as if what was gained had always been there and what was lost never. One query."""
    moved = [(each.on, unit.pk, sign) for each in breaks for units, sign in ((each.gained, 1), (each.lost, -1))
             for unit in units]  # fmt: skip
    keys = [key for key, _numbers in trend]
    rows = Figure.objects.counted().filter(unit__in=[pk for _on, pk, _sign in moved], period__in=keys)
    figures = {(pk, key): numbers or {} for pk, key, numbers in rows.values_list("unit", "period", "numbers")}
    joined_up: Trend = []
    for key, numbers in trend:
        total = dict(numbers)
        for on, pk, sign in moved:
            if Period.of(key).last < on:
                total = _added(total, figures.get((pk, key), {}), sign)
        joined_up.append((key, total))
    return joined_up


def _added(total: dict[str, int], more: dict[str, int], sign: int) -> dict[str, int]:
    """Of what both know."""
    return {key: number + sign * more[key] for key, number in total.items() if key in more}
