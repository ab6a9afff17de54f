"""How the children on file are distributed over the levels, unit by unit, and who is due to be assessed again.

未评估 is a value of its own: a child that was never assessed is in no level, whatever its file estimates. Every count
is one statement of the database over all units at once.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from childwelfare.text.words import Words
from orgs.access.scope import TIERS
from orgs.units.models import Level, OrgUnit
from registry.assessments.models import Assessment, AssessmentDue
from registry.child.codes import CHILD_RISKS, RISK_TONES, UNASSESSED
from registry.child.models import ChildFile

SOON = datetime.timedelta(days=30)  # within so many days an assessment counts as due


@dataclass
class Distribution:
    """Of one unit: children on file by level, and of them those to be assessed again within SOON (``due``) and those
    who should have been (``overdue``), for whom nothing was sent yet."""

    unit: OrgUnit
    levels: dict[str, int] = field(default_factory=dict)
    due: int = 0
    overdue: int = 0

    @property
    def children(self) -> int:
        return sum(self.levels.values())

    @property
    def assessed(self) -> int:
        return self.children - self.levels.get(UNASSESSED, 0)

    @property
    def cells(self) -> list[tuple[Words, str, int]]:
        """(label, tone, children) of every level, 未评估 last."""
        return [(label, RISK_TONES.get(key, ""), self.levels.get(key, 0)) for key, label in CHILD_RISKS]

    def add(self, other: "Distribution") -> None:
        for key, n in other.levels.items():
            self.levels[key] = self.levels.get(key, 0) + n
        self.due, self.overdue = self.due + other.due, self.overdue + other.overdue


def distribution_of(unit: OrgUnit, *, on: datetime.date) -> tuple[Distribution, list[Distribution]]:
    """Of ``unit`` and of each unit of the next tier that has children on file, or stands; of a village its own alone.
    Three queries."""
    tier, units = TIERS[min(unit.level, Level.VILLAGE - 1)], _units_below(unit)
    files = ChildFile.objects.in_registry().within(unit).order_by()
    assessed = Exists(Assessment.objects.setting_level().filter(child=OuterRef("pk")))
    level = Case(When(assessed, then="risk"), default=Value(UNASSESSED))
    counts = list(files.annotate(level=level).values_list(f"{tier}_id", "level").annotate(n=Count("pk")))
    again = list(_to_assess(unit, on, f"child__{tier}_id"))
    here = {key for key, _risk, _n in counts}
    rows = {key: Distribution(below) for key, below in units.items() if below.valid_to is None or key in here}
    for key, risk, n in counts:
        rows[key].levels[risk] = n
    for key, due, overdue in again:
        rows[key].due, rows[key].overdue = due, overdue
    whole = Distribution(unit)
    for row in rows.values():
        whole.add(row)
    return whole, list(rows.values())


def _units_below(unit: OrgUnit) -> Mapping[int, OrgUnit]:
    """{key: unit} of the next tier in their order, those that were closed among them; of a village itself."""
    if unit.level == Level.VILLAGE:
        return {unit.pk: unit}
    below = OrgUnit.objects.filter(level=unit.level + 1).within(unit).in_order()
    return {each.pk: each for each in below}


def _to_assess(unit: OrgUnit, on: datetime.date, tier: str) -> QuerySet:
    """(unit, due, overdue) by ``tier``: of the days by which children are assessed next, as the lists have them, placed
    where the child is; without those who were never assessed."""
    again = Exists(Assessment.objects.in_force().first_ones().filter(child=OuterRef("child")))
    here = {f"child__{TIERS[unit.level - 1]}": unit}
    found = AssessmentDue.objects.unsent().filter(again, due_on__lt=on + SOON, **here).order_by().values(tier)
    due = found.annotate(due=Count("pk", Q(due_on__gte=on)), overdue=Count("pk", Q(due_on__lt=on)))
    return due.values_list(tier, "due", "overdue")
