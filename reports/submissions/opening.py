"""Opening a period: a row for every unit that is expected to report, so that the count below each is fixed."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import Level, OrgUnit
from registry.status.models import ChildStatus
from reports.indicators.facts import known_now
from reports.indicators.table import INDICATORS, definitions_hash
from reports.periods.deadlines import deadlines_after
from reports.periods.models import PeriodState, ReportingPeriod
from reports.periods.services import days_of
from reports.rollup.counting import count_leaves
from reports.rollup.mixes import figures_of
from reports.rollup.periods import Period
from reports.snapshots.content import sheet_of_village
from reports.snapshots.rosters import Roster, rosters_of, villages_with_rows
from reports.snapshots.services import first_snapshot, write
from reports.submissions.emptied import without_emptied
from reports.submissions.locking import lock_in_time
from reports.submissions.models import Submission, SubmissionEvent
from reports.submissions.models import SubmissionState as S
from reports.submissions.trail import told_of_expected, told_of_nothing, told_of_opening

OPENED_BEFORE = 3  # days before a period's end from which it is opened by itself: whoever wants to may look ahead


def open_period(root: OrgUnit, key: str, *, by: Appointment | None = None) -> ReportingPeriod:
    """Open ``key`` for ``root`` and all units below, or bring one that is open up to date: until its last day, units
    that came are added; until the first has reported, those that went leave again; from then on who is expected stands,
    but for those that could never report, with nothing left below them.

    ``by``: None for the calendar. Raises PermissionDenied; Refused for a period that can't be read, lies ahead or
    before the first child was registered.
    """
    if by and not by.may("manage_periods", root):
        raise PermissionDenied
    month = _readable(root, key)
    with transaction.atomic():
        period, is_new = ReportingPeriod.objects.get_or_create(root=root, key=month.key, defaults=_columns(root, month))
        if is_new:
            period.events.create(action="open", was="", now=PeriodState.OPEN, person=by.person if by else None, post=by)
            record_act(by, "open_period", period, unit=root, **told_of_opening(period))
        runs = is_new or not period.is_over
        # an order of the last day itself places its children in the night
        is_told = not runs and period.snapshots.exists()
        if not (is_told and period.is_locked):
            ReportingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)  # two at once: one after the other
            expect(period, with_new=runs, with_gone=not is_told)
    return period


def open_due_periods(today: datetime.date | None = None) -> None:
    """What the calendar does every day: open what is about to end, let villages without children report it, lock what
    is over."""
    today = today or timezone.localdate()
    month = Period.of(today=today)
    for root in OrgUnit.objects.roots().current():
        keys = [month.back(1)]
        if (month.last - today).days < OPENED_BEFORE:
            keys.append(month.key)
        for key in keys:
            try:
                period = open_period(root, key)
            except Refused:
                continue  # nobody was registered then
            if period.is_over and not period.is_locked:
                report_nothing(period)
        for period in ReportingPeriod.objects.filter(root=root, state=PeriodState.OPEN, locks_on__lt=today):
            lock_in_time(period)


def report_nothing(period: ReportingPeriod) -> int:
    """Let every village that has nothing to count in ``period`` report it by itself; return how many did. Nobody has to
    fill in a form that says nothing (国办函〔2026〕12号)."""
    counties = OrgUnit.objects.within(period.root).filter(level=2).values_list("pk", flat=True)
    return sum(_report_nothing_in(period, county) for county in counties)


def _readable(root: OrgUnit, key: str) -> Period:
    try:
        month = Period.of(key)
    except ValueError as error:
        raise Refused(str(error)) from None
    first = ChildStatus.objects.within(root).aggregate(first=Min("since"))["first"]
    if month.last < (first or timezone.localdate().replace(day=1) - datetime.timedelta(days=1)):
        raise Refused(_("%(month)s还没有孩子在册，不用填报。") % {"month": month.label})
    return month


def _columns(root: OrgUnit, month: Period) -> dict:
    rule = days_of(root)
    days = deadlines_after(month.last, rule)
    return {
        "days": rule,
        "as_of": month.last,
        "definitions": definitions_hash(),
        "due_village": days.village,
        "due_township": days.township,
        "due_county": days.county,
        "due_city": days.city,
        "locks_on": days.locks,
    }


def expect(period: ReportingPeriod, *, with_new: bool = True, with_gone: bool = True) -> None:
    """See that there is a row for each unit that stands at the period's end, or stands today while it runs, but one
    from which orders took all that reports to it; for each that was closed and still counts something in it; and no
    other that nobody touched. Without ``with_new`` none is added; without ``with_gone`` those alone leave that stand
    and were emptied by orders."""
    day = min(period.as_of, timezone.localdate())
    standing = OrgUnit.objects.within(period.root)
    found = standing.stood_on(day) | standing.filter(pk__in=_closed_that_count(period, day))
    units = {each.pk: each for each in found.order_by("level")}
    real = {pk: each for pk, each in units.items() if not each.stand_in}
    expected = without_emptied(real, period.root, day)
    held = {each.unit_id: each for each in Submission.objects.filter(period=period)}
    rows = dict(held)
    new = []
    for pk, unit in expected.items() if with_new else ():
        if pk in rows:
            continue
        above = _above(unit, units, period.root)
        parent = rows.get(above) if above != pk else None
        due = period.deadlines.of_level(unit.level)
        rows[pk] = Submission(period=period, unit=unit, above_id=above, parent=parent, due_on=due)
        new.append(rows[pk])
    Submission.objects.bulk_create(new)
    leaving = held.keys() if with_gone else real.keys()
    gone = [each.pk for pk, each in held.items() if pk in leaving - expected.keys() and each.state == S.DRAFT]
    # those above last: they are named by those below
    untouched = Submission.objects.filter(pk__in=gone, current=None, events=None)
    left = sum(untouched.filter(unit__level=level, children=None).delete()[0] for level in (4, 3, 2))
    if new or left:
        record_act(None, "expect_units", period, unit=period.root, **told_of_expected(period))


def _closed_that_count(period: ReportingPeriod, day: datetime.date) -> set[int]:
    """Villages that are closed by ``day`` and count something in ``period``, with the closed units above them: whom
    they had before it and who left, children who are not placed yet, what was done there. Else it would be in no sum,
    and 期初 of the units above would not be what they had at the end of the month before."""
    closed = OrgUnit.objects.within(period.root).filter(level=Level.VILLAGE, valid_to__lte=day)
    counting = closed.filter(pk__in=villages_with_rows(period.month, closed))
    places = counting.values_list("pk", "township", "county")
    return {unit for place in places for unit in place if unit}


def _above(unit: OrgUnit, units: dict[int, OrgUnit], root: OrgUnit) -> int:
    """The next unit over it that really exists; itself at the top."""
    above = units.get(unit.parent_id) if unit.pk != root.pk and unit.parent_id else None
    while above and above.stand_in and above.parent_id:
        above = units.get(above.parent_id)
    return above.pk if above else unit.pk


def _report_nothing_in(period: ReportingPeriod, county: int) -> int:
    month = known_now(period.month)
    standing_columns = [each.fact.standing for each in INDICATORS]
    counting = {
        village
        for village, lanes in count_leaves(month, [county]).items()
        if any(value for value, standing in zip(figures_of(lanes), standing_columns, strict=True) if not standing)
    }
    with transaction.atomic():
        # held as a lock holds it: nothing comes into a month that is locked
        if ReportingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk).is_locked:
            return 0
        open_rows = Submission.objects.select_for_update(no_key=True, of=("self",)).filter(
            period=period, state=S.DRAFT, current=None, unit__level=4, unit__county=county
        )
        silent = open_rows.exclude(unit__in=counting).select_related(
            "unit", "unit__city", "unit__county", "unit__township"
        )
        rows = list(silent.order_by("pk"))
        if not rows:
            return 0
        standing = rosters_of(month, OrgUnit.objects.get(pk=county), standing=True)
        told = _write_nothing(period, rows, standing)
        record_act(None, "report_nothing_ledger", period, unit=OrgUnit.objects.get(pk=county), **told)
    return len(rows)


def _write_nothing(period: ReportingPeriod, rows: Sequence[Submission], standing: dict[int, Roster]) -> dict[str, Any]:
    """``standing``: {village: whom it has in post, if anybody}. Gives what the trail is told."""
    taken, events, now = [], [], timezone.now()
    # what was left out, and was to report after all, has told something already
    told_before = SubmissionEvent.objects.filter(record__in=rows).order_by("at", "id")
    last = {event.record_id: event for event in told_before}
    for row in rows:
        sheet = sheet_of_village(period, row.unit, standing.get(row.unit_id, Roster()))
        snapshot = first_snapshot(sheet)
        taken.append((sheet, snapshot))
        event = SubmissionEvent(
            record=row, action="report_nothing", was=S.DRAFT, now=S.APPROVED, at=now, snapshot=snapshot
        )
        event.chain(last.get(row.pk))
        events.append(event)
        row.state, row.current, row.approved, row.version = S.APPROVED, snapshot, snapshot, row.version + 1
        row.first_submitted_at, row.on_time = now, True  # nobody had to do anything
    write(taken)
    columns = ["state", "current", "approved", "version", "first_submitted_at", "on_time"]
    Submission.objects.bulk_update(rows, columns, batch_size=500)
    SubmissionEvent.objects.bulk_create(events, batch_size=500)
    return told_of_nothing(period, events, now)
