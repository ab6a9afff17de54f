"""Who is behind chosen cells: the children, where they are, whose director to call; and which units they are in."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from orgs.access.scope import TIERS
from orgs.posts.models import Appointment, Role
from orgs.units.models import OrgUnit
from registry.child.ages import age_on
from registry.child.models import ChildFile
from reports.crossing.cells import Cells
from reports.crossing.source import ListedRow, Rows
from reports.crossing.table import Crossing
from reports.rollup.periods import Period

SIZE = 12  # of a page, beside the table
CHILD = ("name", "sex", "birth_date")
# who answers for a unit of each tier
ANSWERS = {2: Role.COUNTY_OFFICER, 3: Role.TOWNSHIP_CLERK, 4: Role.VILLAGE_DIRECTOR}


@dataclass(frozen=True)
class Listed:
    """``village``: where the child counts; ``call``: who is to be called about it, the one in charge first; ``late``:
    for how many days its visit is overdue, 0 where it is not; ``due_on``: the day of a visit that is still to come."""

    child: ChildFile
    village: OrgUnit
    years: int
    call: list[Appointment]
    late: int
    due_on: datetime.date | None


@dataclass(frozen=True)
class Page:
    """Number ``number`` of ``last``; ``start``: the number of its first child of all ``count``."""

    people: list[Listed]
    number: int
    last: int
    count: int

    @property
    def start(self) -> int:
        return (self.number - 1) * SIZE + 1 if self.count else 0

    @property
    def end(self) -> int:
        return self.start + len(self.people) - 1

    def __len__(self) -> int:
        return len(self.people)


def page_of(source: Rows, crossing: Crossing, cells: Cells, number: int, *, named: bool) -> Page:
    """The children in ``cells``, longest overdue first; ``number`` beyond the last gives the last. Whom to call: the
    director of the village that visits; ``named`` false: the county, of whom the city asks. Seven queries at most."""
    count = cells.count(crossing)
    last = max(1, -(-count // SIZE))
    number = min(max(1, number), last)
    rows = source.listed(cells.where(crossing), (number - 1) * SIZE, SIZE) if count else []
    return Page(_listed(rows, crossing.month, named), number, last, count)


def _listed(rows: list[ListedRow], month: Period, named: bool) -> list[Listed]:
    children = ChildFile.objects.only(*CHILD, *TIERS).in_bulk([row.child_id for row in rows])
    villages = {pk for row in rows for pk in (row.village_id, row.visited_by)}
    units = OrgUnit.objects.with_path().in_bulk(villages)
    asked: dict[ListedRow, int] = {
        row: getattr(units[row.visited_by], f"{'village' if named else 'county'}_id") for row in rows
    }
    calls = _who_answers(asked.values(), 4 if named else 2)
    found = []
    for row in rows:
        child, late = children.get(row.child_id), 0
        if child is None:  # it was reported, and its file is no more
            continue
        if row.due_on:
            late = max(0, (month.overdue_before - row.due_on).days)
        years = age_on(child.birth_date, month.as_of)
        due_on = None if late else row.due_on
        found.append(Listed(child, units[row.village_id], years, calls[asked[row]], late, due_on))
    return found


def _who_answers(units: Collection[int], level: int) -> dict[int, list[Appointment]]:
    posts = Appointment.objects.current().filter(unit__in=set(units), role=ANSWERS[level])
    found: dict[int, list[Appointment]] = defaultdict(list)
    for post in posts.select_related("person").order_by("-lead", "pk"):
        found[post.unit_id].append(post)
    return found


@dataclass
class InUnit:
    """How many of the chosen children are in ``unit``, and how many under each value of ``Crossing.parted``."""

    unit: OrgUnit
    count: int = 0
    parts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Places:
    """The units of the next tier with chosen children, most first, and those without."""

    units: list[InUnit]
    empty: list[OrgUnit]


def places_of(source: Rows, crossing: Crossing, cells: Cells) -> Places:
    """Two queries; none where nothing lies below."""
    level = source.unit.level
    if level == 4:
        return Places([], [])
    parted = crossing.parted
    found: dict[int, InUnit] = {}
    below = source.unit.children.with_path().in_order()
    known = {unit.pk: unit for unit in below}
    where = cells.where(crossing)
    for pk, held, children in source.groups(f"{TIERS[level]}_id", parted.column, where=where) if where else []:
        each = found.setdefault(pk, InUnit(known[pk]))
        each.count += children
        for key in parted.keys_of(held):
            each.parts[key] += children
    units = sorted(found.values(), key=lambda each: -each.count)
    return Places(units, [unit for pk, unit in known.items() if pk not in found and unit.valid_to is None])
