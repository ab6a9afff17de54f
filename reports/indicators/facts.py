"""What is counted: rows of the registry that belong to a village, with the few properties that indicators ask for.

Each fact gives a queryset for a month and its dimensions as expressions. The roll-up groups by all of them at once,
a drill-down filters by some: both count the same rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from registry.categories.models import CategoryMembership
from registry.child.ages import born_after
from registry.child.models import ChildFile
from registry.periods.models import PastPeriod
from reports.rollup.months import Month
from visits.schedule.models import VisitDue

AGE_BANDS = ((0, 5), (6, 13), (14, 15), (16, 17))


@dataclass(frozen=True)
class Fact:
    """``rows(month)`` gives the rows; ``dimensions(month)`` names expressions on them; ``child`` leads to the file.

    ``past(month)`` gives what counts beside them, with the same dimensions: times of children who have moved or were
    closed and reopened since (PastPeriod, few), so that a past month stays as it was counted.
    """

    name: str
    rows: Callable[[Month], QuerySet]
    dimensions: Callable[[Month], dict]
    child: str = ""
    past: Callable[[Month], QuerySet] | None = None
    past_dimensions: Callable[[Month], dict] | None = None

    def sources(self, month: Month) -> list[tuple[QuerySet, dict]]:
        """(rows, dimensions) of all that is counted."""
        found = [(self.rows(month), self.dimensions(month))]
        if self.past:
            found.append((self.past(month), (self.past_dimensions or self.dimensions)(month)))
        return found


def _children(month: Month) -> QuerySet:
    return ChildFile.objects.registered_on(month.as_of)


def _child_dimensions(month: Month, child: str = "") -> dict:
    bands = [
        When(Q(**{f"{child}birth_date__gt": born_after(month.as_of, high + 1)}), then=Value(f"{low}-{high}"))
        for low, high in AGE_BANDS
    ]
    return {
        "d_sex": F(f"{child}sex"),
        "d_age": Case(*bands, default=Value("18+"), output_field=CharField()),
        "d_guardianship": F(f"{child}guardianship"),
        "d_schooling": F(f"{child}schooling"),
        "d_disability": F(f"{child}disability"),
        "d_risk": F(f"{child}risk"),
    }


def _memberships(month: Month) -> QuerySet:
    day = month.as_of
    begun = Q(child__counted_since=None) | Q(child__counted_since__lte=day)
    registered = Q(child__approved_on__lte=day) & begun & (Q(child__closed_on=None) | Q(child__closed_on__gt=day))
    held = Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))
    return CategoryMembership.objects.filter(registered & held)


def _joined(month: Month) -> QuerySet:
    """Approved in the month, or since then here: moved in, or registered again."""
    approved = Q(counted_since=None, approved_on__gte=month.first, approved_on__lte=month.as_of)
    return ChildFile.objects.filter(approved | Q(counted_since__gte=month.first, counted_since__lte=month.as_of))


def _left(month: Month) -> QuerySet:
    return ChildFile.objects.filter(closed_on__gte=month.first, closed_on__lte=month.as_of)


def _before(month: Month) -> QuerySet:
    return ChildFile.objects.registered_on(month.before)


def _dues(month: Month) -> QuerySet:
    """Visits owed in the month: due by its end and not ended before it, or done in it ahead of time. A due that ended
    without a visit, because the child left, is owed no more from that day."""
    owed = Q(due_on__lte=month.last) & (Q(ended_on=None) | Q(ended_on__gt=month.as_of))
    done = Q(ended_on__gte=month.first, ended_on__lte=month.as_of, visit__isnull=False)
    return VisitDue.objects.filter(owed | done)


def _due_dimensions(month: Month) -> dict:
    return {
        "d_due": Case(
            When(ended_on__lte=month.as_of, then=Value("done")),
            When(due_on__lt=month.overdue_before, then=Value("overdue")),
            default=Value("waiting"),
            output_field=CharField(),
        )
    }


def _none(month: Month) -> dict:
    return {}


def _past_memberships(month: Month) -> QuerySet:
    """One row for each category that a child held while it was here."""
    held = Q(child__memberships__since__lte=month.as_of) & (
        Q(child__memberships__until=None) | Q(child__memberships__until__gt=month.as_of)
    )
    return PastPeriod.objects.on(month.as_of).filter(held)


CHILD = Fact(
    "child",
    _children,
    _child_dimensions,
    past=lambda month: PastPeriod.objects.on(month.as_of),
    past_dimensions=lambda month: _child_dimensions(month, "child__"),
)
MEMBERSHIP = Fact(
    "membership",
    _memberships,
    lambda month: {"d_category": F("category")},
    child="child",
    past=_past_memberships,
    past_dimensions=lambda month: {"d_category": F("child__memberships__category")},
)
JOINED = Fact(
    "joined",
    _joined,
    _none,
    past=lambda month: PastPeriod.objects.filter(since__gte=month.first, since__lte=month.as_of),
)
LEFT = Fact(
    "left",
    _left,
    _none,
    past=lambda month: PastPeriod.objects.filter(until__gte=month.first, until__lte=month.as_of),
)
BEFORE = Fact("before", _before, _none, past=lambda month: PastPeriod.objects.on(month.before))
DUE = Fact("due", _dues, _due_dimensions, child="child")
FACTS = (CHILD, MEMBERSHIP, BEFORE, JOINED, LEFT, DUE)
