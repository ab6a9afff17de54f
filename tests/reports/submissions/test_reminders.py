"""Who hears of the last day of a month, and on whose table its work lies: also where a village has no director."""

import copy
import datetime

import pytest
import time_machine
from django.urls import reverse

from orgs.inbox.models import Message
from orgs.inbox.reading import page_for
from orgs.inbox.reminders import remind_all
from orgs.posts.models import Appointment
from reports.submissions.workbench import month_to_report, to_decide, to_send
from tests.builders import a_post, fresh, sign_in
from tests.reports.submissions.world import a_reporting_county, pass_on, row_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]
D = datetime.date


SUNDAY = datetime.datetime(2026, 11, 1, 4, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def open_month(shared_world):
    with time_machine.travel(SUNDAY, tick=False):
        country = a_reporting_county(children=1)
        country.open()
        return country


@pytest.fixture
def country(open_month):
    """November 2026 begins on a Sunday: villages have until the 2nd, stations until the 3rd, the county the 5th."""
    country = copy.deepcopy(open_month)
    with time_machine.travel(SUNDAY, tick=False) as clock:
        country.clock = clock
        yield country


def to_day(country, day: D) -> None:
    country.clock.move_to(datetime.datetime.combine(day, datetime.time(4), datetime.UTC))
    remind_all()


def titles(post) -> list[str]:
    return [line.title for line in page_for(fresh(post), kind="", unread_first=False, part="", cursor="").lines]


def vacate(village) -> None:
    for post in Appointment.objects.filter(unit=village, valid_to=None):
        Appointment.objects.filter(pk=post.pk).update(valid_to=D(2026, 10, 15))


def test_those_above_hear_once_of_all_that_is_late_below_them(country):
    clerk, officer = a_post(country.townships[0]), a_post(country.county)
    director = Appointment.objects.get(unit=country.villages[0], valid_to=None)
    for day in range(2, 10):
        to_day(country, D(2026, 11, day))
    station = country.townships[0].short_name
    assert titles(clerk).count(f"{station}有 2 个单位的2026年10月月报逾期未报") == 1
    assert [title for title in titles(clerk) if "逾期未报" in title] == [
        f"{station}有 2 个单位的2026年10月月报逾期未报"
    ]
    of_county = [title for title in titles(officer) if "逾期未报" in title]
    assert set(of_county) == {f"{country.county.short_name}有 6 个单位的2026年10月月报逾期未报"}
    assert len(of_county) <= 4, "a line a last day, however many villages are late"
    assert any("月报还没有报" in title for title in titles(director))
    assert "已经逾期" in month_to_report(fresh(director)).text
    for village in country.villages[:2]:
        send(village)
    assert Message.objects.of(clerk).filter(kind="ledger_behind").exists()
    lines = page_for(fresh(clerk), kind="ledger_behind", unread_first=False, part="", cursor="").lines
    assert all(line.is_settled for line in lines), "nobody below is late any more"


def test_a_village_without_a_director_lies_on_the_table_of_its_station(country, client):
    village, township = country.villages[0], country.townships[0]
    vacate(village)
    clerk, second, officer = a_post(township), a_post(township), a_post(country.county)
    assert [row.unit for row in to_send(fresh(clerk))] == [village]
    to_day(country, D(2026, 11, 2))
    assert "1 个没有人在岗的单位，2026年10月月报由本单位代报" in titles(clerk)
    sign_in(client, clerk)
    shown = client.get(reverse("submission-home"))
    assert "由本单位代报" in shown.text
    row = send(village, by=clerk)
    assert not list(to_decide(fresh(clerk))), "who sent it does not decide it"
    assert (
        [each.unit for each in to_decide(fresh(second))]
        == [each.unit for each in to_decide(fresh(officer))]
        == [village]
    )
    shown = client.get(reverse("submission-home"))
    assert "一起通过" not in shown.text and f"{row.pk}:{row.version}" not in shown.text
    sign_in(client, second)
    assert f"{row.pk}:{row.version}" in client.get(reverse("submission-home")).text


def test_what_nobody_at_the_station_can_do_lies_on_the_table_of_the_county(country, client):
    """Vacant, or closed by a merger on the first: the director's sheet is decided, the station's sent, one tier up."""
    village, empty, township = country.villages[0], country.villages[1], country.townships[0]
    vacate(empty)
    vacate(township)
    officer, second = a_post(country.county), a_post(country.county)
    send(village)
    assert village in [row.unit for row in to_decide(fresh(officer))]
    assert {row.unit for row in to_send(fresh(officer))} == {empty, township}
    to_day(country, D(2026, 11, 2))
    assert "2 个没有人在岗的单位，2026年10月月报由本单位代报" in titles(officer)
    pass_on(village, by=officer)
    send(empty, by=officer)
    assert empty in [row.unit for row in to_decide(fresh(second))] and not list(to_decide(fresh(officer)))
    pass_on(empty, by=second)
    send(township, by=officer)
    assert [row.unit for row in to_decide(fresh(second))] == [township]


def test_what_is_to_be_read_first_is_not_ticked(country, client):
    for village in country.villages[:2]:
        send(village)
    clerk, officer = a_post(country.townships[0]), a_post(country.county)
    sign_in(client, clerk)
    for village in country.villages[:1]:
        row = row_of(village)
        client.post(
            reverse("submission-move", args=[row.pk, "approve"]), {"version": row.version, "hash": row.current.hash}
        )
    left = row_of(country.villages[1])
    client.post(reverse("submission-move", args=[left.pk, "return"]), {"version": left.version, "reason": "漏了一人"})
    left = row_of(country.villages[1])
    back = client.get(reverse("submission-detail", args=[left.pk]))
    assert "漏了一人" in back.text and "等待重报" in back.text
    client.post(reverse("submission-move", args=[left.pk, "waive"]), {"version": left.version, "reason": "主任住院"})
    row = send(country.townships[0], by=clerk)
    sign_in(client, officer)
    shown = client.get(reverse("submission-home"))
    assert "缺报 1" in shown.text and f"{row.pk}:{row.version}" not in shown.text


def test_what_came_back_is_said_first_at_every_tier(country, client):
    for village in country.villages[:2]:
        row = send(village)
        clerk = a_post(country.townships[0])
        sign_in(client, clerk)
        client.post(
            reverse("submission-move", args=[row.pk, "approve"]), {"version": row.version, "hash": row.current.hash}
        )
    row = send(country.townships[0], by=clerk)
    sign_in(client, a_post(country.county))
    client.post(
        reverse("submission-move", args=[row.pk, "return"]),
        {"version": row.version, "reason": "请核对流动儿童", "cell-migrant": "少了"},
    )
    sign_in(client, clerk)
    shown = client.get(reverse("submission-home")).text
    main = shown.partition("<main")[2]
    assert main.index("请核对流动儿童") < main.index('class="sheet-title"')
    assert "少了" in main
