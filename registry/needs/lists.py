"""The list of needs and the board: what narrows them, and the figures of who holds how much."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.tables.beginning import Beginning
from orgs.access.scope import TIERS
from orgs.posts.models import Appointment
from orgs.units.models import Level, OrgUnit
from registry.needs import codes
from registry.needs.models import Need, NeedQuerySet, NeedState

AGES = {"30": _("发现超过 30 天"), "90": _("发现超过 90 天")}
WHOSE = {"unit": _("本单位在办"), "me": _("我承办的")}
UNSATISFIED = "unsatisfied"  # beside the states: settled, and the family is not content
ON_BOARD = 20  # cards a column


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed by: blank is all; what is no value of it is left out, as if it had not been asked."""

    state: str = NeedState.OPEN
    whose: str = ""
    tier: str = ""
    system: str = ""
    kind: str = ""
    urgency: str = ""
    late: str = ""
    age: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        known: dict[str, Iterable[str]] = {
            "state": ("all", UNSATISFIED, *NeedState.values),
            "whose": WHOSE,
            "tier": [str(level) for level in Level.values],
            "system": codes.System.values,
            "kind": codes.Kind.values,
            "urgency": codes.Urgency.values,
            "late": ("yes",),
            "age": AGES,
        }
        return cls(**{name: given[name] for name, values in known.items() if (given.get(name) or "") in values})

    @property
    def chosen(self) -> int:
        """How many of the filters narrow the list further than it begins."""
        return sum(map(bool, (self.tier, self.system, self.urgency, self.age, self.state != NeedState.OPEN)))

    def narrow(self, needs: NeedQuerySet, post: Appointment, today: datetime.date) -> NeedQuerySet:
        columns = {"system": self.system, "kind": self.kind, "urgency": self.urgency, "holder__level": self.tier}
        needs = needs.filter(**{name: value for name, value in columns.items() if value})
        if self.state == UNSATISFIED:
            needs = needs.unsatisfied()
        elif self.state != "all":
            needs = needs.filter(state=self.state)
        if self.whose == "unit":
            needs = needs.filter(holder__in=post.unit.own_keys)
        elif self.whose == "me":
            needs = needs.filter(owner=post)
        if self.late:
            needs = needs.overdue(today)
        if self.age:
            needs = needs.filter(found_on__lt=today - datetime.timedelta(days=int(self.age)))
        return needs


def choices_for(post: Appointment) -> dict[str, list[tuple]]:
    """{name: the choices of its filter} of what ``post`` may meet."""
    return {
        "state": [("all", _("全部")), *NeedState.choices, (UNSATISFIED, _("办结后不满意"))],
        "whose": [("", _("全部")), *WHOSE.items()],
        "tier": [("", _("全部")), *((str(level), label) for level, label in Level.choices)],
        "system": [("", _("全部")), *codes.System.choices],
        "urgency": [("", _("全部")), *codes.Urgency.choices],
        "age": [("", _("全部")), *AGES.items()],
    }


@dataclass(frozen=True)
class Counts:
    """Of what is open and in the list: how much there is, how much is overdue, held by one's unit, owned by oneself.
    ``area``, ``area_late``: of the whole area, in the list or not, as the figures of the units below add up."""

    open: int
    late: int
    unit: int
    me: int
    area: int
    area_late: int

    @property
    def is_part(self) -> bool:
        """Whether the list has not all of the area: the city's has what came up to it."""
        return self.area != self.open


def counts_of(post: Appointment, today: datetime.date) -> Counts:
    """One query; two for the city."""
    needs = Need.objects.open_to(post).open().order_by()
    found = needs.aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(due_on__lt=today)),
        unit=Count("pk", filter=Q(holder__in=post.unit.own_keys)),
        me=Count("pk", filter=Q(owner=post)),
    )
    area = {"area": found["open"], "area_late": found["late"]}
    if post.unit.level == Level.CITY:
        all_open = Need.objects.visible_to(post, "view_need").open().order_by()
        area = all_open.aggregate(area=Count("pk"), area_late=Count("pk", filter=Q(due_on__lt=today)))
    return Counts(**found, **area)


@dataclass(frozen=True)
class Column:
    """What one tier holds, the most urgent first."""

    level: int
    label: str
    late: int
    needs: Beginning[Need]


def board_of(post: Appointment, needs: NeedQuerySet, today: datetime.date) -> list[Column]:
    """Open ``needs`` by the tier that holds them, from the village up; ON_BOARD of each. Two queries."""
    numbers = needs.order_by().values_list("holder__level").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )  # fmt: skip
    counted = {level: (number, late) for level, number, late in numbers}
    first = [needs.filter(holder__level=level).most_urgent_first()[:ON_BOARD].values("pk") for level in counted]
    shown: dict[int, list[Need]] = defaultdict(list)
    if first:
        picked = Q()
        for keys in first:
            picked |= Q(pk__in=list(keys.values_list("pk", flat=True)))
        for need in Need.objects.filter(picked).select_related(*Need.PLACES).most_urgent_first():
            shown[need.holder.level].append(need)
    tiers = [level for level in reversed(Level.values) if level in counted or level >= post.unit.level]
    return [
        Column(level, str(Level(level).label), counted.get(level, (0, 0))[1],
               Beginning(shown[level], counted.get(level, (0, 0))[0]))
        for level in tiers
    ]  # fmt: skip


@dataclass
class Figures:
    """What is open in one unit of the next tier, by the tier that holds it."""

    unit: OrgUnit
    by_level: dict[int, int]
    late: int = 0
    unsatisfied: int = 0

    @property
    def number(self) -> int:
        return sum(self.by_level.values())

    @property
    def cells(self) -> list[int]:
        return [self.by_level.get(level, 0) for level in reversed(Level.values)]


def figures_below(post: Appointment, today: datetime.date) -> list[Figures]:
    """Numbers alone, of each unit of the next tier below ``post``'s: who holds how much, what is overdue, where a
    settled need left the family dissatisfied in the last year. Three queries; none in a village."""
    if post.unit.level == Level.VILLAGE:
        return []
    tier = f"{TIERS[post.unit.level]}_id"
    needs = Need.objects.visible_to(post, "view_need").order_by()
    held = needs.open().values_list(F(tier), "holder__level").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )  # fmt: skip
    a_year_ago = today - datetime.timedelta(days=365)
    unhappy = needs.unsatisfied().filter(settled_on__gte=a_year_ago)
    units = OrgUnit.objects.current().filter(parent=post.unit).in_order()
    found = {unit.pk: Figures(unit, {}) for unit in units}
    for key, level, number, late in held:
        if key in found:
            found[key].by_level[level] = number
            found[key].late += late
    for key, number in unhappy.values_list(F(tier)).annotate(n=Count("pk")):
        if key in found:
            found[key].unsatisfied = number
    return list(found.values())


def today() -> datetime.date:
    return timezone.localdate()


def rows_of(needs: NeedQuerySet) -> Any:
    """Ready to be shown: no row asks anything more."""
    return needs.select_related(*Need.PLACES)
