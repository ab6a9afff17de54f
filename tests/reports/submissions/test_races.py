"""Two officers at the same moment: one wins, the other is told; a total never holds what was taken back meanwhile."""

import datetime

import pytest
import time_machine

from reports.snapshots.models import Snapshot, SnapshotPart
from reports.submissions.models import Submission
from reports.submissions.opening import lock_in_time
from reports.submissions.services import approve, reopen, send_back, submit, withdraw
from reports.submissions.sheets import sheet_of
from tests.builders import a_post, fresh
from tests.reports.submissions.world import a_reporting_county, report_all, row_of, send
from tests.threads import done_or_told

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _beginning_of_november():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def country():
    country = a_reporting_county(children=1)
    country.open()
    return country


def test_approving_returning_and_taking_back_one_sheet_at_once(country):
    village = country.villages[0]
    director, first, second = a_post(village), a_post(country.townships[0]), a_post(country.townships[0])
    row = send(village, by=director)
    rows = [row_of(village) for _ in range(3)]
    answers = done_or_told(
        lambda: approve(rows[0], by=fresh(first), seen_version=row.version, hash=row.current.hash),
        lambda: send_back(rows[1], by=fresh(second), seen_version=row.version, reason="不对"),
        lambda: withdraw(rows[2], by=fresh(director), seen_version=row.version),
    )
    assert sorted(answers) == ["done", "told", "told"]
    assert row_of(village).events.count() == 2


def test_one_sheet_sent_from_two_desks_at_once_is_one_snapshot(country):
    village = country.villages[0]
    posts = [a_post(village), a_post(village)]
    rows = [row_of(village), row_of(village)]
    seen = sheet_of(rows[0]).seen
    answers = done_or_told(
        *(lambda row=row, by=by: submit(row, by=fresh(by), seen_version=1, seen=seen)
          for row, by in zip(rows, posts, strict=True))
    )  # fmt: skip
    assert sorted(answers) == ["done", "told"] and Snapshot.objects.filter(unit=village).count() == 1


def test_a_total_is_sent_while_a_part_of_it_is_returned(country):
    """Whoever is first: the total never holds a figure that is no longer valid."""
    report_all(country, upto=4)
    village, township = country.villages[0], country.townships[0]
    clerk, other = a_post(township), a_post(township)
    part, whole = row_of(village), row_of(township)
    seen = sheet_of(whole).seen
    answers = done_or_told(
        lambda: submit(whole, by=fresh(clerk), seen_version=whole.version, seen=seen),
        lambda: reopen(part, by=fresh(other), seen_version=part.version, reason="漏了一人"),
    )
    assert sorted(answers) == ["done", "told"]
    sent = Submission.objects.get(unit=township).state == "submitted"
    valid = row_of(village).counts
    assert sent == valid == bool(SnapshotPart.objects.filter(whole__unit=township).exists())


def test_nothing_slips_in_after_the_lock(country):
    village = country.villages[0]
    director = a_post(village)
    row = row_of(village)
    seen = sheet_of(row).seen
    period = row.period
    answers = done_or_told(
        lambda: submit(row, by=fresh(director), seen_version=row.version, seen=seen), lambda: lock_in_time(period)
    )
    assert answers[1] == "done"
    last = row_of(village).events.last()
    locked = row_of(village).period.events.get(action="lock_in_time")
    assert (answers[0] == "told") == (last is None)
    assert last is None or last.pk and locked.pk
