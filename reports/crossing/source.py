"""Where the rows of a crossing come from: the children of a unit in a month, with what they count as.

``LiveRows`` counts them from the very rows that the indicators count. Whatever else gives ``groups`` and ``listed`` may
stand in its place: ``KeptRows`` (``kept``) what was counted before, ``ReportedRows`` what was signed.
"""

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from orgs.access.scope import TIERS
from orgs.units.models import Level, OrgUnit
from reports.crossing.dimensions import VISIT, Raw
from reports.crossing.joined import Sql, column, joined, planned
from reports.indicators import facts
from reports.rollup.periods import Period
from reports.snapshots.models import Snapshot

# one of several: each names columns with what they may hold
Where = Sequence[dict[str, Collection[Raw]]]


@dataclass(frozen=True)
class ListedRow:
    """A child where it counts; ``due_on``: of the visit that is still owed, None where none is; ``visited_by``: the
    village that owes it, which may be another while the child stays elsewhere."""

    child_id: uuid.UUID
    village_id: int
    due_on: datetime.date | None
    visited_by: int


class Rows(Protocol):
    """What a crossing is made of."""

    @property
    def unit(self) -> OrgUnit: ...

    @property
    def month(self) -> Period: ...

    @property
    def snapshot(self) -> Snapshot | None:
        """What was signed, of reported rows; None of live ones."""
        ...

    @property
    def lists(self) -> bool:
        """Whether ``listed`` gives its children; else they are listed of one unit below at a time."""
        ...

    def groups(self, *columns: str, where: Where = ()) -> list[tuple]:
        """(what each of ``columns`` holds, …, how many children), of those in one of ``where``. One query."""
        ...

    def listed(self, where: Where, start: int, size: int) -> list[ListedRow]:
        """The children in one of ``where`` from number ``start`` on, whose visit is longest due first."""
        ...


class LiveRows:
    """Counted now; of a month that is over as it was known on its last day, as the figures are. ``counties``: of these
    of the city alone."""

    snapshot, lists = None, True

    def __init__(self, unit: OrgUnit, month: Period, counties: Collection[int] | None = None) -> None:
        self.unit, self.month, self.only = unit, month, counties

    def groups(self, *columns: str, where: Where = ()) -> list[tuple]:
        named = {*columns, *(name for each in where for name in each)}
        source, params = self._source(named)
        condition, asked = _condition(where)
        shown = ", ".join(map(column, columns))
        sql = f"SELECT {shown}, COUNT(*) FROM {source}{condition} GROUP BY {shown}"
        if self._by_county and VISIT in named:
            groups = ", ".join(f"g{number}" for number in range(len(columns)))
            source = self._counties(sql, f"{groups}, children")
            sql = f"SELECT {groups}, SUM(children)::bigint FROM {source} GROUP BY {groups}"
        return _fetched(sql, [*params, *asked])

    def listed(self, where: Where, start: int, size: int) -> list[ListedRow]:
        """The order is asked of the indexes alone, where the children of one page are of the tables: three queries."""
        source, params = self._source({VISIT, *(name for each in where for name in each)}, listed=True)
        condition, asked = _condition(where)
        order = "ORDER BY due_on IS NULL, due_on, child_id"
        sql = f"SELECT s.child_id AS child_id, v.due_on AS due_on FROM {source}{condition} {order} LIMIT %s"
        if self._by_county:
            sql = f"SELECT child_id, due_on FROM {self._counties(sql, 'child_id, due_on')} {order} LIMIT %s"
            asked.append(start + size)
        found = [
            (_as_uuid(child), _as_day(due_on))
            for child, due_on in _fetched(f"{sql} OFFSET %s", [*params, *asked, size, start])
        ]
        children = [child for child, _due_on in found]
        status = facts.CHILD.rows(self.month).within(self.unit).filter(child__in=children)
        villages: dict[uuid.UUID, int] = dict(status.values_list("child_id", "village_id"))
        owing = self._who_owes(children)
        rows = []
        for child, due_on in found:
            village = villages[child]
            rows.append(ListedRow(child, village, due_on, owing.get(child, village)))
        return rows

    @property
    def _by_county(self) -> bool:
        """Of a city county by county: every index begins with the county, and what is joined by the child is so small
        that it stays near the processor. Not of a month that is over: more is read than joined. SQLite has no LATERAL.
        """
        return self.unit.level == Level.CITY and self.month.known is None and connection.vendor == "postgresql"

    def _source(self, columns: Collection[str], *, listed: bool = False) -> Sql:
        # without the visits nothing is joined: the whole city in one pass
        at = self._of_one_county if self._by_county and VISIT in columns else self._at
        return joined(self.month, at, columns, listed=listed)

    def _at(self, via: str) -> Q:
        if self.only is not None:
            return Q(**{f"{via}county_id__in": self.only})
        return Q(**{f"{via}{TIERS[self.unit.level - 1]}_id": self.unit.pk})

    def _of_one_county(self, via: str) -> Q:
        return Q(**{f"{via}county_id": RawSQL("counties.id", ())})

    def _counties(self, sql: str, columns: str) -> str:
        """What ``sql`` gives of each county of the city, whether it stands or was closed."""
        counties = (
            f"SELECT id FROM {OrgUnit._meta.db_table} WHERE level = {Level.COUNTY:d} AND city_id = {self.unit.pk:d}"
        )
        if self.only is not None:
            counties = f"SELECT unnest(ARRAY[{', '.join(f'{pk:d}' for pk in self.only)}]::bigint[]) AS id"
        return f"({counties}) counties CROSS JOIN LATERAL ({sql}) each ({columns})"

    def _who_owes(self, children: list[uuid.UUID]) -> dict[uuid.UUID, int]:
        """{child: the village that owes its next visit of the month}."""
        found: dict[uuid.UUID, int] = {}
        for dues in planned(self.month):
            owed = dues.filter(facts.counted_in(self.month), child__in=children)
            named = owed.annotate(**facts.DUE.dimensions(self.month)).exclude(d_due="done")
            found |= dict(named.values_list("child_id", "village_id"))
        return found


def _condition(where: Where) -> Sql:
    """WHERE …, or nothing where nothing is asked."""
    either, params = [], []
    for each in where:
        both = []
        for name, held in each.items():
            values = sorted(held)
            both.append(f"{column(name)} IN ({', '.join(['%s'] * len(values))})")
            params += values
        either.append(f"({' AND '.join(both)})")
    return (f" WHERE {' OR '.join(either)}" if either else ""), params


def _fetched(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _as_uuid(value: Any) -> uuid.UUID:
    """SQLite gives text."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def _as_day(value: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value
