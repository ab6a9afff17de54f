"""Closing a period for good: what is valid then stays, and stays the sum of what is valid below it."""

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Stale
from orgs.posts.models import Appointment
from reports.periods.models import PeriodState, ReportingPeriod
from reports.periods.workflow import PERIOD
from reports.snapshots.models import SnapshotPart
from reports.submissions.models import Submission
from reports.submissions.models import SubmissionState as S


class AlreadyLocked(Stale):
    """Of two who lock a period at once the second: what she wanted is done."""


def lock_period(period: ReportingPeriod, *, by: Appointment, seen_version: int) -> None:
    """Nothing of it is changed any more, but by an amendment. Raises PermissionDenied, Refused, Stale; AlreadyLocked
    where somebody, or the calendar, was first."""
    with transaction.atomic():
        held = hold_all(period)
        if held.is_locked and by.may("manage_periods", period.root):
            raise AlreadyLocked(_who_locked(held))
        PERIOD.apply("lock", period, by=by, seen_version=seen_version)
        _keep_what_is_summed(period)


def lock_in_time(period: ReportingPeriod) -> None:
    """Its day has come. Does nothing where it was locked before."""
    with transaction.atomic():
        held = hold_all(period)
        if held.is_locked:
            return
        PERIOD.follow("lock_in_time", held, by=None)
        _keep_what_is_summed(period)
    period.state, period.version = held.state, held.version


def hold_all(period: ReportingPeriod) -> ReportingPeriod:
    """Whoever moves one of its submissions or amendments at this moment is waited for; who comes after finds the period
    as it is left. Held in the order in which they hold: the period, then the rows from above. Gives the period as it is
    now."""
    held: ReportingPeriod = ReportingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
    rows = Submission.objects.select_for_update(no_key=True, of=("self",)).filter(period=period)
    rows = rows.order_by("unit__level", "pk")
    list(rows.values_list("pk", flat=True))
    return held


def _who_locked(period: ReportingPeriod) -> str:
    event = period.events.filter(now=PeriodState.LOCKED).select_related("person").order_by("at", "id").last()
    if event is None:
        return _("%(period)s已经锁定。") % {"period": period}
    at = timezone.localtime(event.at)
    words = {"period": period, "when": f"{short_day(at)} {at:%H:%M}", "who": event.person.name if event.person else ""}
    if not event.person:
        return _("%(period)s已于%(when)s到期自动锁定。") % words
    return _("%(period)s已由%(who)s于%(when)s锁定。") % words


def _keep_what_is_summed(period: ReportingPeriod) -> None:
    """What became valid after the unit above had summed up, and which that did not sum up anew in time, is in no total:
    valid stays what is in the total, and the rest is put right by an amendment. So a locked total is the sum of what
    is valid below it, at every tier. Where the unit above has no valid total, everything stays."""
    parts: dict[Any, dict[int, Any]] = defaultdict(dict)
    summed = SnapshotPart.objects.filter(whole__period=period).values_list("whole", "part__unit", "part")
    for whole, unit, part in summed:
        parts[whole][unit] = part
    rows = {row.pk: row for row in Submission.objects.filter(period=period).select_related("unit")}
    changed = []
    for row in sorted(rows.values(), key=lambda each: each.unit.level):
        total = rows[row.parent_id].approved_id if row.parent_id else None
        if total is None or row.approved_id == parts[total].get(row.unit_id):
            continue
        row.approved_id = parts[total].get(row.unit_id)
        if row.approved_id is None and row.state == S.APPROVED:
            row.state = S.SUBMITTED
        changed.append(row)
    Submission.objects.bulk_update(changed, ["approved", "state"])
