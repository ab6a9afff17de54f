"""A holiday that is written down while a month is open or a request is out moves their last days, and back."""

import dataclasses
import datetime
import json

import pytest
import time_machine
from django.core.management import call_command

from orgs.audit.models import Audit
from orgs.holidays.models import Holiday
from orgs.holidays.services import add_holiday, foresee_holiday, remove_holiday
from orgs.inbox.models import Message
from orgs.inbox.services import settle_all
from orgs.posts.models import Appointment
from reports.periods.models import ReportingPeriod
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.services import answering
from reports.submissions.last_days import move_period
from reports.submissions.locking import lock_in_time
from reports.submissions.services import send_back
from tests.builders import a_data_request, a_post, fresh, sign_in, the_answer
from tests.reports.submissions.world import a_reporting_county, row_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]
D = datetime.date
DAY = datetime.timedelta(days=1)
# a Thursday and a Friday; the county reports on the first of them, the city on the Monday after
OFF = {"name": "抗洪假", "document": "国办〔2026〕9号", "since": D(2026, 11, 5), "until": D(2026, 11, 6)}
SENT = {**OFF, "since": "2026-11-05", "until": "2026-11-06"}


@pytest.fixture
def country(settings, tmp_path):
    """On Monday 2 November 2026; October is open."""
    settings.CWR_ANCHORS = tmp_path / "anchors"
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False):
        country = a_reporting_county(children=1)
        country.open()
        country.officers = {unit.pk: a_post(unit) for unit in (country.city, country.county, *country.townships)}
        yield country


@pytest.fixture
def writer(country):
    return a_post(country.city)


def days_of(country) -> tuple:
    return tuple(day.day for day in dataclasses.astuple(row_of(country.city).period.deadlines))


def told(kind: str) -> list:
    """The units that were told, once for each occasion, however many work there."""
    return sorted(unit for unit, _key in set(Message.objects.filter(kind=kind).values_list("recipient__unit", "key")))


def test_who_writes_it_sees_which_days_move_and_they_move_and_go_back_with_it(client, country, writer):
    assert days_of(country) == (2, 3, 5, 9, 12)
    sign_in(client, writer)
    page = client.post("/visits/holidays/new/", SENT)
    assert page.status_code == 200 and not Holiday.objects.exists() and days_of(country) == (2, 3, 5, 9, 12)
    text = page.content.decode()
    assert "2026年10月月报，县（市、区）上报" in text and "11月9日" in text and "看过了，照此记下" in text
    assert "锁定</th>" not in text, "the lock stays where it is"
    foreseen = client.post("/api/v1/holidays/foresee/", SENT, content_type="application/json").json()
    assert [(each["before"], each["after"], each["units"]) for each in foreseen] == [
        ("2026-11-05", "2026-11-09", 1),
        ("2026-11-09", "2026-11-10", 1),
    ]
    other = client.post("/visits/holidays/new/", SENT | {"seen": "0" * 16})
    assert other.status_code == 200 and not Holiday.objects.exists(), "what was shown is what is saved"

    page = client.post("/visits/holidays/new/", SENT | {"seen": page.context["seen"]}, follow=True)
    assert "2 项期限随之调整" in page.content.decode() and days_of(country) == (2, 3, 9, 10, 12)
    assert (row_of(country.county).due_on, row_of(country.city).due_on) == (D(2026, 11, 9), D(2026, 11, 10))
    assert told("ledger_moved") == sorted([country.county.pk, country.city.pk]), "who wrote it needs no message"
    act = Audit.objects.get(action="move_deadlines")
    assert json.loads(act.data)["deadlines"][2:4] == ["2026-11-09", "2026-11-10"] and "国办〔2026〕9号" in act.data
    sign_in(client, country.officers[country.county.pk])
    assert "月报的截止日期现在是11月9日" in client.get("/inbox/").content.decode()

    sign_in(client, writer)
    address = f"/visits/holidays/{Holiday.objects.get().pk}/remove/"
    assert "11月9日" in client.get(address).content.decode() and Holiday.objects.exists()
    client.post(address)
    assert days_of(country) == (2, 3, 5, 9, 12) and row_of(country.county).due_on == D(2026, 11, 5)
    assert told("ledger_moved") == sorted([country.county.pk, country.city.pk] * 2)
    assert "抗洪假" in Audit.objects.filter(action="move_deadlines").latest("pk").data
    call_command("verify_chain")


def test_a_day_that_somebody_set_and_a_month_that_is_locked_stay(country, writer):
    period = country.open()
    by_hand = dataclasses.replace(period.deadlines, county=D(2026, 11, 6))
    move_period(period, by_hand, by=fresh(writer), seen_version=period.version, reason="培训周")
    add_holiday(by=fresh(writer), **OFF)
    assert days_of(country) == (2, 3, 6, 10, 12), "the city's follows the rule, the county's was set"
    Holiday.objects.all().delete()
    lock_in_time(row_of(country.city).period)
    assert foresee_holiday(by=fresh(writer), **OFF) == []
    add_holiday(by=fresh(writer), **OFF)
    assert days_of(country) == (2, 3, 6, 10, 12)
    call_command("verify_chain")


def test_a_day_moves_until_its_evening_and_is_never_taken_back_so_far_that_it_would_be_over(country, writer):
    today = {**OFF, "since": D(2026, 11, 2), "until": D(2026, 11, 2)}
    with time_machine.travel("2026-11-02T11:00:00Z", tick=False):  # at seven in the evening
        assert not [each for each in foresee_holiday(by=fresh(writer), **today) if "村" in each.what]
    holiday = add_holiday(by=fresh(writer), **today)
    assert days_of(country)[:2] == (3, 4)
    with time_machine.travel("2026-11-02T11:00:00Z", tick=False):
        remove_holiday(holiday, by=fresh(writer))
        village = country.villages[0]
        assert row_of(village).due_on == D(2026, 11, 3), "not back to a day that is over"
        assert send(village).on_time is True


