"""A month goes up tier by tier: each unit sends what it sees, the tier above approves what it sees."""

import copy
import datetime
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from childwelfare.workflow.refusals import Refused, Stale
from orgs.posts.models import Appointment
from reports.indicators.cross_checks import check_all
from reports.periods.models import ReportingPeriod
from reports.snapshots.models import Snapshot
from reports.snapshots.rosters import open_roster
from reports.submissions.locking import lock_in_time, lock_period
from reports.submissions.models import Submission
from reports.submissions.opening import report_nothing
from reports.submissions.services import (
    approve,
    approve_many,
    end_waiver,
    look_at,
    reopen,
    send_back,
    submit,
    waive,
    withdraw,
)
from reports.submissions.sheets import leaves_of, sheet_of
from reports.submissions.workbench import to_decide
from tests.builders import a_post, a_village, an_approved_file, fresh, sign_in
from tests.reports.submissions.amending import amend, asked_and_granted
from tests.reports.submissions.world import (
    NOVEMBER,
    OCTOBER,
    SINCE,
    a_reporting_county,
    a_worker,
    pass_on,
    report_all,
    row_of,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _beginning_of_november():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture(scope="module")
def open_month(shared_world):
    """Built once; each test has its own copy, and what it writes is taken back."""
    with time_machine.travel(MORNING, tick=False):
        country = a_reporting_county()
        country.open()
        return country


@pytest.fixture
def country(open_month):
    return copy.deepcopy(open_month)


def test_a_month_goes_up_to_the_city(country):
    report_all(country, upto=2)
    county = row_of(country.county)
    assert county.state == "approved" and county.on_time
    assert county.approved.numbers["registered"] == 8
    city = send(country.city)
    assert city.current.numbers["registered"] == 8
    pass_on(country.city)
    assert row_of(country.city).state == "approved"
    call_command("verify_chain")


def test_every_unit_is_expected_and_knows_who_approves_it(country):
    rows = Submission.objects.filter(period__key=OCTOBER).select_related("unit", "above", "parent__unit")
    assert rows.count() == 8
    for row in rows:
        assert row.above_id == (row.unit.parent_id or row.unit_id)
        assert row.parent is None or row.parent.unit_id == row.unit.parent_id
    assert {str(row.due_on) for row in rows if row.unit.level == 4} == {"2026-11-02"}


def test_a_tier_cannot_send_before_all_below_are_approved(country):
    send(country.villages[0])
    row = row_of(country.townships[0])
    with pytest.raises(Refused, match="1 个单位还没有上报.*1 个单位还没有审核"):
        submit(row, by=a_post(country.townships[0]), seen_version=row.version, seen=sheet_of(row).seen)
    assert Snapshot.objects.filter(unit=country.townships[0]).count() == 0


def test_what_came_since_the_page_was_opened_is_not_sent_unseen(country):
    village = country.villages[0]
    row, director = row_of(village), a_post(village)
    seen = sheet_of(row).seen
    an_approved_file(village, on=datetime.date(2026, 10, 20))
    with pytest.raises(Stale, match="表里的数有变化"):
        submit(row, by=director, seen_version=row.version, seen=seen)
    assert row_of(village).state == "draft"


def test_a_figure_is_approved_only_as_it_stands_on_the_screen(country):
    village, clerk = country.villages[0], a_post(country.townships[0])
    first = send(village)
    director = a_post(village)
    withdraw(first, by=director, seen_version=first.version)
    an_approved_file(village, on=datetime.date(2026, 10, 20))
    again = send(village)
    with pytest.raises(Stale, match="又报过一次"):
        approve(again, by=clerk, seen_version=again.version, hash=first.current.hash)
    assert [each.kind for each in Snapshot.objects.filter(unit=village)] == ["original", "resubmission"]


def test_what_the_station_has_opened_is_not_withdrawn(country):
    row, director, clerk = send(country.villages[0]), a_post(country.villages[0]), a_post(country.townships[0])
    look_at(row, director)
    assert row_of(row.unit).looked_at is None, "its own page is no review"
    look_at(row, clerk)
    row = row_of(row.unit)
    with pytest.raises(Stale, match="已经在审核"):
        withdraw(row, by=director, seen_version=row.version)


def test_a_returned_one_says_what_is_wrong_with_which_number_and_may_be_sent_for_two_days_more(country):
    row, clerk = send(country.villages[0]), a_post(country.townships[0])
    with pytest.raises(Refused, match="请写明原因"):
        send_back(row, by=clerk, seen_version=row.version, reason=" ")
    with pytest.raises(Refused, match="没有“nonsense”这一栏"):
        send_back(row, by=clerk, seen_version=row.version, reason="不对", remarks={"nonsense": "x"})
    send_back(
        row, by=clerk, seen_version=row.version, reason="王家的孩子 10 月搬走了", remarks={"registered": "多一人"}
    )
    row = row_of(row.unit)
    event = row.events.last()
    assert (row.state, event.remarks, str(row.due_on)) == ("returned", {"registered": "多一人"}, "2026-11-04")
    assert row.on_time, "that it came in time stays"


def test_what_is_returned_after_its_approval_stays_valid_until_other_figures_are_approved(country):
    report_all(country, upto=4)
    village, clerk = country.villages[0], a_post(country.townships[0])
    row = row_of(village)
    first = row.approved
    reopen(row, by=clerk, seen_version=row.version, reason="漏了一人")
    row = row_of(village)
    assert (row.state, row.approved, row.counts) == ("returned", first, False), "valid, and in no sum"
    an_approved_file(village, on=datetime.date(2026, 10, 20))
    assert send(village).shown != first, "what waits for a decision is what is read"
    pass_on(village)
    assert row_of(village).approved.numbers["registered"] == 3
    send(country.townships[0])
    row = row_of(village)
    with pytest.raises(Stale, match="请走更正"):
        reopen(row, by=clerk, seen_version=row.version, reason="漏了一人")
    call_command("verify_chain")


def test_what_was_returned_when_the_lock_came_is_as_it_was_approved(country):
    report_all(country, upto=4)
    village, other = country.villages[:2]
    for unit in (village, other):
        row = row_of(unit)
        reopen(row, by=a_post(country.townships[0]), seen_version=row.version, reason="漏了一人")
    row = row_of(other)
    waive(row, by=a_post(country.townships[0]), seen_version=row.version, reason="主任住院")
    lock_in_time(row_of(village).period)
    Submission.objects.filter(unit=village).update(approved=None)  # as the version before left it
    Submission.objects.filter(unit=country.villages[2]).update(current=row_of(village).current)
    import_module("reports.migrations.0008_amendments_end").keep_what_was_valid(apps, None)
    amended = row_of(country.villages[2])
    assert amended.current == amended.approved
    row = row_of(village)
    assert row.counts and row.shown == row.approved and row.state_label == "已锁定"
    assert row_of(other).approved is None, "who is waived is in no sum"
    call_command("verify_chain")


def test_what_became_valid_after_the_sum_above_is_in_no_total_of_a_locked_month(country, client):
    """The township's sheet came back, a village put its own right, and the lock came before the township sent again."""
    village, township = country.villages[0], country.townships[0]
    report_all(country, upto=3)
    row = row_of(township)
    reopen(row, by=a_post(country.county), seen_version=row.version, reason="有村要改")
    row = row_of(village)
    reopen(row, by=a_post(township), seen_version=row.version, reason="漏了一人")
    an_approved_file(village, on=SINCE)
    send(village)
    pass_on(village)
    assert row_of(village).approved.numbers["registered"] == 3
    lock_in_time(row_of(village).period)
    row, above = row_of(village), row_of(township)
    assert row.counts and row.approved.numbers["registered"] == 2 and row.came_too_late
    rows = [row_of(each).approved.numbers["registered"] for each in country.villages[:2]]
    assert above.approved.numbers["registered"] == sum(rows) == 4
    call_command("verify_chain")
    Submission.objects.filter(pk=row.pk).update(approved=row.current)
    with pytest.raises(CommandError, match="有效的数和留痕对不上"):
        call_command("verify_chain")
    Submission.objects.filter(pk=row.pk).update(approved=row.approved)
    sign_in(client, a_post(village))
    assert "没有进上级的合计，没有生效" in client.get(reverse("submission-detail", args=[row.pk])).text
    asked_and_granted(village)
    for unit in (village, township, country.county, country.city):
        amend(unit)
    assert row_of(township).approved.numbers["registered"] == 5
    call_command("verify_chain")


def test_of_two_officers_of_the_city_the_one_who_did_not_send_it_last_decides(country):
    report_all(country, upto=2)
    city = country.city
    first, second = a_post(city), a_post(city)
    row = send(city, by=first)
    send_back(row, by=fresh(second), seen_version=row.version, reason="请补说明")
    row = send(city, by=second)
    with pytest.raises(Refused, match="自己"):
        approve(row, by=fresh(second), seen_version=row.version, hash=row.current.hash)
    pass_on(city, by=first)
    row = row_of(city)
    with pytest.raises(Refused, match="自己"):
        reopen(row, by=fresh(second), seen_version=row.version, reason="再看看")
    reopen(row, by=fresh(first), seen_version=row.version, reason="再看看")


def test_one_person_in_two_posts_neither_lets_herself_off_nor_returns_what_she_sent(country):
    village, township = country.villages[0], country.townships[0]
    director = a_worker(village)
    in_station = a_post(township, person=director.person)
    row = row_of(village)
    with pytest.raises(Refused, match="自己"):
        waive(row, by=fresh(in_station), seen_version=row.version, reason="主任住院")
    waive(row, by=a_post(township), seen_version=row.version, reason="主任住院")
    row = row_of(village)
    with pytest.raises(Refused, match="自己"):
        end_waiver(row, by=fresh(in_station), seen_version=row.version)
    send(village, by=director)
    pass_on(village)
    row = row_of(village)
    with pytest.raises(Refused, match="自己"):
        reopen(row, by=fresh(in_station), seen_version=row.version, reason="漏了一人")


def test_where_the_calendar_acted_last_it_says_so(country):
    """Nobody's name stands at a report of nothing, or at a lock that came by itself."""
    with time_machine.travel(datetime.datetime(2026, 11, 29, 1, tzinfo=datetime.UTC), tick=False):
        empty = a_village(country.townships[0])
        november = country.open(NOVEMBER)
    with time_machine.travel(datetime.datetime(2026, 12, 30, 1, tzinfo=datetime.UTC), tick=False):
        seen = row_of(empty, NOVEMBER)
        report_nothing(november)
        clerk, director = a_post(country.townships[0]), a_worker(empty)
        for act in (
            lambda row: waive(row, by=clerk, seen_version=row.version, reason="主任住院"),
            lambda row: submit(row, by=director, seen_version=1, seen="0" * 64),
            lambda row: approve(row, by=clerk, seen_version=1, hash="0" * 64),
        ):
            for row in (seen, row_of(empty, NOVEMBER)):
                with pytest.raises(Stale, match="系统按日期自动“零报告”"):
                    act(row)
        assert approve_many([(row_of(empty, NOVEMBER), 1, "")], by=clerk)[1]
        late = ReportingPeriod.objects.get(pk=november.pk)
        lock_in_time(november)
        with pytest.raises(Stale, match="到期自动锁定"):
            lock_period(late, by=a_post(country.city), seen_version=late.version)


def test_what_a_director_sends_who_is_her_station_s_only_clerk_is_decided_by_the_county_too(country):
    village, township = country.villages[0], country.townships[0]
    director = a_worker(village)
    a_post(township, person=director.person)
    row = send(village, by=director)
    officer = fresh(a_post(country.county))
    assert row in to_decide(officer)
    assert row not in to_decide(fresh(director)) and row not in to_decide(fresh(a_post(country.city)))
    approve(row, by=officer, seen_version=row.version, hash=row.current.hash)
    assert row_of(village).state == "approved"


def test_a_unit_that_is_waived_is_in_no_sum_and_named_on_the_sheet(country):
    first, second = country.villages[:2]
    send(first)
    pass_on(first)
    row, clerk = row_of(second), a_post(country.townships[0])
    waive(row, by=clerk, seen_version=row.version, reason="主任住院")
    sent = send(country.townships[0])
    assert sent.current.numbers["registered"] == 2
    assert [(each["name"], each["reason"]) for each in sent.current.told["waived"]] == [(second.name, "主任住院")]
    with pytest.raises(Stale):
        send(second)


def test_only_the_unit_itself_sends_and_only_the_tier_above_decides(country):
    village, township = country.villages[0], country.townships[0]
    row = row_of(village)
    a_post(village)  # the post is held
    for post in (a_post(country.villages[1]), a_post(township), a_post(country.county), a_post(country.city)):
        with pytest.raises(PermissionDenied):
            submit(row, by=post, seen_version=row.version, seen=sheet_of(row).seen)
    row = send(village)
    for post in (a_post(village), a_post(country.townships[1]), a_post(country.county), a_post(country.city)):
        with pytest.raises(PermissionDenied):
            approve(row, by=post, seen_version=row.version, hash=row.current.hash)


def test_a_village_without_a_director_is_reported_by_its_station_and_decided_by_somebody_else(country):
    village, clerk = country.villages[0], a_post(country.townships[0])
    Appointment.objects.filter(unit=village).update(valid_to=SINCE)
    row = send(village, by=clerk)
    with pytest.raises(Refused, match="自己"):
        approve(row, by=fresh(clerk), seen_version=row.version, hash=row.current.hash)
    officer = a_post(country.county)
    approve(row, by=officer, seen_version=row.version, hash=row.current.hash)
    assert row_of(village).state == "approved"


def test_a_village_without_children_reports_by_itself(country):
    empty = a_village(country.townships[0])
    Submission.objects.filter(period__key=OCTOBER).update(state="draft")
    country.open()
    period = row_of(country.villages[0]).period
    assert not Submission.objects.filter(unit=empty).exists(), "who is expected stood on the last day of the month"
    with time_machine.travel(datetime.datetime(2026, 11, 29, 1, tzinfo=datetime.UTC), tick=False):
        november = country.open(NOVEMBER)
        another = a_village(country.townships[0])
        country.open(NOVEMBER)
    with time_machine.travel(datetime.datetime(2026, 12, 1, 1, tzinfo=datetime.UTC), tick=False):
        assert report_nothing(november) == 2
        assert row_of(another, NOVEMBER).state == row_of(empty, NOVEMBER).state == "approved"
        assert row_of(another, NOVEMBER).approved.numbers["registered"] == 0
        assert row_of(country.villages[0], NOVEMBER).state == "draft"
        call_command("verify_chain", "--period", NOVEMBER)
    assert report_nothing(period) == 0


def test_nothing_is_sent_before_the_month_is_over_or_after_it_is_locked(country):
    with time_machine.travel(datetime.datetime(2026, 11, 30, 1, tzinfo=datetime.UTC), tick=False):
        country.open(NOVEMBER)
        with pytest.raises(Refused, match="还没有过完"):
            send(country.villages[0], NOVEMBER)
    lock_in_time(row_of(country.villages[0]).period)
    with pytest.raises(Refused, match="已经锁定"):
        send(country.villages[0])


def test_a_month_before_the_first_child_is_not_opened(country):
    for key, words in (("2026-03", "还没有孩子在册"), ("2027-01", "还没有到"), ("2026-13", "请写成")):
        with pytest.raises(Refused, match=words):
            country.open(key)


def test_a_contradiction_is_sent_only_with_its_explanation(country):
    """The month before said two; by now there are more than a tenth more."""
    report_all(country, upto=4)
    village = country.villages[0]
    for _ in range(7):
        an_approved_file(village, on=datetime.date(2026, 11, 10))
    with time_machine.travel(datetime.datetime(2026, 12, 1, 1, tzinfo=datetime.UTC), tick=False):
        country.open(NOVEMBER)
        with pytest.raises(Refused, match="在册较上月变动"):
            send(village, NOVEMBER)
        row = send(village, NOVEMBER, why={"change": "摸底新建档七人"})
        assert row.current.told["explanations"] == {"change": "摸底新建档七人"}


def test_a_village_is_counted_from_the_roster_that_is_kept_with_it(country):
    row = send(country.villages[0])
    roster = open_roster(row.current)
    assert len(roster.children()) == 2 and roster.numbers() == row.current.told["values"]
    assert all(not gap for check, gap in check_all(row.current.numbers) if check.sign == "=")


def test_the_database_refuses_to_alter_what_was_reported(country):
    row = send(country.villages[0])
    for statement in ("UPDATE reports_snapshot SET hash = 'x'", "DELETE FROM reports_submissionevent",
                      "UPDATE reports_snapshot SET content = '{}'"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert row_of(row.unit).current.hash == row.current.hash


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [("state", "'approved', approved_id = current_id", "状态和留痕"), ("state", "'draft'", "状态和留痕")],
)
def test_the_verification_names_what_was_altered_past_the_program(country, column, value, words):
    row = send(country.villages[0])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_submission SET {column} = {value} WHERE state = 'submitted'")  # noqa: S608
    with pytest.raises(CommandError, match=words):
        call_command("verify_chain")
    assert row.pk


def test_the_rosters_of_villages_beside_a_township_are_found_too(country):
    """Where a tier does not exist, a county sums villages and townships side by side."""
    send(country.villages[0])
    pass_on(country.villages[0])
    row = row_of(country.villages[1])
    waive(row, by=a_post(country.townships[0]), seen_version=row.version, reason="主任住院")
    township, village = send(country.townships[0]), send(country.villages[2])
    for parts in ([township.current, village.current], [village.current, township.current]):
        assert {each.unit for each in leaves_of(parts)} == {country.villages[0], country.villages[2]}
