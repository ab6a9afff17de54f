"""Figures as they were reported: the valid ones, of a unit, of the tier below it, month after month; the children
behind them; and what differs from what is known at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass

from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from reports.figures.queries import figures_of
from reports.indicators.facts import holds
from reports.indicators.indicator import Indicator, Numbers
from reports.indicators.table import BY_KEY, INDICATORS
from reports.rollup.late import effect_of
from reports.rollup.periods import Period
from reports.snapshots.models import Snapshot
from reports.snapshots.rosters import groups_of_rows, open_roster
from reports.submissions.models import Submission
from reports.submissions.sheets import leaves_of

NOTHING: Numbers = dict.fromkeys((each.key for each in INDICATORS), None)


def reported_of(unit: OrgUnit, key: str) -> Snapshot | None:
    """What is valid of ``unit``; None where nothing was approved."""
    valid = Submission.objects.filter(unit=unit, period__key=key).exclude(approved=None)
    row = valid.select_related("approved__unit").first()
    return row.approved if row else None


def sent_as(unit: OrgUnit, key: str, hash: str) -> Snapshot | None:
    """The sheet with this ``hash`` that ``unit`` sent for the month, valid or not."""
    sent = Snapshot.objects.filter(unit=unit, period__key=key, hash=hash).select_related("unit")
    return sent.order_by("seq").last()


def reported_by(units: Iterable[OrgUnit], key: str) -> dict[int, Numbers]:
    """{unit: its valid figures}, of those that have some. One query."""
    rows = Submission.objects.filter(unit__in=[each.pk for each in units], period__key=key).exclude(approved=None)
    return {row.unit_id: row.approved.numbers for row in rows.select_related("approved") if row.approved}


def reported_trend(unit: OrgUnit, period: Period) -> list[tuple[str, dict[str, int]]]:
    """(key, numbers as they are stored) of the last months that were reported, the oldest first."""
    rows = Submission.objects.filter(unit=unit, period__key__in=period.lately()).exclude(approved=None)
    found = rows.select_related("approved", "period").order_by("period__key")
    return [(row.period.key, row.approved.told["values"]) for row in found if row.approved]


@dataclass(frozen=True)
class Difference:
    """``reported`` and what is known at this moment of the same day (``now``)."""

    indicator: Indicator
    reported: int
    now: int

    @property
    def gap(self) -> int:
        return self.now - self.reported


def differences(unit: OrgUnit, period: Period, reported: Numbers) -> list[Difference]:
    """What ``unit`` would report otherwise by now. What made it is listed as entered late (``late_facts``)."""
    counted = figures_of(unit, period.key)
    if counted is None:
        return []
    effect = effect_of(unit, period)
    found = []
    for key, number in counted.items():
        was = reported.get(key)
        if number is not None and was is not None and (now := number + effect.get(key, 0)) != was:
            found.append(Difference(BY_KEY[key], was, now))
    return found


def rows_behind(snapshot: Snapshot, indicator: Indicator) -> list[tuple[OrgUnit, str]]:
    """(village, key of the child's file) of every row that ``indicator`` counted in ``snapshot``, from the sealed
    rosters of its villages, in their order."""
    group = next(name for name, indicators in groups_of_rows() if indicator in indicators)
    found = []
    for leaf in sorted(leaves_of([snapshot]), key=lambda each: (each.unit.code or "", each.unit_id)):
        names, rows = open_roster(leaf).groups.get(group, ([], []))
        place = {name: number for number, name in enumerate(names)}
        asked = [(name, place[name], values) for name, values in indicator.where.items() if name in place]
        found += [
            (leaf.unit, row[0]) for row in rows if all(holds(name, row[at], values) for name, at, values in asked)
        ]
    return found


def files_of(keys: Iterable[str]) -> dict[str, ChildFile]:
    """{key: the child's file} of those that were counted, wherever they are by now: who may read a list of them is
    asked at the unit that counted them. One query."""
    found = ChildFile.objects.in_bulk(list(keys))
    return {str(pk): file for pk, file in found.items()}
