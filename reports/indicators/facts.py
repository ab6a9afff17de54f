"""What is counted: rows of the registry that belong to a village, with the few properties that indicators ask for.

Each fact gives a queryset for a period and its dimensions as expressions. The roll-up groups by all of them at once,
a drill-down filters by some: both count the same rows.

Children are counted from their dated status, as it was known when the period ended (``Period.known``): a period that is
over gives for ever what it gave on its last day.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Exists, Expression, F, OuterRef, Q, Value, When
from django.db.models.lookups import Exact

from orgs.access.scope import ScopedQuerySet
from registry.child.ages import born_after
from registry.status.models import CATEGORY_BITS, DIFFICULTY_BITS, ChildStatus, counting_on, entering, leaving
from reports.rollup.periods import Period
from visits.schedule.models import OvertakenDue, VisitDue

AGE_BANDS = ((0, 5), (6, 13), (14, 15), (16, 17))
# dimensions of which a row may have several values at once, each a bit; "" among the asked values: none of them
BITS: dict[str, dict[str, int]] = {"d_category": CATEGORY_BITS, "d_difficulty": DIFFICULTY_BITS}


@dataclass(frozen=True)
class Fact:
    """``rows(period)`` gives the rows, those of ``source(period)`` that ``counts(period)`` says; ``dimensions(period)``
    names expressions on them. Facts with the same source are counted in one pass over it. ``overtaken(period)``: rows
    with the same dimensions that count beside them, as they were known then and are known no more.

    ``late(period)``: of a period that is over, rows of the source as it is known now, by which it would be counted
    otherwise; ``revoked(period)``: those as they were known then, in whose place they stand.

    ``counted``: what a row stands for, and ``key`` the column that names it in rosters: most lead to a child. ``via``:
    the way to the columns of its village. ``standing``: it says how the village is set up, not what happened there; a
    village of which nothing else is counted has nothing to report."""

    name: str
    source: Callable[[Period], ScopedQuerySet]
    counts: Callable[[Period], Q]
    dimensions: Callable[[Period], dict]
    overtaken: Callable[[Period], ScopedQuerySet] | None = None
    # conditions that together give all of ``source``, each row by one: an index serves each, none serves all at once
    parts: Callable[[Period], list[Q]] = lambda _period: [Q()]
    counted: str = "child"
    key: str = "child_id"
    via: str = ""
    standing: bool = False
    late: Callable[[Period], list[ScopedQuerySet]] = lambda _period: []
    revoked: Callable[[Period], list[ScopedQuerySet]] = lambda _period: []

    def rows(self, period: Period) -> ScopedQuerySet:
        return self.source(period).filter(self.counts(period))

    def sources(self, period: Period) -> list[ScopedQuerySet]:
        """All that is counted, in as many queries as it takes for each to be answered from an index."""
        found = [self.source(period).filter(part) for part in self.parts(period)]
        return [*found, self.overtaken(period)] if self.overtaken and period.known else found


def _statuses(period: Period) -> ScopedQuerySet:
    return ChildStatus.objects.known(period.known).touching(period.first, period.as_of)


def _late_statuses(period: Period) -> list[ScopedQuerySet]:
    """Served by status_known_late."""
    rows = _statuses(known_now(period))
    return [rows.filter(Q(known_from__gt=F("since")), known_from__gt=period.known)]


def _revoked_statuses(period: Period) -> list[ScopedQuerySet]:
    """Served by status_overtaken."""
    return [_statuses(period).filter(known_until__isnull=False)]


def known_now(period: Period) -> Period:
    """The same days by what is known at this moment."""
    return dataclasses.replace(period, known=None)


def _children(period: Period) -> Q:
    return counting_on(period.as_of)


def _child_dimensions(period: Period) -> dict:
    bands = [
        When(Q(birth_date__gt=born_after(period.as_of, high + 1)), then=Value(f"{low}-{high}"))
        for low, high in AGE_BANDS
    ]
    return {
        "d_sex": F("sex"),
        "d_age": Case(*bands, default=Value("18+"), output_field=CharField()),
        "d_guardianship": F("guardianship"),
        "d_schooling": F("schooling"),
        "d_disability": F("disability"),
        "d_risk": F("risk"),
        "d_assessed": _by_last_day("reassess_by", period, none="never", running="in_time"),
        "d_need": _by_last_day("need_by", period, none="none", running="open"),
        **_held(period),
    }


def _by_last_day(column: str, period: Period, *, none: str, running: str) -> Case:
    """What a last day says at the end of ``period``: there is none, it still runs, or it is over."""
    return Case(
        When(**{column: None}, then=Value(none)),
        When(**{f"{column}__lt": period.overdue_before}, then=Value("overdue")),
        default=Value(running),
        output_field=CharField(),
    )


def _held(_period: Period) -> dict:
    return {"d_category": F("categories"), "d_difficulty": F("categories")}


def condition(dimension: str, values: tuple[str, ...]) -> Q:
    """That ``dimension`` of a row has one of ``values``; of the categories of a child, which are bits, one of them."""
    if dimension not in BITS:
        return Q(**{f"{dimension}__in": values})
    bits = _bits(dimension, values)
    none = Exact(F(dimension).bitand(bits), 0)
    return Q(none) if values == ("",) else ~Q(none)


def holds(dimension: str, value: Any, values: tuple[str, ...]) -> bool:
    """As ``condition``, of one ``value`` that a row was counted by."""
    if dimension not in BITS:
        return value in values
    return bool(value & _bits(dimension, values)) != (values == ("",))


def _bits(dimension: str, values: tuple[str, ...]) -> int:
    """Those of ``values``; all of the dimension, where none of them is asked for."""
    known = BITS[dimension]
    return sum(known.values()) if values == ("",) else sum(known[value] for value in values)


def _joined(period: Period) -> Q:
    """Approved in the period, moved in, or registered again."""
    return entering(period.first, period.as_of)


def _left(period: Period) -> Q:
    return leaving(period.first, period.as_of)


def _before(period: Period) -> Q:
    return counting_on(period.before)


def _dues(period: Period) -> ScopedQuerySet:
    """Visits owed in the period: due by its end and not ended before it, or done in it ahead of time. A due that ended
    without a visit, because the child left, is owed no more from that day."""
    return known_dues(period).filter(counted_in(period))


def known_dues(period: Period) -> ScopedQuerySet:
    """All visits that were planned, as the period knows of them."""
    dues = VisitDue.objects.all()
    return dues.filter(Q(known_from=None) | Q(known_from__lte=period.known)) if period.known else dues


def _overtaken_dues(period: Period) -> ScopedQuerySet:
    """What the period said of visits that are planned otherwise since it ended."""
    return overtaken_dues(period).filter(counted_in(period))


def overtaken_dues(period: Period) -> ScopedQuerySet:
    """As ``known_dues``, what is planned otherwise since."""
    return OvertakenDue.objects.known(period.known) if period.known else OvertakenDue.objects.none()


def _late_dues(period: Period) -> list[ScopedQuerySet]:
    return [_dues(known_now(period)).filter(known_from__gt=period.known)]


def _revoked_dues(period: Period) -> list[ScopedQuerySet]:
    return [_overtaken_dues(period)]


def due_parts(period: Period) -> list[tuple[Q, Expression]]:
    """What is counted of visits, in parts that exclude each other, each with its ``d_due``: so that an index that has
    only a part of the columns can answer for a part of the rows."""
    open_still = Case(When(due_on__lt=period.overdue_before, then=Value("overdue")), default=Value("waiting"))
    return [
        (Q(ended_on=None, due_on__lte=period.last), open_still),
        (Q(ended_on__gt=period.as_of, due_on__lte=period.last), open_still),
        (Q(ended_on__gte=period.first, ended_on__lte=period.as_of, visit__isnull=False), Value("done")),
    ]


def counted_in(period: Period) -> Q:
    return reduce(or_, (part for part, _state in due_parts(period)))


def _parts_of_dues(period: Period) -> list[Q]:
    """Served by due_figures and due_figures_done."""
    return [part for part, _state in due_parts(period)]


def _due_dimensions(period: Period) -> dict:
    return {
        "d_due": Case(
            When(ended_on__lte=period.as_of, then=Value("done")),
            When(due_on__lt=period.overdue_before, then=Value("overdue")),
            default=Value("waiting"),
            output_field=CharField(),
        )
    }


def _unmet(period: Period) -> ScopedQuerySet:
    """Visits still owed at the period's end, of children whom nobody met in it: one a child."""
    return _without_visit(known_dues(period).filter(_still_owed(period)), period)


