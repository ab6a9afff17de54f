"""Whatever is cut off in the middle leaves nothing half done: no figures without their event, no event without its
figures, nothing in the trail that did not happen."""

import datetime
import itertools

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from orgs.audit.models import Audit
from orgs.inbox.models import Message
from reports.amendments.models import Amendment, AmendmentEvent
from reports.periods.models import ReportingPeriod
from reports.snapshots.models import Snapshot, SnapshotPart, SnapshotRoster
from reports.submissions.locking import lock_in_time
from reports.submissions.models import Submission, SubmissionEvent
from reports.submissions.opening import open_period, report_nothing
from reports.submissions.services import approve, reopen, send_back, submit, waive
from reports.submissions.sheets import sheet_of
from tests.builders import a_post, a_village, fresh
from tests.reports.submissions.amending import a_late_orphan, amend, asked_and_granted, pass_amended, send_amended
from tests.reports.submissions.world import NOVEMBER, a_reporting_county, a_worker, report_all, row_of, send

pytestmark = pytest.mark.django_db
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)
KEPT = (
    ReportingPeriod, Submission, SubmissionEvent, Snapshot, SnapshotPart, SnapshotRoster, Amendment, AmendmentEvent,
    Message, Audit,
)  # fmt: skip


WRITES = ("INSERT", "UPDATE", "DELETE")


class CutOff(BaseException):
    """The process ends here, as by a kill: nothing catches it."""


@pytest.fixture(autouse=True)
def _beginning_of_november():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def country():
    country = a_reporting_county(children=1)
    country.villages.append(a_village(country.townships[0]))
    country.open()
    return country


def all_rows() -> list[list[str]]:
    return [
        sorted(repr([bytes(value) if isinstance(value, memoryview) else value for value in row]) for row in rows)
        for rows in (model.objects.values_list() for model in KEPT)
    ]


def cut_off_after_every_write(act) -> int:
    """Begin ``act`` again and again, each time cut off one write later, until it goes through; return how many writes
    it has. Nothing of it may stay before."""
    before = all_rows()
    for number in itertools.count(1):
        place = itertools.count(1)

        def cut(execute, sql, *asked, place=place, number=number):
            answer = execute(sql, *asked)
            if sql.startswith(WRITES) and next(place) == number:
                raise CutOff
            return answer

        try:
            with connection.execute_wrapper(cut):
                act()
        except CutOff:
            assert all_rows() == before, f"cut off after write {number}"
            continue
        assert all_rows() != before
        return number - 1


def a_sending(unit):
    row, by = row_of(unit), a_worker(unit)
    seen = sheet_of(row).seen
    return lambda: submit(row_of(unit), by=fresh(by), seen_version=row.version, seen=seen)


@pytest.mark.both
def test_sending_approving_and_returning_are_done_whole_or_not_at_all(country):
    village, township = country.villages[0], country.townships[0]
    clerk = a_post(township)
    assert cut_off_after_every_write(a_sending(village)) >= 4
    row = row_of(village)
    assert cut_off_after_every_write(
        lambda: send_back(row_of(village), by=fresh(clerk), seen_version=row.version, reason="请再核")
    ) >= 3  # fmt: skip
    row = send(village)
    assert cut_off_after_every_write(
        lambda: approve(row_of(village), by=fresh(clerk), seen_version=row.version, hash=row.current.hash)
    ) >= 3  # fmt: skip
    row = row_of(village)
    cut_off_after_every_write(
        lambda: reopen(row_of(village), by=fresh(clerk), seen_version=row.version, reason="又来一户")
    )
    row = row_of(country.villages[1])
    cut_off_after_every_write(
        lambda: waive(row_of(country.villages[1]), by=fresh(clerk), seen_version=row.version, reason="主任住院")
    )
    call_command("verify_chain")


def test_a_sum_is_frozen_with_all_its_parts_or_not_at_all(country):
    report_nothing(ReportingPeriod.objects.get())
    report_all(country, upto=4)
    assert cut_off_after_every_write(a_sending(country.townships[0])) >= 4
    call_command("verify_chain")


def test_opening_zero_reports_and_the_lock_are_done_whole_or_not_at_all(country):
    period = ReportingPeriod.objects.get()
    cut_off_after_every_write(lambda: open_period(country.city, NOVEMBER))
    cut_off_after_every_write(lambda: report_nothing(period))
    cut_off_after_every_write(lambda: lock_in_time(ReportingPeriod.objects.get(pk=period.pk)))
    call_command("verify_chain")


def test_an_amendment_takes_effect_at_every_tier_or_at_none(country):
    report_nothing(ReportingPeriod.objects.get())
    report_all(country, upto=1)
    village = country.villages[0]
    a_late_orphan(country)
    asked_and_granted(village)
    for unit in (village, country.townships[0], country.county):
        amend(unit)
    send_amended(country.city)
    decider = a_worker(country.city)
    assert cut_off_after_every_write(lambda: pass_amended(country.city, by=decider)) >= 12
    assert row_of(village).approved.seq == 2
    call_command("verify_chain")
