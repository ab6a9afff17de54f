"""Children joined with how they stand with their visits: the SQL of a crossing, which no queryset can write.

Two halves joined by the child: what it counts as, from the covering index that the roll-up reads, and how it stands
with its visits. Each is built by the facts of the indicators.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.db import connection
from django.db.models import Case, Expression, IntegerField, Q, QuerySet, Value, When
from django.db.models.lookups import Exact

from orgs.access.scope import ScopedQuerySet
from registry.periods.models import PastPeriod
from registry.stays.models import Stay
from reports.crossing.dimensions import ALL_CATEGORIES, DUE, NOT_DUE, OVERDUE, VISIT, VISITED
from reports.indicators import facts
from reports.rollup.periods import Period

Sql = tuple[str, list[Any]]
At = Callable[[str], Any]  # that a row lies there, by its place or that of the child before which the prefix stands


def joined(
    month: Period,
    at: At,
    columns: Collection[str],
    *,
    listed: bool = False,
    mix: Expression | None = None,
) -> Sql:
    """``s`` with one row a child, ``v`` beside it for its visits. ``listed``: with the day of the next one; ``mix``: an
    expression on what it counts as, under that name."""
    status, params = compiled(_children(month, at, set(columns) - {VISIT}, VISIT in columns, mix))
    if VISIT not in columns:
        return f"({status}) s", params
    visits, asked = _visits(month, at, listed)
    return f"({status}) s LEFT JOIN ({visits}) v ON v.child_id = s.child_id", [*params, *asked]


def column(name: str) -> str:
    """How the join calls what ``Rows`` calls ``name``: all names are ours, none comes from an address."""
    return f"COALESCE(v.state, {NOT_DUE})" if name == VISIT else f"s.{connection.ops.quote_name(name)}"


def planned(month: Period) -> list[ScopedQuerySet]:
    return [facts.known_dues(month), *([facts.overtaken_dues(month)] if month.known else [])]


def compiled(rows: QuerySet) -> Sql:
    sql, params = rows.query.sql_with_params()
    return sql, list(params)


def dimensions_of(month: Period) -> dict[str, Any]:
    """{name: expression on what a child counts as}; of the categories without the bits of the kinds of difficulty,
    which would only split."""
    found = facts.CHILD.dimensions(month) | facts.MEMBERSHIP.dimensions(month)
    return found | {"d_category": found["d_category"].bitand(ALL_CATEGORIES)}


def _children(month: Period, at: At, columns: set[str], keys: bool, mix: Expression | None) -> QuerySet:
    dimensions = dimensions_of(month)
    asked = {name: dimensions[name] for name in columns if name in dimensions}
    places = sorted(name for name in columns if name not in dimensions)
    rows = facts.CHILD.rows(month).filter(at("")).order_by()
    if mix is not None:
        rows, asked["mix"] = rows.alias(**dimensions), mix
    return rows.annotate(**asked).values(*(["child_id"] if keys else []), *places, *asked)


def _visits(month: Period, at: At, listed: bool) -> Sql:
    """A row for each child with a visit owed or made in the month: its state, and what it still owes."""
    parts, params = [], []
    for dues in planned(month):
        here = [(dues.filter(part).filter(at("")), due) for part, due in facts.due_parts(month)]
        elsewhere = (
            _of_those_elsewhere(month, at, dues.filter(facts.counted_in(month))),
            facts.DUE.dimensions(month)["d_due"],
        )
        for rows, due in (*here, elsewhere):
            named = rows.order_by().annotate(state=_ranked(due))
            sql, asked = compiled(named.values("child_id", "state", *(["due_on"] if listed else [])))
            parts.append(sql)
            params += asked
    shown = "child_id, MIN(state) AS state"
    if listed:
        shown += f", MIN(CASE WHEN state <> {VISITED} THEN due_on END) AS due_on"
    return f"SELECT {shown} FROM ({' UNION ALL '.join(parts)}) dues GROUP BY child_id", params


def _of_those_elsewhere(month: Period, at: At, dues: ScopedQuerySet) -> ScopedQuerySet:
    """Visits that lie outside though the child counts here: it stays elsewhere, has come in the month, or has
    gone since. Few: found by the child."""
    stays = Stay.objects.filter(begun_on__lte=month.as_of).filter(Q(ended_on=None) | Q(ended_on__gte=month.first))
    came = PastPeriod.objects.filter(until__gte=month.first)
    children = stays.filter(at("child__")).order_by().values("child").union(
        came.filter(at("child__")).order_by().values("child"),
        came.filter(at("")).order_by().values("child"),
    )  # fmt: skip
    return dues.filter(child__in=children)


def _ranked(due: Expression) -> Case:
    """The state of a child by one of its visits; ``due``: as the indicators call it."""
    ranks = [
        When(Exact(due, Value(name)), then=Value(rank)) for name, rank in (("done", VISITED), ("overdue", OVERDUE))
    ]
    return Case(*ranks, default=Value(DUE), output_field=IntegerField())
