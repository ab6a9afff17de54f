"""Open dues follow the rules in force: set by set, never child by child."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, Count, DateField, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from orgs.stale_figures.services import mark_figures_stale
from registry.child.codes import UNASSESSED, Risk
from registry.child.models import ChildFile
from visits.schedule.models import ExtraVisit, OvertakenDue, VisitDue, VisitRule, last_month_end
from visits.schedule.services.rules import days_between, rules_of
from visits.schedule.services.shorter import last_day_by, not_before_by


class Effect(NamedTuple):
    """How many due dates come earlier or later; none of them is past at once (``shorter``)."""

    earlier: int
    later: int

    @property
    def moved(self) -> int:
        return self.earlier + self.later


def recompute(county_id: int, *, on: datetime.date | None = None) -> int:
    """Let the open dues of a county follow the rules in force on ``on`` (today): what ``reschedule`` of each child
    does, in one UPDATE an interval. Past dues keep theirs. Returns how many dues changed.

    Idempotent: a second run finds nothing.
    """
    day, changed, first = on or timezone.localdate(), 0, None
    with transaction.atomic():
        for dues, was, days in _dues_to_change(county_id, rules_of(county_id), day):
            by_interval = last_day_by(was, days, day)
            # Figures are counted again from the earliest day that a due leaves or comes to. Where it comes to is at
            # most the day by the interval; what was promised or asked for is not before the due date that it made.
            earliest = dues.aggregate(day=Min(Least("due_on", by_interval)))["day"]
            keys = _keep_what_months_said(dues, by_interval)
            not_before = not_before_by(was, days, day)
            changed += dues.update(days=days, not_before=not_before, due_on=due_on_by(by_interval))
            VisitDue.objects.filter(pk__in=keys).update(known_from=day)
            first = min(filter(None, (first, earliest)), default=None)
        if changed:
            for county in sorted({county_id, *_homes_of_guests(county_id)}):
                mark_figures_stale(county, first)
    return changed


def _homes_of_guests(county_id: int) -> list[int]:
    """The counties that keep the children who stay in this one: there they count as visited, due or overdue."""
    guests = ChildFile.objects.filter(dues__county=county_id, dues__ended_on=None).exclude(county=county_id)
    return list(guests.order_by().values_list("county_id", flat=True).distinct())


def _keep_what_months_said(dues: QuerySet[VisitDue], by_interval: Coalesce) -> list[int]:
    """Of ``dues`` that come to another day, those of which a month that is over says something, or would: what it says
    is kept. Returns their keys."""
    last = last_month_end()
    moved = dues.annotate(then=due_on_by(by_interval)).exclude(then=F("due_on"))
    moving = list(moved.filter(Q(due_on__lte=last) | Q(then__lte=last)))
    OvertakenDue.objects.bulk_create(OvertakenDue.of(due) for due in moving if due.counted_by(last))
    return [due.pk for due in moving]


def effect_of(rules: list[VisitRule], counties: list[int], *, on: datetime.date, risk: str) -> Effect:
    """What the due dates of ``counties`` would do if ``rules`` held on ``on``; nothing is written. ``risk``: the level
    of the rule in question, no other moves."""
    total = Effect(0, 0)
    for county in counties:
        for dues, was, days in _dues_to_change(county, rules, on, risk=risk):
            counts = dues.annotate(then=due_on_by(last_day_by(was, days, on))).aggregate(
                earlier=Count("pk", Q(then__lt=F("due_on"))), later=Count("pk", Q(then__gt=F("due_on")))
            )
            total = Effect(earlier=total.earlier + counts["earlier"], later=total.later + counts["later"])
    return total


def due_on_by(by_interval: Coalesce) -> Case:
    """When an open due is owed, ``by_interval`` by its new interval alone: not later than the director promised at the
    visit before, or than the station asked for. Both are looked up only where the due would come later than it is."""
    before = VisitDue.objects.filter(child=OuterRef("child"), ended_on__isnull=False).order_by("-since", "-pk")
    asked = ExtraVisit.objects.open().filter(child=OuterRef("child")).order_by("due_on")
    # Least() of PostgreSQL passes over NULL, that of SQLite gives NULL: where nothing was promised or asked for, the
    # day by the interval stands in for it.
    promised = Coalesce(Subquery(before.values("visit__next_on")[:1]), by_interval)
    extra = Coalesce(Subquery(asked.values("due_on")[:1]), by_interval)
    # A due that comes earlier, or stays, has no look-up to make: the day that it has takes in what was promised and
    # asked for, and none of that is earlier.
    later = Least(by_interval, promised, extra, output_field=DateField())
    return Case(When(due_on__gte=by_interval, then=by_interval), default=later, output_field=DateField())


def _dues_to_change(
    county_id: int, rules: list[VisitRule], on: datetime.date, *, risk: str = ""
) -> Iterator[tuple[QuerySet, int, int]]:
    """(open dues that hold another interval, the one they hold, the one they should hold), for each pair of these."""
    # A county of sixty thousand children has some dozens of pairs of risk and categories: the rules are asked once for
    # each pair that there is, not once for each child, and those of one old and one new interval make one UPDATE.
    dues = VisitDue.objects.open().filter(county=county_id).order_by()
    if risk:
        dues = dues.filter(child__risk__in=[risk, UNASSESSED] if risk == Risk.GENERAL else [risk])
    wanted: dict[tuple[int, int], dict[str, set]] = defaultdict(lambda: defaultdict(set))
    for level, held, now in dues.values_list("child__risk", "child__category_codes", "days").distinct():
        days = days_between(level, held, on=on, rules=rules, county=county_id)
        if days != now:
            wanted[now, days][level].add(held)
    for (was, days), levels in sorted(wanted.items()):
        of_these = Q()
        for level, lists in levels.items():
            of_these |= Q(child__risk=level, child__category_codes__in=sorted(lists))
        yield dues.filter(of_these, days=was), was, days
