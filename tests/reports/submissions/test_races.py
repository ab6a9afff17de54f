"""Two officers at the same moment: one wins, the other is told; a total never holds what was taken back meanwhile."""

import dataclasses
import datetime

import pytest
import time_machine
from django.core.management import call_command

from childwelfare.workflow.refusals import Refused
from reports.amendments import services
from reports.amendments.models import Amendment
from reports.amendments.sheets import amended_sheet
from reports.snapshots.models import Snapshot, SnapshotPart
from reports.submissions.last_days import move_period
from reports.submissions.locking import AlreadyLocked, lock_in_time, lock_period
from reports.submissions.models import Submission
from reports.submissions.opening import expect
from reports.submissions.services import approve, reopen, send_back, submit, withdraw
from reports.submissions.sheets import sheet_of
from tests.builders import a_county, a_post, a_township, a_village, an_approved_file, fresh, sign_in
from tests.reports.submissions.amending import WHY, a_late_orphan, amend, asked_and_granted, latest, send_amended
from tests.reports.submissions.world import SINCE, a_reporting_county, a_worker, pass_on, report_all, row_of, send
from tests.threads import at_once, done_or_told

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


def test_an_amendment_is_asked_for_while_the_sum_above_is_returned(country):
    """Whoever is first: no amendment is left beside figures that are reported anew."""
    report_all(country, upto=3)
    village, township = country.villages[0], country.townships[0]
    director, officer = a_worker(village), a_post(country.county)
    own, above = row_of(village), row_of(township)
    answers = done_or_told(
        lambda: services.ask(own, by=fresh(director), **WHY),
        lambda: reopen(above, by=fresh(officer), seen_version=above.version, reason="再核一次"),
    )
    assert sorted(answers) == ["done", "told"]
    assert Amendment.objects.exists() == (row_of(township).state == "approved")


def test_a_part_of_a_sum_is_amended_while_the_sum_is_sent(country):
    """The township's amendment would be valid at once, for its county has not sent; and the county sends."""
    report_all(country, upto=3)
    a_late_orphan(country)
    village, township = country.villages[0], country.townships[0]
    asked_and_granted(village)
    amend(village)
    sent = send_amended(township)
    decider, officer = a_post(country.county), a_post(country.county)
    whole = row_of(country.county)
    seen = sheet_of(whole).seen
    answers = done_or_told(
        lambda: services.approve(sent, by=fresh(decider), seen_version=sent.version, hash=sent.current.hash),
        lambda: submit(whole, by=fresh(officer), seen_version=whole.version, seen=seen),
    )
    assert sorted(answers) == ["done", "told"]
    valid = {row_of(each).approved_id for each in country.townships}
    parts = set(SnapshotPart.objects.filter(whole__unit=country.county).values_list("part", flat=True))
    assert not parts or parts == valid


def test_the_lock_comes_while_an_amendment_is_approved_and_neither_waits_for_the_other(country):
    report_all(country, upto=3)
    a_late_orphan(country)
    village = country.villages[0]
    asked_and_granted(village)
    sent = send_amended(village)
    clerk, period = a_post(country.townships[0]), row_of(village).period
    answers = done_or_told(
        lambda: services.approve(sent, by=fresh(clerk), seen_version=sent.version, hash=sent.current.hash),
        lambda: lock_in_time(period),
    )
    assert answers == ["done", "done"]
    assert (latest(village).state, latest(country.townships[0]).state) == ("approved", "open")


def test_a_part_is_returned_while_the_amended_sum_is_sent(country):
    """Nothing is returned to below that a sum on its way up holds."""
    report_all(country, upto=3)
    a_late_orphan(country)
    village, township = country.villages[0], country.townships[0]
    asked_and_granted(village)
    part = amend(village)
    whole = latest(township)
    first, second = a_post(township), a_post(township)
    seen = amended_sheet(whole.submission).seen
    answers = done_or_told(
        lambda: services.submit(whole, by=fresh(first), seen_version=whole.version, seen=seen),
        lambda: services.send_back(part, by=fresh(second), seen_version=part.version, reason="再核"),
    )
    assert sorted(answers) == ["done", "told"]
    held = SnapshotPart.objects.filter(whole__unit=township, part=part.current).exists()
    assert held == (latest(village).state == "approved")


def test_villages_of_two_stations_and_a_county_are_returned_at_once_while_others_send_and_days_move(
    country, settings, tmp_path
):
    """All of them hold the city's row, and the rows between, from the top: nobody waits in a circle."""
    settings.CWR_ANCHORS = tmp_path / "anchors"
    other = a_county(country.city)
    an_approved_file(a_village(a_township(other)), on=SINCE)
    first, second = country.villages[0], country.villages[2]
    period = row_of(country.city).period
    expect(period)
    for row in Submission.objects.filter(unit__county=other).select_related("unit").order_by("-unit__level"):
        send(row.unit)
        if row.unit_id != other.pk:
            pass_on(row.unit)
    send(first), send(second)
    by = {unit.pk: fresh(a_post(unit)) for unit in (*country.townships, country.city, country.villages[1])}
    rows = {unit.pk: row_of(unit) for unit in (first, second, other, country.villages[1])}
    back = {"reason": "少一户"}
    seen = sheet_of(rows[country.villages[1].pk]).seen
    later = dataclasses.replace(period.deadlines, city=period.due_city + datetime.timedelta(days=1))
    acts = [
        lambda: send_back(rows[first.pk], by=by[country.townships[0].pk], seen_version=2, **back),
        lambda: send_back(rows[second.pk], by=by[country.townships[1].pk], seen_version=2, **back),
        lambda: send_back(rows[other.pk], by=by[country.city.pk], seen_version=2, **back),
        lambda: submit(rows[country.villages[1].pk], by=by[country.villages[1].pk], seen_version=1, seen=seen),
        lambda: move_period(period, later, by=by[country.city.pk], seen_version=period.version, reason="培训周"),
    ]
    assert done_or_told(*acts) == ["done"] * 5
    county, city = row_of(country.county), row_of(country.city)
    assert max(row_of(each).due_on for each in (first, second)) <= county.due_on <= city.due_on
    assert row_of(other).due_on <= city.due_on
    call_command("verify_chain")


def test_of_two_who_lock_a_month_at_once_the_second_is_told_who_did_and_when(client, country):
    report_all(country, upto=1)
    period = row_of(country.city).period
    officers = [a_post(country.city), a_post(country.city)]
    with time_machine.travel("2026-11-12T02:05:00Z", tick=False):
        acts = [lambda by=by: lock_period(period, by=fresh(by), seen_version=period.version) for by in officers]
        answers = at_once(*acts, refusals=Refused)
        (told,) = [answer for answer in answers if answer]
        first = officers[answers.index(None)].person
        assert isinstance(told, AlreadyLocked)
        assert str(told) == f"2026年10月已由{first.name}于11月12日 10:05锁定。"
        lock_in_time(period)  # the calendar comes after
        assert [event.action for event in period.events.all()] == ["open", "lock"]
        sign_in(client, officers[0])
        page = client.post(f"/ledger/periods/{period.pk}/lock/", {"version": period.version}, follow=True)
        assert [str(message) for message in page.context["messages"]] == [str(told)]
        sent = {"version": period.version}
        answer = client.post(f"/api/v1/periods/{period.pk}/lock/", sent, content_type="application/json")
        assert answer.status_code == 409 and str(told) in answer.content.decode()
