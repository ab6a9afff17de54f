"""The days of a period that is open, and those of everybody who has not sent yet: moved by hand, or by a holiday that
is written down or taken back."""

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from orgs.audit.services import record_act
from orgs.holidays.following import CalendarChange, Moved, first_working
from orgs.holidays.working_days import WorkingDays
from orgs.inbox.services import notify_about
from orgs.posts.models import Appointment
from reports.periods.deadlines import DEFAULT_DAYS, LATEST_MOVED, TIER_LABELS, Deadlines
from reports.periods.models import PeriodState, ReportingPeriod, first_day_to_come
from reports.periods.services import deadlines_by_calendar, move_deadlines
from reports.submissions.due_order import DueOrder
from reports.submissions.locking import hold_all
from reports.submissions.models import OPEN_STATES, Submission, SubmissionQuerySet
from reports.submissions.people import offices_of


def move_period(
    period: ReportingPeriod, deadlines: Deadlines, *, by: Appointment, seen_version: int, reason: str
) -> None:
    """Give ``period`` later days, and with it whoever has not sent yet and has no later one of its own, who is told."""
    with transaction.atomic():
        hold_all(period)
        move_deadlines(period, deadlines, by=by, seen_version=seen_version, reason=reason)
        rows = [row for row in _open_rows(period) if row.due_on < deadlines.of_level(row.unit.level)]
        for row in rows:
            row.due_on = deadlines.of_level(row.unit.level)
        Submission.objects.bulk_update(rows, ["due_on"], batch_size=500)
        tell_moved("ledger_moved", rows, by=by, key=f"days:{period.version}")


def _open_rows(period: ReportingPeriod) -> SubmissionQuerySet:
    rows = Submission.objects.filter(period=period, state__in=OPEN_STATES).order_by("unit__level", "pk")
    return rows.select_related("unit", "unit__city", "unit__county", "unit__township")


@dataclass
class _Plan:
    """What a change of the calendar makes of ``period``: its days, and those of the rows that are still to be sent:
    [(row, its day then)]; ``unmoved``: those that keep another than their tier's."""

    period: ReportingPeriod
    deadlines: Deadlines
    rows: list[tuple[Submission, datetime.date]] = field(default_factory=list)
    unmoved: list[Submission] = field(default_factory=list)

    @property
    def moves(self) -> bool:
        return bool(self.rows) or self.deadlines != self.period.deadlines


def foresee(change: CalendarChange, post: Appointment) -> list[Moved]:
    """In words, tier by tier, what ``follow`` would move; of another city no more than that something moves."""
    found: list[Moved] = []
    for plan in _plans(change):
        told, is_own = plan.period.deadlines, plan.period.root_id == (post.unit.city_id or post.unit_id)
        month = plan.period.month.label if is_own else _("其他地市%(month)s") % {"month": plan.period.month.label}
        by_tier = Counter((row.unit.level, row.due_on, day) for row, day in plan.rows)
        for name, level in zip(DEFAULT_DAYS, (4, 3, 2, 1, 0), strict=True):  # nobody reports by the lock
            before, after = getattr(told, name), getattr(plan.deadlines, name)
            units = by_tier.pop((level, before, after), 0)
            if before != after:
                words = {"month": month, "tier": TIER_LABELS[name]}
                what = _("%(month)s月报锁定") if name == "locks" else _("%(month)s月报，%(tier)s上报")
                found.append(Moved(what % words, before, after, units))
        own = Counter[tuple[datetime.date, datetime.date]]()
        for (_level, before, after), units in by_tier.items():
            own[before, after] += units
        what = _("%(month)s月报，退回重报的") % {"month": month}
        found += [Moved(what, before, after, units) for (before, after), units in sorted(own.items())]
    return found


