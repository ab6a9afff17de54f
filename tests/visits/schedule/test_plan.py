"""The month's plan on paper: whom to visit, when and why, for a village or a whole station."""

import datetime
import json

import pytest
from django.utils import timezone

from orgs.audit.models import Audit
from tests.builders import a_post, a_round, a_stay, a_village, an_approved_file, an_extra_visit, sign_in
from visits.schedule.models import VisitDue
from visits.schedule.printing import Month, days_in, plan_sheet

pytestmark = pytest.mark.django_db
D, DAY = datetime.date, datetime.timedelta(days=1)
JULY = Month(D(2026, 7, 1), D(2026, 7, 31))


def today():
    return timezone.localdate()


def rows_of(post, month=None, **given):
    sheet = plan_sheet(post, month or Month.of(today()), today=today(), **given)
    return {row[0].text: [cell.text for cell in row] for block in sheet.blocks for row in block.rows[1:]}


@pytest.mark.parametrize(
    ("due_on", "days", "on", "expected"),
    [
        (D(2026, 7, 6), 7, D(2026, 7, 1), [6, 13, 20, 27]),
        (D(2026, 6, 20), 15, D(2026, 7, 3), [3, 18]),
        (D(2026, 6, 29), 7, D(2026, 6, 20), [6, 13, 20, 27]),
        (D(2026, 8, 1), 30, D(2026, 7, 1), []),
        (D(2026, 7, 31), 30, D(2026, 7, 31), [31]),
    ],
)
def test_the_days_of_the_month_from_today_on(due_on, days, on, expected):
    found = days_in(VisitDue(due_on=due_on, days=days), JULY, on)
    assert [day.day for day in found] == expected and {day.month for day in found} <= {7}


def test_the_year_turns():
    assert Month.of(D(2026, 12, 9)).following == Month(D(2027, 1, 1), D(2027, 1, 31))


def test_overdue_asked_for_and_in_a_round_each_says_why(village, director):
    an_approved_file(village, name="甲", on=today() - 40 * DAY)
    asked = an_approved_file(village, name="乙", on=today())
    an_approved_file(village, name="丙", on=today())
    an_extra_visit(asked, days=0, reason="奶奶住院")
    a_round(village.county, name="暑期走访", until=today() + 40 * DAY)
    rows = rows_of(director)
    assert "逾期10天" in rows["甲"][5] and "加访：奶奶住院" in rows["乙"][5]
    assert all("暑期走访" in row[5] for row in rows.values()) and set(rows) == {"甲", "乙", "丙"}


def test_a_station_has_a_table_a_village_a_director_her_own(village, director):
    beside = a_village(village.township)
    for place in (village, beside, a_village()):
        an_approved_file(place, on=today() - 40 * DAY)
    month = Month.of(today())
    station = plan_sheet(a_post(village.township), month, today=today())
    assert {block.title for block in station.blocks} == {f"{each.short_name}（1 人）" for each in (village, beside)}
    assert len(plan_sheet(director, month, today=today()).blocks) == 1


def test_a_child_who_stays_here_is_on_the_hosts_plan_with_its_address(village, director):
    host = a_post(a_village(village.township))
    file = an_approved_file(village, name="客人", on=today() - 40 * DAY)
    a_stay(file, host.unit, days=31, address="六组 1 号", host_name="李海燕", host_phone="13800006108")
    row = rows_of(host)["客人"]
    assert row[2] == "暂住：六组 1 号" and row[3] == "李海燕 138****6108"
    assert rows_of(director) == {}


def test_phones_are_masked_unless_asked_for_and_that_is_recorded(client, village, director):
    an_approved_file(village, on=today() - 40 * DAY)
    sign_in(client, director)
    assert "13800004321" not in client.get("/visits/plan/").text
    assert "13800004321" in client.get("/visits/plan/?numbers=full").text
    acts = [json.loads(row.data) for row in Audit.objects.filter(action="print_plan").order_by("pk")]
    assert [act.get("numbers") for act in acts] == [None, "full"]


def test_next_month_and_a_month_without_visits(client, village, director):
    sign_in(client, director)
    assert "这个月没有要走访的" in client.get("/visits/plan/").text
    child = an_approved_file(village, name="下月", on=today())
    child.dues.update(due_on=Month.of(today()).following.first, days=90)
    assert "下月" not in rows_of(director) and "下月" in rows_of(director, Month.of(today()).following)
    assert client.get("/visits/plan/?month=next").context["sheet"].blocks


def test_the_same_as_pdf(client, village, director):
    an_approved_file(village, on=today() - 40 * DAY)
    answer = sign_in(client, director).get("/visits/plan.pdf")
    assert answer.content.startswith(b"%PDF") and "no-store" in answer["Cache-Control"]


def test_as_many_queries_for_three_children_as_for_one(client, village, director, django_assert_max_num_queries):
    sign_in(client, director)
    for _ in range(3):
        an_approved_file(village, on=today() - 40 * DAY)
        a_round(village.county)
    with django_assert_max_num_queries(22):
        client.get("/visits/plan/")
