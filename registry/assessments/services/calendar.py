"""By when a level asks for a plan and a meeting follows the calendar of days off, as the last days of needs do."""

import datetime
from collections.abc import Iterator

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from orgs.audit.services import record_act
from orgs.holidays.counted import Calendars, calendars_of, counted_again
from orgs.holidays.following import CalendarChange, Moved
from orgs.holidays.working_days import LONGEST
from orgs.posts.models import Appointment
from registry.assessments.models import Assessment
from registry.signals import help_written

Days = dict[str, datetime.date]


def foresee(change: CalendarChange, post: Appointment) -> list[Moved]:
    """What ``follow`` would move, by the days from and to; of how many townships."""
    what = {"plan_due_on": _("制定帮扶方案的期限"), "meeting_due_on": _("会商的期限")}
    units: dict[tuple[str, datetime.date, datetime.date], set[int | None]] = {}
    for assessment, days in _moving(change):
        for name, day in days.items():
            units.setdefault((name, getattr(assessment, name), day), set()).add(assessment.township_id)
    return [Moved(what[name], before, after, len(held)) for (name, before, after), held in sorted(units.items())]


def follow(change: CalendarChange, by: Appointment, key: str) -> None:
    """Move them. Nobody is told: whom they concern reads the day in the list of plans to be written."""
    for assessment, days in _moving(change):
        Assessment.objects.filter(pk=assessment.pk).update(version=F("version") + 1, **days)
        help_written.send(Assessment, child=assessment.child)
        record_act(by, "follow_calendar_assessment", assessment, fields=sorted(days))


def _moving(change: CalendarChange) -> Iterator[tuple[Assessment, Days]]:
    """What lies ahead and comes to another day, in the order of the files."""
    first = max(timezone.localdate(), change.since)
    ahead = Assessment.objects.in_force().filter(Q(plan_due_on__gte=first) | Q(meeting_due_on__gte=first))
    calendars = calendars_of(change, timezone.localdate() - LONGEST)
    for assessment in ahead.select_related("child", "instrument").order_by("child_id", "pk"):
        if days := _days_of(assessment, calendars, first):
            yield assessment, days


def _days_of(assessment: Assessment, calendars: Calendars, first: datetime.date) -> Days:
    level = assessment.instrument.content.level(assessment.level)
    within = {"plan_due_on": level.plan_days, "meeting_due_on": level.meeting_days}
    decided_at, moved = assessment.decided_at, {}
    for name, number in within.items():
        due_on = getattr(assessment, name)
        if decided_at and due_on and number and due_on >= first:
            day = counted_again(calendars, timezone.localdate(decided_at), number, due_on)
            if day != due_on:
                moved[name] = day
    return moved
