"""The days of a period that is open, and those of everybody who has not sent yet."""

from django.db import transaction

from orgs.posts.models import Appointment
from reports.periods.deadlines import Deadlines
from reports.periods.models import ReportingPeriod
from reports.periods.services import move_deadlines
from reports.submissions.locking import hold_all
from reports.submissions.models import OPEN_STATES, Submission


def move_period(
    period: ReportingPeriod, deadlines: Deadlines, *, by: Appointment, seen_version: int, reason: str
) -> None:
    """Give ``period`` later days, and with it whoever has not sent yet and has no later one of its own."""
    with transaction.atomic():
        hold_all(period)
        move_deadlines(period, deadlines, by=by, seen_version=seen_version, reason=reason)
        for level in (1, 2, 3, 4):
            rows = Submission.objects.filter(period=period, unit__level=level, state__in=OPEN_STATES)
            rows.filter(due_on__lt=deadlines.of_level(level)).update(due_on=deadlines.of_level(level))
