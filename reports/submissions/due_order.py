"""The order of last days in a month: no unit's is after that of the unit above that waits for it, none after the lock.

Whatever moves a day asks this: a return, a withdrawal, the end of a waiver, days moved by hand, a holiday.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from django.utils import timezone

from orgs.access.scope import TIERS
from orgs.holidays.working_days import WorkingDays
from reports.periods.deadlines import Deadlines, after_below, are_apart
from reports.periods.models import ReportingPeriod
from reports.periods.services import rule_of
from reports.submissions.models import OPEN_STATES, Submission


class DueOrder:
    """Of ``period``: as it is, or as it would be with other ``deadlines`` and ``calendar``."""

    def __init__(
        self, period: ReportingPeriod, *, deadlines: Deadlines | None = None, calendar: WorkingDays | None = None
    ) -> None:
        self.deadlines, self.rule = deadlines or period.deadlines, rule_of(period)
        self.calendar = calendar or WorkingDays(timezone.localdate(), self.deadlines.locks)

    def days_of(self, rows: Iterable[Submission], wanted: Mapping[Any, datetime.date]) -> dict[Any, datetime.date]:
        """{submission: its last day} of ``rows``, each with its unit, that wait for each other: as ``wanted``, no later
        than the lock, and as late as those below need. Where one has a day of its own, later than its tier's, the tier
        above keeps its working day after it, as far as the lock leaves one."""
        locks, found = self.deadlines.locks, dict[Any, datetime.date]()
        levels, needed = {row.pk: row.unit.level for row in rows}, dict[Any, datetime.date]()
        for row in sorted(rows, key=lambda each: -each.unit.level):
            found[row.pk] = day = min(max(wanted[row.pk], needed.get(row.pk, wanted[row.pk])), locks)
            if row.parent_id in levels:
                after = self._after(day, levels[row.pk], levels[row.parent_id])
                needed[row.parent_id] = max(after, needed.get(row.parent_id, after))
        return found

    def _after(self, day: datetime.date, lower: int, upper: int) -> datetime.date:
        is_own = day > self.deadlines.of_level(lower)
        apart = is_own and are_apart(self.rule, TIERS[lower - 1], TIERS[upper - 1])
        return after_below(day, apart=apart, calendar=self.calendar)


def hold_line(submission: Submission) -> list[Submission]:
    """Those above ``submission``, the nearest first, held until the transaction ends, and itself: from the top down, as
    everybody holds the rows of a month, so that of two who return at once none waits for the other in a circle."""
    steps = ("parent", "parent__parent", "parent__parent__parent")
    line = Submission.objects.filter(pk=submission.pk).values_list(*steps).get()
    rows = Submission.objects.select_for_update(no_key=True, of=("self",)).select_related("unit")
    held = list(rows.filter(pk__in=[submission.pk, *filter(None, line)]).order_by("unit__level", "pk"))
    return [row for row in reversed(held) if row.pk != submission.pk]


def lift_above(submission: Submission, above: Sequence[Submission]) -> list[Submission]:
    """Those of ``above`` (``hold_line``) that sum up what ``submission`` is still to send get as long as it has; gives
    those whose day moved."""
    waiting = list(takewhile(lambda row: row.state in OPEN_STATES, above))
    line = [submission, *waiting]
    days = DueOrder(submission.period).days_of(line, {row.pk: row.due_on for row in line})
    moved = [row for row in waiting if days[row.pk] != row.due_on]
    for row in moved:
        row.due_on = row.nominal_due_on = days[row.pk]
    Submission.objects.bulk_update(moved, ["due_on", "nominal_due_on"])
    return moved
