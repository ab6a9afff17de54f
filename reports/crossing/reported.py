"""The rows of a crossing as they were reported: the children of the sealed rosters below a unit's valid figures."""

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from orgs.access.scope import TIERS
from orgs.units.models import Level, OrgUnit
from reports.crossing.dimensions import ALL_CATEGORIES, DUE, NOT_DUE, OVERDUE, VISIT, VISITED, Raw
from reports.crossing.kept import KeptRows
from reports.crossing.source import ListedRow, Rows, Where
from reports.indicators.table import definitions_hash
from reports.rollup.periods import Period
from reports.snapshots.content import content_hash
from reports.snapshots.models import Snapshot
from reports.snapshots.rosters import Roster, open_roster
from reports.submissions.official import reported_of
from reports.submissions.sheets import leaves_of

KEPT_FOR = 40 * 24 * 3600  # seconds; made anew when it is asked for again
NOTHING = _("%(unit)s%(month)s还没有审核通过的上报数。")
RANKS = {"done": VISITED, "overdue": OVERDUE, "waiting": DUE}
Told = dict[str, Any]  # what a child was counted by, under the names of the columns, and the villages' tiers


class NotReported(ValueError):
    """There are no reported rows of the unit; its text says why, to the reader."""


@dataclass(frozen=True)
class ReportedRows:
    """``snapshot``: what is valid of ``unit``, a county or below. How a child stood with its visits is known, of which
    days no more.

    RosterUnreadable is raised where a roster was altered or lost."""

    unit: OrgUnit
    month: Period
    snapshot: Snapshot
    lists = True

    def groups(self, *columns: str, where: Where = ()) -> list[tuple]:
        counted = Counter(tuple(told[name] for name in columns) for _child, told in self._asked(where))
        return [(*held, children) for held, children in counted.items()]

    def listed(self, where: Where, start: int, size: int) -> list[ListedRow]:
        found = sorted(self._asked(where), key=lambda each: (each[1][VISIT] != OVERDUE, each[1][VISIT], each[0]))
        return [
            ListedRow(uuid.UUID(child), told["village_id"], None, told["visited_by"])
            for child, told in found[start : start + size]
        ]

    def _asked(self, where: Where) -> list[tuple[str, Told]]:
        if not where:
            return self._children
        return [
            (child, told)
            for child, told in self._children
            if any(all(told[name] in held for name, held in each.items()) for each in where)
        ]

    @cached_property
    def _children(self) -> list[tuple[str, Told]]:
        """(key of the file, what it counted by), each child once."""
        rosters = [(leaf.unit, open_roster(leaf)) for leaf in leaves_of([self.snapshot])]
        owed = _visits(rosters)
        found = []
        for village, roster in rosters:
            places = {f"{tier}_id": getattr(village, f"{tier}_id") for tier in TIERS}
            for child, told in _rows(roster, "child"):
                state, visited_by = owed.get(child, (NOT_DUE, village.pk))
                categories = int(told["d_category"]) & ALL_CATEGORIES
                own = {"d_category": categories, VISIT: state, "visited_by": visited_by}
                found.append((child, {**told, **places, **own}))
        return found


@dataclass(frozen=True)
class ReportedCity:
    """As ReportedRows of a city: what the valid sheets of its counties come to. To count one opens the rosters of all
    its villages; since a sheet never changes, what it comes to is kept under its hash. The children are listed a county
    at a time."""

    unit: OrgUnit
    month: Period
    snapshot: Snapshot
    lists = False

    def groups(self, *columns: str, where: Where = ()) -> list[tuple]:
        counted: Counter[tuple] = Counter()
        for part in self._parts:
            for *held, children in _kept_groups(part, columns, where):
                counted[tuple(held)] += children
        return [(*held, children) for held, children in counted.items()]

    def listed(self, where: Where, start: int, size: int) -> list[ListedRow]:
        return []

    @cached_property
    def _parts(self) -> list[ReportedRows]:
        parts = Snapshot.objects.filter(wholes__whole=self.snapshot).select_related("unit")
        return [ReportedRows(part.unit, self.month, part) for part in parts]


def rows_of(unit: OrgUnit, month: Period, *, official: bool) -> Rows:
    """As they were reported, or as they are counted now; of the unit by its name of then. Raises NotReported."""
    unit = unit.as_of(month.last)
    if not official:
        return KeptRows(unit, month)
    snapshot = reported_of(unit, month.key)
    if snapshot is None:
        raise NotReported(str(NOTHING) % {"unit": unit.short_name, "month": month.label})
    return (ReportedCity if unit.level == Level.CITY else ReportedRows)(unit, month, snapshot)


def _kept_groups(rows: ReportedRows, columns: tuple[str, ...], where: Where) -> list[tuple]:
    """As its ``groups``; a version of the program that groups otherwise keeps it under another key."""
    asked = [columns, [sorted((name, sorted(map(str, held))) for name, held in each.items()) for each in where]]
    digest = content_hash(repr([definitions_hash(), asked]))
    key = f"crossing:{rows.snapshot.hash}:{digest}"
    found: list[tuple] | None = cache.get(key)
    if found is None:
        found = rows.groups(*columns, where=where)
        cache.set(key, found, KEPT_FOR)
    return found


def _visits(rosters: list[tuple[OrgUnit, Roster]]) -> dict[str, tuple[int, int]]:
    """{child: (how it stands with its visits, the village that owes or made them)}; the first state of several."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for village, roster in rosters:
        for child, told in _rows(roster, "due"):
            found[child].append((RANKS[str(told["d_due"])], village.pk))
    return {child: min(states) for child, states in found.items()}


def _rows(roster: Roster, fact: str) -> list[tuple[str, dict[str, Raw]]]:
    names, rows = roster.groups.get(fact, ([], []))
    return [(row[0], dict(zip(names[1:], row[1:], strict=True))) for row in rows]
