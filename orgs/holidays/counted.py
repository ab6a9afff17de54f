"""Last days that are counted in working days, before and after the days off change."""

import datetime
from dataclasses import replace
from typing import NamedTuple

from django.utils import timezone

from orgs.holidays.following import CalendarChange
from orgs.holidays.models import Holiday
from orgs.holidays.working_days import LONGEST, WorkingDays


class Calendars(NamedTuple):
    """The days off as they were before a change, and as they are after it."""

    before: WorkingDays
    after: WorkingDays


def calendars_of(change: CalendarChange, since: datetime.date) -> Calendars:
    """Counting from ``since`` on, whether ``change`` is written yet or not."""
    until = timezone.localdate() + LONGEST
    written = Holiday.objects.filter(since=change.since, until=change.until).values_list("pk", flat=True).first()
    undone = replace(change, removed=written if change.removed is None else None)
    is_as_before = change.removed is None and written is None
    return Calendars(WorkingDays(since, until, None if is_as_before else undone), WorkingDays(since, until, change))


def counted_again(calendars: Calendars, since: datetime.date, days: int, due_on: datetime.date) -> datetime.date:
    """Where ``due_on`` goes, if it is ``days`` working days after ``since``; one that is not stays. Never to a day that
    is over."""
    if calendars.before.after(since, days) != due_on:
        return due_on
    return max(calendars.after.after(since, days), min(due_on, timezone.localdate()))
