"""Open dues follow the rules in force: set by set, never child by child."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, DateField, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, Least
from django.utils import timezone

from orgs.services.marks import touch
from visits.models import ExtraVisit, VisitDue, VisitRule
from visits.services.rules import days_between, rules_of


class Effect(NamedTuple):
    """How many due dates come earlier or later; ``overdue``: of the earlier ones, how many are past at once."""

    earlier: int
    later: int
    overdue: int

    @property
    def moved(self) -> int:
        return self.earlier + self.later


def recompute(county_id: int, *, on: datetime.date | None = None) -> int:
    """Let the open dues of a county follow the rules in force on ``on`` (today): what ``reschedule`` of each child
    does, in one UPDATE a risk level and interval. Past dues keep theirs. Returns how many dues changed.

    Idempotent: a second run finds nothing.
    """
    day, changed, first = on or timezone.localdate(), 0, None
    with transaction.atomic():
        for dues, days in _changes(county_id, rules_of(county_id), day):
            then = due_on_by(days)
            earliest = dues.annotate(then=then).aggregate(day=Min(Least("due_on", "then")))["day"]
            changed += dues.update(days=days, due_on=then)
            first = min(filter(None, (first, earliest)), default=None)
        if changed:
            touch(county_id, first)
    return changed


def effect_of(rules: list[VisitRule], counties: list[int], *, on: datetime.date, risk: str) -> Effect:
    """What the due dates of ``counties`` would do if ``rules`` held on ``on``; nothing is written. ``risk``: the level
    of the rule in question, no other moves."""
    total = Effect(0, 0, 0)
    for county in counties:
        for dues, days in _changes(county, rules, on, risk=risk):
            counts = dues.annotate(then=due_on_by(days)).aggregate(
                earlier=Count("pk", Q(then__lt=F("due_on"))),
                later=Count("pk", Q(then__gt=F("due_on"))),
                overdue=Count("pk", Q(then__lt=on, due_on__gte=on)),
            )
            total = Effect(*(sum(pair) for pair in zip(total, Effect(**counts), strict=True)))
    return total


def due_on_by(days: int):
    """When an open due is owed at an interval of ``days``: not later than the director promised at the visit before,
    or than the station asked for."""
    before = VisitDue.objects.filter(child=OuterRef("child"), ended_on__isnull=False).order_by("-since", "-pk")
    asked = ExtraVisit.objects.open().filter(child=OuterRef("child")).order_by("due_on")
    counted = Cast(F("since") + datetime.timedelta(days=days), DateField())
    promised, extra = (
        Coalesce(Subquery(rows.values(name)[:1]), counted)
        for rows, name in ((before, "visit__next_on"), (asked, "due_on"))
    )
    return Least(counted, promised, extra, output_field=DateField())


def _changes(county_id: int, rules, on: datetime.date, *, risk: str = "") -> Iterator[tuple[QuerySet, int]]:
    """(open dues that hold another interval, the interval that they should hold)."""
    dues = VisitDue.objects.open().filter(county=county_id).order_by()
    if risk:
        dues = dues.filter(child__risk=risk)
    groups = defaultdict(list)
    for level, held in dues.values_list("child__risk", "child__category_codes").distinct():
        groups[level, days_between(level, held, on=on, rules=rules, county=county_id)].append(held)
    for (level, days), lists in sorted(groups.items()):
        yield dues.filter(child__risk=level, child__category_codes__in=lists).exclude(days=days), days