def _overtaken_unmet(period: Period) -> ScopedQuerySet:
    return _without_visit(overtaken_dues(period).filter(_still_owed(period)), period)


def _late_unmet(period: Period) -> list[ScopedQuerySet]:
    """Whether a child was met is asked of all its visits, so all of whom one changed since."""
    return [_unmet(known_now(period)).filter(_planned_anew(period))]


def _revoked_unmet(period: Period) -> list[ScopedQuerySet]:
    return [rows.filter(_planned_anew(period)) for rows in (_unmet(period), _overtaken_unmet(period))]


def _planned_anew(period: Period) -> Q:
    late = VisitDue.objects.filter(known_from__gt=period.known)
    return Q(child__in=late.values("child")) | Q(child__in=overtaken_dues(period).values("child"))


def _still_owed(period: Period) -> Q:
    return reduce(or_, _parts_of_owed(period))


def _parts_of_owed(period: Period) -> list[Q]:
    return [part for part, state in due_parts(period) if not isinstance(state, Value)]


def _without_visit(rows: ScopedQuerySet, period: Period) -> ScopedQuerySet:
    met = Q(child=OuterRef("child"), visit__isnull=False, ended_on__gte=period.first, ended_on__lte=period.as_of)
    rows = rows.filter(~Exists(known_dues(period).filter(met)))
    return rows.filter(~Exists(overtaken_dues(period).filter(met))) if period.known else rows


def _none(period: Period) -> dict:
    return {}


def _all(_period: Period) -> Q:
    return Q()


_of_statuses = partial(Fact, late=_late_statuses, revoked=_revoked_statuses)
CHILD = _of_statuses("child", _statuses, _children, _child_dimensions)
# a child in each category that it holds
MEMBERSHIP = _of_statuses("membership", _statuses, _children, _held)
JOINED = _of_statuses("joined", _statuses, _joined, _none)
LEFT = _of_statuses("left", _statuses, _left, _none)
BEFORE = _of_statuses("before", _statuses, _before, _none)
DUE = Fact(
    "due", _dues, _all, _due_dimensions, overtaken=_overtaken_dues, parts=_parts_of_dues, late=_late_dues,
    revoked=_revoked_dues,
)  # fmt: skip
UNMET = Fact(
    "unmet", _unmet, _all, _none, overtaken=_overtaken_unmet, parts=_parts_of_owed, late=_late_unmet,
    revoked=_revoked_unmet,
)  # fmt: skip
