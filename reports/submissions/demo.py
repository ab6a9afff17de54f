"""Four months that the made-up city reported: three are locked, of the last some townships are still at work."""

import dataclasses
import datetime
from collections import defaultdict
from dataclasses import replace

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.audit.services import act_row, record_acts
from orgs.holidays.working_days import WorkingDays
from orgs.posts.models import Appointment, Role
from orgs.units.models import OrgUnit
from reports.indicators.indicator import Numbers
from reports.periods.deadlines import LATEST_MOVED, Deadlines
from reports.periods.models import ReportingPeriod
from reports.rollup.periods import Period
from reports.snapshots.content import Sheet, sheet_of_sum, sheet_of_village
from reports.snapshots.models import Snapshot
from reports.snapshots.rosters import Roster, rosters_of
from reports.snapshots.services import first_snapshot, write
from reports.submissions.before import Before, steps_of
from reports.submissions.last_days import move_period
from reports.submissions.locking import lock_in_time
from reports.submissions.models import Submission, SubmissionEvent
from reports.submissions.models import SubmissionState as S
from reports.submissions.opening import open_period, report_nothing
from reports.submissions.people import REPORTS
from reports.submissions.services import send_back
from reports.submissions.sheets import contradictions
from reports.submissions.trail import told_of_move
from reports.submissions.went_over import went_over

MONTHS = 4
WHY = "摸底新建档的多，已逐户核过"
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


def make_reports(demo: Demo) -> None:
    """Every tier reported the months before the running one; of the last, the demo's village, half of its station's
    and some townships are missing, so that there is something to do."""
    star = demo.villages[0]
    root = OrgUnit.objects.get(pk=star.city_id or star.county_id)
    month = Period.of(today=demo.today)
    last: dict[int, Numbers] = {}
    for back in range(MONTHS, 0, -1):
        period = open_period(root, month.back(back))
        report_nothing(period)
        is_last = back == 1
        reporting = _Reporting(demo, period, star if is_last else None, last)
        reporting.run()
        last = {pk: row.approved.numbers for pk, row in reporting.rows.items() if row.approved}
        if is_last:
            _leave_time(period, demo.today)
            _return_one(period, star)
        else:
            lock_in_time(period)


