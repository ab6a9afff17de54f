"""Where the rows of a crossing come from: the children of a unit in a month, with what they count as.

``LiveRows`` counts them from the very rows that the indicators count. Whatever else gives ``groups`` and ``listed`` may
stand in its place.
"""

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection
from django.db.models import Case, Expression, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact

from orgs.access.scope import TIERS, ScopedQuerySet
from orgs.units.models import Level, OrgUnit
from registry.periods.models import PastPeriod
from registry.status.models import CATEGORY_BITS
from registry.stays.models import Stay
from reports.crossing.dimensions import DUE, NOT_DUE, OVERDUE, VISIT, VISITED, Raw
from reports.indicators import facts
from reports.rollup.periods import Period
from reports.snapshots.models import Snapshot

# one of several: each names columns with what they may hold
Where = Sequence[dict[str, Collection[Raw]]]
Sql = tuple[str, list[Any]]
At = dict[str, Any]  # {tier column: unit}

ALL_CATEGORIES = sum(CATEGORY_BITS.values())  # without the bits of the kinds of difficulty, which would only split


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
    """Counted now; of a month that is over as it was known on its last day, as the figures are.

    Two halves joined by the child: what it counts as, from the covering index that the roll-up reads, and how it
    stands with its visits. Each is built by the facts of the indicators; the join itself no queryset can write.
    """

    snapshot, lists = None, True

    def __init__(self, unit: OrgUnit, month: Period) -> None:
        self.unit, self.month = unit, month

    def groups(self, *columns: str, where: Where = ()) -> list[tuple]:
        named = {*columns, *(name for each in where for name in each)}
        source, params = self._source(named)
        condition, asked = _condition(where)
        shown = ", ".join(map(_column, columns))
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

    @property
    def _at(self) -> At:
        return {"county_id": RawSQL("counties.id", ())} if self._by_county else self._whole

    @property
    def _whole(self) -> At:
        return {f"{TIERS[self.unit.level - 1]}_id": self.unit.pk}

    def _counties(self, sql: str, columns: str) -> str:
        """What ``sql`` gives of each county of the city, whether it stands or was closed."""
        counties = (
            f"SELECT id FROM {OrgUnit._meta.db_table} WHERE level = {Level.COUNTY:d} AND city_id = {self.unit.pk:d}"
        )
        return f"({counties}) counties CROSS JOIN LATERAL ({sql}) each ({columns})"

    def _who_owes(self, children: list[uuid.UUID]) -> dict[uuid.UUID, int]:
        """{child: the village that owes its next visit of the month}."""
        found: dict[uuid.UUID, int] = {}
        for dues in self._planned():
            owed = dues.filter(facts.counted_in(self.month), child__in=children)
            named = owed.annotate(**facts.DUE.dimensions(self.month)).exclude(d_due="done")
            found |= dict(named.values_list("child_id", "village_id"))
        return found

    def _planned(self) -> list[ScopedQuerySet]:
        month = self.month
        return [facts.known_dues(month), *([facts.overtaken_dues(month)] if month.known else [])]

    def _source(self, columns: Collection[str], *, listed: bool = False) -> Sql:
        """``s`` with one row a child; ``v`` beside it for its visits. ``listed``: with the day of the next one."""
        status, params = _compiled(self._children(set(columns) - {VISIT}, keys=VISIT in columns))
        if VISIT not in columns:
            return f"({status}) s", params
        visits, more = self._visits(listed=listed)
        return f"({status}) s LEFT JOIN ({visits}) v ON v.child_id = s.child_id", [*params, *more]

    def _children(self, columns: Collection[str], *, keys: bool) -> QuerySet:
        dimensions = facts.CHILD.dimensions(self.month) | facts.MEMBERSHIP.dimensions(self.month)
        dimensions["d_category"] = dimensions["d_category"].bitand(ALL_CATEGORIES)
        asked = {name: dimensions[name] for name in columns if name in dimensions}
        places = sorted(name for name in columns if name not in dimensions)
        # without the visits nothing is joined: the whole city in one pass
        rows = facts.CHILD.rows(self.month).filter(**(self._at if keys else self._whole)).order_by()
        return rows.annotate(**asked).values(*(["child_id"] if keys else []), *places, *asked)

    def _visits(self, *, listed: bool) -> Sql:
        """A row for each child with a visit owed or made in the month: its state, and what it still owes."""
        month = self.month
        parts, params = [], []
        for dues in self._planned():
            here = [(dues.filter(part, **self._at), due) for part, due in facts.due_parts(month)]
            elsewhere = (
                self._of_those_elsewhere(dues.filter(facts.counted_in(month))),
                facts.DUE.dimensions(month)["d_due"],
            )
            for rows, due in (*here, elsewhere):
                named = rows.order_by().annotate(state=_ranked(due))
                sql, asked = _compiled(named.values("child_id", "state", *(["due_on"] if listed else [])))
                parts.append(sql)
                params += asked
        shown = "child_id, MIN(state) AS state"
        if listed:
            shown += f", MIN(CASE WHEN state <> {VISITED} THEN due_on END) AS due_on"
        return f"SELECT {shown} FROM ({' UNION ALL '.join(parts)}) dues GROUP BY child_id", params

    def _of_those_elsewhere(self, dues: ScopedQuerySet) -> ScopedQuerySet:
        """Visits that lie outside though the child counts here: it stays elsewhere, has come in the month, or has
        gone since. Few: found by the child."""
        month, at = self.month, self._at
        stays = Stay.objects.filter(begun_on__lte=month.as_of).filter(Q(ended_on=None) | Q(ended_on__gte=month.first))
        came = PastPeriod.objects.filter(until__gte=month.first)
        own = {f"child__{tier}": unit for tier, unit in at.items()}
        children = stays.filter(**own).order_by().values("child").union(
            came.filter(**own).order_by().values("child"),
            came.filter(**at).order_by().values("child"),
        )  # fmt: skip
        return dues.filter(child__in=children)


def _condition(where: Where) -> Sql:
    """WHERE …, or nothing where nothing is asked."""
    either, params = [], []
    for each in where:
        both = []
        for name, held in each.items():
            values = sorted(held)
            both.append(f"{_column(name)} IN ({', '.join(['%s'] * len(values))})")
            params += values
        either.append(f"({' AND '.join(both)})")
    return (f" WHERE {' OR '.join(either)}" if either else ""), params


def _column(name: str) -> str:
    """How the join calls what ``Rows`` calls ``name``: all names are ours, none comes from an address."""
    return f"COALESCE(v.state, {NOT_DUE})" if name == VISIT else f"s.{connection.ops.quote_name(name)}"


def _ranked(due: Expression) -> Case:
    """The state of a child by one of its visits; ``due``: as the indicators call it."""
    ranks = [
        When(Exact(due, Value(name)), then=Value(rank)) for name, rank in (("done", VISITED), ("overdue", OVERDUE))
    ]
    return Case(*ranks, default=Value(DUE), output_field=IntegerField())


def _compiled(rows: QuerySet) -> Sql:
    sql, params = rows.query.sql_with_params()
    return sql, list(params)


def _fetched(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _as_uuid(value: Any) -> uuid.UUID:
    """SQLite gives text."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def _as_day(value: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value
