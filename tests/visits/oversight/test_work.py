"""What a month of patrols is measured by, counted against a plain second count."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from tests.builders import a_post, a_unit, a_visit, an_approved_file, answers, sign_in
from visits.oversight.work import sums_by_unit_above, work_of
from visits.schedule.models import VisitDue
from visits.visit.services.log import correct_visit, recall_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2026, 10, 30, 12, tzinfo=datetime.UTC)
OCTOBER = (datetime.date(2026, 10, 1), datetime.date(2026, 11, 1))


@pytest.fixture(autouse=True)
def late_october():
    with time_machine.travel(NOON, tick=True):
        yield


def seasoned(village):
    return a_post(village, since=datetime.date(2026, 1, 1))


def measured(village, tier="township"):
    clerk = a_post(getattr(village, tier))
    rows = work_of(clerk, "accept_visit" if tier == "township" else "settle_station_work", *OCTOBER)
    return next(row for row in rows if row.unit.pk == village.pk)


def file_of(village, registered: datetime.date, **child):
    return an_approved_file(village, on=registered, **child)


@pytest.mark.both
def test_in_time_late_and_overdue_are_told_apart(village):
    director = seasoned(village)
    in_time, late, overdue = (file_of(village, datetime.date(2026, 9, 10), name=name) for name in "甲乙丙")
    assert VisitDue.objects.get(child=overdue, ended_on=None).due_on == datetime.date(2026, 10, 10)
    a_visit(in_time, by=director, visited_on=datetime.date(2026, 10, 9), late_reason="没有信号")
    a_visit(late, by=director, visited_on=datetime.date(2026, 10, 20), late_reason="没有信号")
    row = measured(village)
    assert (row.due, row.in_time, row.late, row.overdue) == (3, 1, 1, 1)
    assert (row.coverage, row.timeliness, row.entered_late) == (67, 33, 2)


def test_what_was_done_early_counts_when_it_fell_due_under_a_word_of_its_own(client, village):
    """The ledger counts it in the month in which it was done: one word would have two figures."""
    from reports.indicators.table import BY_KEY

    director = seasoned(village)
    child = file_of(village, datetime.date(2026, 9, 10))  # due on 10 October
    with time_machine.travel(datetime.datetime(2026, 9, 28, 12, tzinfo=datetime.UTC)):
        a_visit(child, by=director, visited_on=datetime.date(2026, 9, 28))
    clerk = a_post(village.township)
    september = work_of(clerk, "accept_visit", datetime.date(2026, 9, 1), datetime.date(2026, 10, 1))
    assert [row.due for row in september] == [0] and measured(village).due == 2
    page = sign_in(client, clerk).get("/visits/work/?month=2026-10").text
    assert ">到期应访</th>" in page and f">{BY_KEY['visits_due'].label}</th>" not in page


def test_a_child_who_was_not_met_does_not_count(village):
    director = seasoned(village)
    child = file_of(village, datetime.date(2026, 9, 10))
    a_visit(child, by=director, visited_on=datetime.date(2026, 10, 29), outcome="not_found")
    row = measured(village)
    assert (row.visits, row.met, row.overdue, row.coverage) == (1, 0, 1, 0)


def test_what_fell_due_in_the_first_two_weeks_counts_for_nobody(village):
    newcomer = a_post(village, since=datetime.date(2026, 10, 5))
    file_of(village, datetime.date(2026, 9, 10), by=newcomer)  # due on the 10th
    file_of(village, datetime.date(2026, 9, 25), by=newcomer)  # due on the 25th
    row = measured(village)
    assert (row.due, row.overdue, row.before) == (1, 1, 1)


def test_found_and_sent_back(village):
    director, clerk = seasoned(village), a_post(village.township)
    child = file_of(village, datetime.date(2026, 9, 10))
    a_visit(child, by=director, visited_on=NOON.date(), needs="书包")
    back = a_visit(child, by=director, visited_on=NOON.date(), mood="low")
    VISIT.apply("return", back, by=clerk, seen_version=1, reason="请补充")
    row = measured(village)
    assert (row.visits, row.found, row.returned, row.returned_share) == (2, 1, 1, 50)
    VISIT.undo(back, by=clerk, seen_version=2)
    assert measured(village).returned == 0, "taken back at once"


def test_what_its_director_took_back_is_no_work_until_it_is_sent_again(village):
    director, clerk = seasoned(village), a_post(village.township)
    child = file_of(village, datetime.date(2026, 9, 10))
    back = a_visit(child, by=director, visited_on=datetime.date(2026, 10, 29), mood="low")
    VISIT.apply("return", back, by=clerk, seen_version=1, reason="请补充")
    taken = a_visit(child, by=director, visited_on=datetime.date(2026, 10, 9), needs="书包", late_reason="没有信号")
    recall_visit(taken, by=director, seen_version=1)
    row = measured(village)
    assert (row.visits, row.met, row.found, row.entered_late) == (1, 0, 0, 0)
    assert (row.returned, row.returned_share) == (1, 100), "the station's return counts as it did"
    given = answers(visited_on=taken.visited_on, needs="书包", late_reason="没有信号")
    correct_visit(taken, by=director, seen_version=2, answers=given, hazards_looked_at=True)
    row = measured(village)
    assert (row.visits, row.met, row.found, row.entered_late, row.returned_share) == (2, 1, 1, 1, 50)


@pytest.mark.both
def test_what_the_station_returned_stays_returned_whatever_its_director_takes_back(village):
    director, clerk = seasoned(village), a_post(village.township)
    visit = a_visit(file_of(village, datetime.date(2026, 9, 10)), by=director, visited_on=datetime.date(2026, 10, 29))
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补充")
    said = answers(visited_on=visit.visited_on)
    correct_visit(visit, by=director, seen_version=2, answers=said, hazards_looked_at=True)
    recall_visit(visit, by=director, seen_version=3)
    row = measured(village)
    assert (row.visits, row.met, row.returned, row.returned_share) == (1, 0, 1, 100)


@pytest.mark.both
def test_how_long_the_station_takes(village):
    director, clerk = seasoned(village), a_post(village.township)
    child = file_of(village, datetime.date(2026, 9, 10))
    with time_machine.travel(NOON - 4 * DAY):
        first = a_visit(child, by=director, visited_on=timezone.localdate())
    with time_machine.travel(NOON - 2 * DAY):
        VISIT.apply("accept", first, by=clerk, seen_version=1)
        a_visit(child, by=director, visited_on=timezone.localdate())
    row = measured(village)
    assert (row.review_days, row.waiting, row.oldest_days) == (2.0, 1, 2)


@pytest.mark.both
def test_a_decision_that_was_taken_back_is_not_the_station_s_decision(village):
    director, clerk = seasoned(village), a_post(village.township)
    child = file_of(village, datetime.date(2026, 9, 10))
    with time_machine.travel(NOON - 4 * DAY):
        visit = a_visit(child, by=director, visited_on=timezone.localdate())
        VISIT.apply("accept", visit, by=clerk, seen_version=1)
        VISIT.undo(visit, by=clerk, seen_version=2)
    row = measured(village)
    assert (row.review_days, row.decided, row.waiting, row.oldest_days) == (None, 0, 1, 4)
    with time_machine.travel(NOON - 2 * DAY):
        VISIT.apply("accept", visit, by=clerk, seen_version=3)
    row = measured(village)
    assert (row.review_days, row.decided, row.waiting) == (2.0, 1, 0)


@pytest.mark.both
def test_the_station_is_not_late_for_what_lay_with_the_sender(village):
    director, clerk = seasoned(village), a_post(village.township)
    with time_machine.travel(NOON - 20 * DAY):
        visits = [
            a_visit(
                file_of(village, datetime.date(2026, 9, 10), name=name), by=director, visited_on=timezone.localdate()
            )
            for name in "甲乙"
        ]
        for visit in visits:
            recall_visit(visit, by=director, seen_version=visit.version)
    with time_machine.travel(NOON - 3 * DAY):
        for visit in visits:
            said = {"answers": answers(visited_on=visit.visited_on, late_reason="没有信号"), "hazards_looked_at": True}
            correct_visit(visit, by=director, seen_version=visit.version, **said)
    with time_machine.travel(NOON - 2 * DAY):
        VISIT.apply("accept", visits[0], by=clerk, seen_version=visits[0].version)
    row = measured(village)
    assert (row.review_days, row.waiting, row.oldest_days) == (1.0, 1, 3)


@pytest.mark.parametrize("moment, seconds, counts", [(0, -1, 0), (0, 0, 1), (1, -1, 1), (1, 0, 0)])
def test_a_decision_counts_from_the_first_midnight_of_the_month_to_before_the_next(village, moment, seconds, counts):
    clerk = a_post(village.township)
    visit = a_visit(file_of(village, datetime.date(2026, 9, 10)), by=seasoned(village), visited_on=NOON.date())
    midnight = timezone.make_aware(datetime.datetime.combine(OCTOBER[moment], datetime.time()))
    at = midnight + datetime.timedelta(seconds=seconds)
    visit.events.create(action="accept", was="submitted", now="accepted", person=clerk.person, post=clerk, at=at)
    assert measured(village).decided == counts


def test_a_file_that_was_closed_is_nobody_s_debt(village):  # D18
    from registry.closing.services import close_file

    seasoned(village)
    child = file_of(village, datetime.date(2026, 9, 10))
    close_file(child, by=a_post(village.township), reason="adopted", on=NOON.date(), seen_version=child.version)
    assert measured(village).due == 0


@pytest.mark.both
def test_a_county_adds_its_townships_up(village):
    seasoned(village)
    other = a_unit(a_unit(village.county))
    seasoned(other)
    for place in (village, village, other):
        file_of(place, datetime.date(2026, 9, 10))
    rows = work_of(a_post(village.county), "settle_station_work", *OCTOBER)
    assert {row.unit.pk: row.overdue for row in sums_by_unit_above(rows, "township")} == {
        village.township_id: 2, other.township_id: 1,
    }  # fmt: skip


@pytest.mark.parametrize("month", ["", "2026-09", "2030-01", "x", "2026-13", "0000-00"])
def test_the_page_opens_for_any_month_asked(client, village, month):
    seasoned(village)
    sign_in(client, a_post(village.county))
    assert client.get("/visits/work/", {"month": month}).status_code == 200
    sign_in(client, a_post(village.township))
    assert client.get("/visits/work/", {"month": month}).status_code == 200


@pytest.mark.parametrize("since, counts", [((2026, 9, 26), True), ((2026, 9, 27), False)])
def test_what_falls_due_fourteen_days_after_the_start_counts_the_day_before_it_not(village, since, counts):
    newcomer = a_post(village, since=datetime.date(*since))
    file_of(village, datetime.date(2026, 9, 10), by=newcomer)  # due on 10 October
    row = measured(village)
    assert (row.due, row.before) == ((1, 0) if counts else (0, 1))


@pytest.mark.both
def test_what_falls_due_today_is_not_overdue_before_the_day_is_over(village):
    """As on the list of overdue visits, and in the figures."""
    director = seasoned(village)
    waiting, visited = (file_of(village, datetime.date(2026, 9, 30), name=name) for name in "甲乙")
    assert waiting.dues.open().get().due_on == timezone.localdate() == datetime.date(2026, 10, 30)
    a_visit(visited, by=director, visited_on=timezone.localdate())
    row = measured(village)
    assert (row.due, row.in_time, row.overdue, row.coverage) == (1, 1, 0, 100)
    assert not VisitDue.objects.overdue(timezone.localdate()).exists()
    with time_machine.travel(NOON + DAY):
        row = measured(village)
        assert (row.due, row.in_time, row.overdue, row.coverage) == (2, 1, 1, 50)
        assert VisitDue.objects.overdue(timezone.localdate()).get().child == waiting