def test_a_tier_that_nobody_moved_has_a_working_day_before_one_that_somebody_set(country, writer):
    period = country.open()
    by_hand = dataclasses.replace(period.deadlines, county=D(2026, 11, 6))
    move_period(period, by_hand, by=fresh(writer), seen_version=period.version, reason="培训周")
    add_holiday(by=fresh(writer), **{**OFF, "since": D(2026, 11, 3), "until": D(2026, 11, 6)})
    village, township, county = days_of(country)[:3]
    assert village <= township <= county == 6 and township not in (3, 4, 5, 6)


def test_a_tier_keeps_a_day_after_the_one_below_that_somebody_set(country, writer):
    period = country.open()
    holiday = add_holiday(by=fresh(writer), **OFF)
    period.refresh_from_db()
    by_hand = dataclasses.replace(period.deadlines, village=D(2026, 11, 10), township=D(2026, 11, 11))
    later = dataclasses.replace(by_hand, county=D(2026, 11, 12), city=D(2026, 11, 13), locks=D(2026, 11, 20))
    move_period(period, later, by=fresh(writer), seen_version=period.version, reason="培训周")
    ReportingPeriod.objects.filter(pk=period.pk).update(by_hand=["village"])
    remove_holiday(holiday, by=fresh(writer))
    days = days_of(country)
    assert days[0] == 10 and len(set(days[:4])) == 4 and list(days) == sorted(days)


def test_what_came_back_keeps_days_of_its_own_and_they_follow_too(country, writer):
    """Returned on Tuesday it is due on Thursday; of the vacant village its station is told."""
    with time_machine.travel("2026-11-03T01:00:00Z", tick=False):
        village, vacant = country.villages[:2]
        for each in (village, vacant):
            row = send(each)
            clerk = fresh(country.officers[country.townships[0].pk])
            send_back(row, by=clerk, seen_version=row.version, reason="少一户")
        Appointment.objects.filter(unit=vacant).update(valid_to=D(2026, 11, 3))
        line = (village, country.townships[0], country.county, country.city)
        assert [row_of(unit).due_on.day for unit in line] == [5, 6, 9, 10], "a working day between the tiers"
        holiday = add_holiday(by=fresh(writer), **OFF)
        own = [(each.units, each.before, each.after) for each in holiday.moved if "退回重报" in each.what]
        assert (2, D(2026, 11, 5), D(2026, 11, 9)) in own
        assert row_of(vacant).due_on == D(2026, 11, 9)
        assert [row_of(unit).due_on.day for unit in line] == [9, 10, 11, 12]
        assert told("ledger_moved").count(village.pk) == 1 and vacant.pk not in told("ledger_moved")
        assert told("ledger_moved").count(country.townships[0].pk) == 1
        send(village)
        settle_all()
        settled = Message.objects.filter(kind="ledger_moved", recipient__unit=village)
        assert settled.get().settled_at, "it needs nobody any more"
    with time_machine.travel("2026-11-06T01:00:00Z", tick=False):
        remove_holiday(holiday, by=fresh(writer))
        assert row_of(vacant).due_on == D(2026, 11, 6), "none is taken back so far that it would be over"
        assert row_of(village).due_on == D(2026, 11, 9), "what was sent keeps what it was told"
        call_command("verify_chain")


def test_a_request_that_is_out_moves_and_each_unit_is_told_once(country, writer):
    county = country.officers[country.county.pk]
    request = a_data_request(country.county, by=fresh(county), level=4, due_on=D(2026, 11, 5))
    closed = a_data_request(country.county, by=fresh(county), level=4, due_on=D(2026, 11, 5))
    DataRequest.objects.filter(pk=closed.pk).update(state="closed")
    village, vacant = country.villages[:2]
    Appointment.objects.filter(unit=vacant).update(valid_to=D(2026, 11, 2))
    director = Appointment.objects.get(unit=village)
    answer = the_answer(request, village)
    values = {each.field: "3" for each in request.questions.all()}
    answering.submit(answer, by=fresh(director), seen_version=answer.version, given=values, note="无")
    foreseen = foresee_holiday(by=fresh(writer), **OFF)
    assert ("要数“" + request.title + "”", 3) in [(each.what, each.units) for each in foreseen]
    add_holiday(by=fresh(writer), **OFF)
    request.refresh_from_db()
    assert request.due_on == the_answer(request, vacant).due_on == D(2026, 11, 9)
    assert the_answer(request, village).due_on == D(2026, 11, 5), "it has answered"
    assert set(DataAnswer.objects.filter(request=closed).values_list("due_on", flat=True)) == {D(2026, 11, 5)}
    sent = the_answer(request, village)
    answering.take_back(sent, by=fresh(director), seen_version=sent.version)
    assert the_answer(request, village).due_on == D(2026, 11, 9), "taken back it has as long as everybody"
    others = [each.pk for each in country.villages[2:]]
    assert told("data_moved") == sorted([country.townships[0].pk, *others])
    act = Audit.objects.get(action="move_data_request")
    assert json.loads(act.data) | {"before": "2026-11-05", "after": "2026-11-09", "units": 3} == json.loads(act.data)
    remove_holiday(Holiday.objects.get(), by=fresh(writer))
    assert set(request.answers.values_list("due_on", flat=True)) == {D(2026, 11, 5)}
    assert Audit.objects.filter(action="move_data_request").count() == 2