def follow(change: CalendarChange, by: Appointment, key: str) -> None:
    """Move the days of every month that is not locked, and of each unit that has not sent; tell it once."""
    for period in _open_periods():
        held = hold_all(period)
        if held.is_locked:
            continue
        plan = _plan(held, change)
        if plan.moves:
            _carry_out(plan, change, by, key)


def _open_periods() -> Iterator[ReportingPeriod]:
    return ReportingPeriod.objects.filter(state=PeriodState.OPEN).select_related("root").order_by("pk").iterator()


def _plans(change: CalendarChange) -> list[_Plan]:
    return [plan for period in _open_periods() if (plan := _plan(period, change)).moves]


def _plan(period: ReportingPeriod, change: CalendarChange) -> _Plan:
    plan, today = _Plan(period, deadlines_by_calendar(period, change)), first_day_to_come()
    calendar = WorkingDays(min(today, period.as_of), period.as_of + LATEST_MOVED, change)
    rows = list(_open_rows(period).filter(due_on__gte=today))
    wanted = {}
    for row in rows:
        before, day = period.deadlines.of_level(row.unit.level), plan.deadlines.of_level(row.unit.level)
        if row.nominal_due_on or row.due_on != before:
            nominal = row.nominal_due_on or row.due_on
            day = max(day, first_working(nominal, row.due_on, calendar.first_from, today=today))
        wanted[row.pk] = day
    days = DueOrder(period, deadlines=plan.deadlines, calendar=calendar).days_of(rows, wanted)
    plan.rows = [(row, days[row.pk]) for row in rows if days[row.pk] != row.due_on]
    plan.unmoved = [row for row in rows if days[row.pk] == row.due_on != plan.deadlines.of_level(row.unit.level)]
    return plan


def _carry_out(plan: _Plan, change: CalendarChange, by: Appointment, key: str) -> None:
    period, before = plan.period, plan.period.deadlines
    own = {str(row.pk): day for row, day in plan.rows if day != plan.deadlines.of_level(row.unit.level)}
    words = {"name": change.name, "document": change.document}
    reason = (
        _("“%(name)s”放假（%(document)s）") if change.removed is None else _("“%(name)s”放假安排去掉了（%(document)s）")
    )
    told: dict[str, Any] = {"before": before.in_order(), "deadlines": plan.deadlines.in_order(), "own": own}
    for row, day in plan.rows:
        level = row.unit.level
        if row.nominal_due_on is None and (row.due_on, day) != (before.of_level(level), plan.deadlines.of_level(level)):
            row.nominal_due_on = row.due_on
        row.due_on = day
    told["nominal"] = {str(row.pk): row.nominal_due_on for row, _day in plan.rows if row.nominal_due_on}
    # who has its tier's day and does not go with it: the trail would not tell it from those that do
    told["unmoved"] = [str(row.pk) for row in plan.unmoved if row.nominal_due_on is None]
    period.set_deadlines(plan.deadlines)
    period.version += 1
    period.save()
    Submission.objects.bulk_update([row for row, _day in plan.rows], ["due_on", "nominal_due_on"], batch_size=500)
    record_act(by, "move_deadlines", period, unit=period.root, period=period.key, reason=reason % words, **told)
    tell_moved("ledger_moved", [row for row, _day in plan.rows], by=by, key=key)


def tell_moved(kind: str, rows: Sequence[Any], *, by: Appointment, key: str) -> None:
    """Each unit of its own row, by a message of ``kind``; where nobody is in post, who does its work, once."""
    told = [(row.unit_id, row) for row in rows]
    reached = notify_about(kind, told, permission="submit_ledger", key=key, by=by)
    left = [row for row in rows if row.unit_id not in reached]
    offices, in_place = offices_of([row.unit for row in left]), dict[int, Any]()
    for row in left:
        office = next(iter(offices[row.unit_id]), None)
        if office and office not in reached:
            in_place.setdefault(office, row)
    notify_about(kind, list(in_place.items()), permission="submit_ledger", key=key, by=by)