class _Reporting:
    """One month reported from the villages upwards, in few statements. ``star``: the village around which work is left
    to be done; None where all of it was done. ``last``: {unit: what it reported for the month before}."""

    def __init__(self, demo: Demo, period: ReportingPeriod, star: OrgUnit | None, last: dict[int, Numbers]) -> None:
        self.last, self.over = last, went_over(period.root, period.month)
        # all of the month before was approved
        self.in_sums = {each.origin.pk: {unit.pk for unit in each.origin.chain()} for each in self.over}
        self.period, self.star = period, star
        self.posts, self.today = demo.posts, demo.today
        second = Appointment.objects.filter(person__username="demo_city2").first()
        self.second = second  # who checks in the city what the first sent
        rows = Submission.objects.filter(period=period).select_related("unit", "unit__city", "unit__county")
        self.rows = {row.unit_id: row for row in rows.select_related("unit__township", "above", "approved")}
        for row in self.rows.values():
            row.period = period
        self.below: dict[int, list[Submission]] = defaultdict(list)
        for row in self.rows.values():
            if row.above_id != row.unit_id:
                self.below[row.above_id].append(row)

    def run(self) -> None:
        known_on = self.period.as_of + 2 * DAY if self.star is None else self.today - DAY
        rosters: dict[int, Roster] = {}
        for row in self.rows.values():
            if row.unit.level == 2:
                rosters |= rosters_of(self.period.month, row.unit)
        for level in (4, 3, 2, 1):
            taken: list[tuple[Submission, Sheet, S]] = []
            for row in self.rows.values():
                if row.unit.level != level or row.state != S.DRAFT:
                    continue
                reached = self._reached(row)
                if reached == S.DRAFT:
                    continue
                if level == 4:
                    sheet = sheet_of_village(self.period, row.unit, rosters.get(row.unit_id, Roster()))
                else:
                    sheet = self._sum(row)
                steps = steps_of([row.unit], self.over, self.last, self.in_sums)[row.unit_id] if self.over else []
                last = Before(reported=self.last.get(row.unit_id), steps=steps).last
                why = {check.key: WHY for check in contradictions(sheet, last)}
                taken.append((row, replace(sheet, known_on=known_on, explanations=why), reached))
            self._write(taken, moment=timezone.make_aware(datetime.datetime.combine(known_on, datetime.time(9))))

    def _reached(self, row: Submission) -> S:
        """How far it came."""
        if any(each.state != S.APPROVED for each in self.below[row.unit_id]):
            return S.DRAFT
        star, unit = self.star, row.unit_then
        if star is None:
            return S.APPROVED
        if unit.level == 4 and unit.township_id == star.township_id:
            return S.DRAFT if unit.pk == star.pk else (S.SUBMITTED, S.APPROVED)[unit.pk % 2]
        if unit.level == 3 and unit.county_id == star.county_id:
            return (S.SUBMITTED, S.APPROVED, S.APPROVED, S.DRAFT)[unit.pk % 4]
        return S.DRAFT if unit.level == 1 else S.APPROVED

    def _sum(self, row: Submission) -> Sheet:
        parts = []
        for each in self.below[row.unit_id]:
            assert each.approved
            each.approved.unit = each.unit_then
            parts.append(each.approved)
        return sheet_of_sum(self.period, row.unit_then, parts)

    def _poster(self, unit: OrgUnit) -> Appointment:
        """Who reports for ``unit``: its own, else the station of a village without a director."""
        post = self.posts.get((unit.pk, REPORTS[unit.level]))
        if post is None and unit.level == 4:
            post = self.posts.get((unit.township_id, Role.TOWNSHIP_CLERK))
        if post is None:  # a county without children has no people in the demo
            post = self.posts[(self.period.root_id, Role.CITY_OFFICER)]
        return post

    def _write(self, taken: list[tuple[Submission, Sheet, S]], moment: datetime.datetime) -> None:
        sheets: list[tuple[Sheet, Snapshot]] = []
        events, acts = [], []
        for row, sheet, reached in taken:
            moment_here = moment + (4 - row.unit.level) * 6 * HOUR
            by = self._poster(row.unit)
            snapshot = first_snapshot(sheet, by=by)
            snapshot.made_at = moment_here
            sheets.append((sheet, snapshot))
            row.state, row.current, row.version = reached, snapshot, 2
            row.made_by_id, row.made_in = by.person_id, by
            row.first_submitted_at, row.on_time = moment_here, moment_here <= row.due_at
            sent = _event(row, "submit", S.DRAFT, S.SUBMITTED, by, moment_here, None)
            events.append(sent)
            acts.append(act_row(by, "submit_ledger", row, unit=row.unit, **told_of_move(row, sent)))
            if reached == S.APPROVED:
                decider = self.second if row.unit.level == 1 and self.second else self._poster(row.above)
                row.approved, row.version = snapshot, 3
                passed = _event(row, "approve", S.SUBMITTED, S.APPROVED, decider, moment_here + HOUR, sent)
                events.append(passed)
                acts.append(act_row(decider, "approve_ledger", row, unit=row.unit, **told_of_move(row, passed)))
        write(sheets)
        columns = ["state", "current", "approved", "version", "made_by", "made_in", "first_submitted_at", "on_time"]
        Submission.objects.bulk_update([row for row, _sheet, _reached in taken], columns, batch_size=400)
        SubmissionEvent.objects.bulk_create(events, batch_size=500)
        record_acts(acts)


def _event(
    row: Submission, action: str, was: S, now: S, by: Appointment, at: datetime.datetime, last: SubmissionEvent | None
) -> SubmissionEvent:
    event = SubmissionEvent(
        record=row, action=action, was=was, now=now, person_id=by.person_id, post=by, at=at, snapshot=row.current
    )
    event.chain(last)
    return event


def _leave_time(period: ReportingPeriod, today: datetime.date) -> None:
    """Its days lie around today, whatever day of the month the demo is loaded on; none is taken back."""
    city = Appointment.objects.with_unit().filter(person__username="demo_city").first()
    if city is None:
        return
    told = dataclasses.astuple(period.deadlines)
    calendar = WorkingDays(period.as_of, period.as_of + LATEST_MOVED)
    days = Deadlines(
        *(max(day, calendar.first_from(today + days * DAY)) for day, days in zip(told, (0, 2, 4, 7, 12), strict=True))
    )
    move_period(period, days, by=city, seen_version=period.version, reason="演示数据：期限放在今天前后")


def _return_one(period: ReportingPeriod, star: OrgUnit) -> None:
    """A village of the demo's station has its sheet back, with a remark at a number."""
    rows = Submission.objects.with_all().filter(period=period, state=S.SUBMITTED, above=star.township_id)
    clerk = Appointment.objects.with_unit().filter(person__username="demo_clerk").first()
    row = rows.exclude(made_in=clerk).in_order().first() if clerk else None
    if row and clerk:
        remarks = {"visits_overdue": "张家走访过，记录还在手机里"}
        send_back(row, by=clerk, seen_version=row.version, reason="请先把手机里的走访发出来，再报", remarks=remarks)


MAKERS.add(make_reports, order=950)
