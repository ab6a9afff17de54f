"""Public holidays: known from the notices, said before one sets out, never a reason to come later than the rule."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.utils import timezone

from orgs.audit.models import Audit
from orgs.holidays.models import Holiday
from orgs.holidays.services import (
    LONGEST_DAYS,
    add_holiday,
    days_off,
    missing_of_state,
    remove_holiday,
    shipped_days_off,
)
from tests.builders import a_city, a_county, a_holiday, a_post, a_village, a_visit, an_approved_file, sign_in
from visits.oversight.work import work_of
from visits.phones.pull import pull
from visits.schedule.models import VisitDue

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def officer():
    return a_post(a_city(), "city_officer")


def written(officer, **given):
    given = {
        "name": "春节",
        "since": day("2031-01-22"),
        "until": day("2031-01-28"),
        "document": "国办〔2030〕1号",
    } | given
    return add_holiday(by=officer, **given)


def test_the_days_that_come_with_the_project_are_in_order_and_apart():
    spans = shipped_days_off()
    assert all(one.since <= one.until < other.since for one, other in zip(spans, spans[1:], strict=False))
    assert {each.name for each in days_off(day("2026-10-01"), day("2026-10-31"))} == {"国庆节"}
    assert days_off(day("2026-02-15"), day("2026-02-15"))[0].back == day("2026-02-24")


def test_a_holiday_over_new_year_is_found_in_both_years():
    assert [off.name for off in days_off(day("2023-01-01"), day("2023-01-02"))] == ["元旦"]
    assert [off.name for off in days_off(day("2022-12-31"), day("2022-12-31"))] == ["元旦"]


def is_known(year: int) -> bool:
    return not missing_of_state(year, days_off(datetime.date(year, 1, 1), datetime.date(year, 12, 31)))


def test_a_year_without_a_notice_says_so_until_the_city_writes_it_down(client, officer):
    assert is_known(2026) and not is_known(2031)
    sign_in(client, officer)
    coming = today().year + 1
    assert f"{coming}年的放假安排还没有" in client.get("/visits/holidays/").text
    asked = {"name": "春节", "since": f"{coming}-02-05", "until": f"{coming}-02-11", "document": "国办〔2026〕1号"}
    assert client.post("/visits/holidays/new/", asked).status_code == 302
    page = client.get("/visits/holidays/").text
    assert "国办〔2026〕1号" in page and f"{coming}年国家的放假安排还没有记全，缺：" in page and not is_known(coming)
    assert "元旦、清明、劳动、端午、中秋、国庆" in page
    assert Audit.objects.filter(action="add_holiday").exists()
    assert client.post(f"/visits/holidays/{Holiday.objects.get().pk}/remove/").status_code == 302
    assert not Holiday.objects.exists() and Audit.objects.filter(action="remove_holiday").exists()


def test_days_off_of_the_city_itself_make_no_year_known_and_the_seven_of_the_state_do(client, officer):
    coming = today().year + 1
    written(officer, name="抗洪假", since=datetime.date(coming, 7, 20), until=datetime.date(coming, 7, 21))
    sign_in(client, officer)
    page = client.get("/visits/holidays/").text
    assert f"{coming}年的放假安排还没有" in page and "下面只是本地另外记下的" in page and not is_known(coming)
    for month, name in enumerate(("元旦", "春节", "清明节", "劳动节", "端午节", "国庆节、中秋节"), start=1):
        assert not is_known(coming)
        written(officer, name=name, since=datetime.date(coming, month, 5), until=datetime.date(coming, month, 6))
    assert is_known(coming) and f"{coming}年国家的" not in client.get("/visits/holidays/").text
    assert all(is_known(year) for year in {each.since.year for each in shipped_days_off()})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"document": ""}, "document"),
        ({"until": day("2031-01-21")}, "until"),
        ({"until": day("2031-03-01")}, "until"),
        ({"since": day("2026-10-07"), "until": day("2026-10-08")}, "since"),
    ],
)
def test_what_cannot_be_a_holiday_is_told_at_its_field(officer, given, field):
    with pytest.raises(ValidationError) as told:
        written(officer, **given)
    assert set(told.value.message_dict) == {field} and not Holiday.objects.exists()


def test_fifteen_days_off_are_the_longest(officer):
    since = day("2031-01-22")
    with pytest.raises(ValidationError):
        written(officer, since=since, until=since + LONGEST_DAYS * DAY)
    off = written(officer, since=since, until=since + (LONGEST_DAYS - 1) * DAY)
    assert LONGEST_DAYS == 15 and off.until == day("2031-02-05")


def test_a_county_reads_and_does_not_write(client):
    county = a_post(a_county(), "county_officer")
    with pytest.raises(PermissionDenied):
        written(county)
    with pytest.raises(PermissionDenied):
        remove_holiday(a_holiday(today(), today()), by=county)
    sign_in(client, county)
    assert client.post("/visits/holidays/new/", {}).status_code == 302
    assert client.get("/visits/holidays/").status_code == 200


def test_the_api_lists_a_year_adds_and_takes_back(client, officer):
    sign_in(client, officer)
    listed = client.get("/api/v1/holidays/?year=2026").json()
    assert {"id": None, "name": "国庆节", "since": "2026-10-01", "until": "2026-10-07", "document": ""} in listed
    assert client.get("/api/v1/holidays/?year=twenty").status_code == 400
    asked = {"name": "春节", "since": "2031-01-22", "until": "2031-01-28", "document": "国办"}
    made = client.post("/api/v1/holidays/", asked, content_type="application/json")
    assert made.status_code == 201
    assert client.delete(f"/api/v1/holidays/{made.json()['id']}/").status_code == 204


def test_who_is_due_in_a_holiday_is_asked_to_go_before_it_and_the_day_stays(client):
    director = a_post(a_village())
    child = an_approved_file(director.unit, by=director, on=today() - 27 * DAY)
    due = child.dues.get().due_on
    a_holiday(due - DAY, due + 2 * DAY)
    sign_in(client, director)
    assert "测试节假期里" in client.get("/today/").text
    month = "" if due.month == today().month else "?month=next"
    assert "测试节放假" in client.get(f"/visits/plan/{month}").text
    (row,) = pull(director).files
    assert row["due"]["due_on"] == due.isoformat() and any("测试节" in why for why in row["due"]["why"])


@pytest.mark.both
@pytest.mark.parametrize(("risk", "in_time"), [("general", 1), ("high", 0)])
def test_the_first_working_day_after_is_in_time_but_not_for_a_child_at_risk(risk, in_time):
    village = a_village()
    director = a_post(village, since=today() - 400 * DAY)
    child = an_approved_file(village, by=director, on=today() - 60 * DAY, risk=risk)
    due = child.dues.get().due_on
    a_holiday(due, due + 3 * DAY)
    a_visit(child, by=director, visited_on=due + 4 * DAY, late_reason="假期")
    (row,) = work_of(director, "view_visit", due, due + DAY)
    assert (row.due, row.in_time, row.late) == (1, in_time, 1 - in_time)


def test_nobody_is_called_late_before_the_first_working_day_after_is_over():
    village = a_village()
    director = a_post(village, since=today() - 400 * DAY)
    an_approved_file(village, by=director, on=today() - 32 * DAY)
    month = VisitDue.objects.get().due_on, today() + DAY
    assert work_of(director, "view_visit", *month)[0].overdue == 1
    a_holiday(today() - 3 * DAY, today() - DAY)
    assert work_of(director, "view_visit", *month)[0].due == 0
    Holiday.objects.update(since=F("since") - DAY, until=F("until") - DAY)
    assert work_of(director, "view_visit", *month)[0].overdue == 1
