"""The list of children on a phone: two lines a child, as on today, and for who visits a button to call."""

import datetime
import re

import pytest
from django.utils import timezone

from tests.builders import a_submitted_file, a_visit, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
CARER = "tel:13800004321"


def listed(client, post) -> str:
    return sign_in(client, post).get("/children/").content.decode()


def test_the_list_says_when_a_child_was_seen_and_is_due(client, director, clerk):
    today = timezone.localdate()
    child = an_approved_file(director.unit, by=director, on=today - 40 * DAY)
    assert "还没有走访过" in listed(client, director)
    assert "逾期" in listed(client, director)
    a_visit(child, by=director, visited_on=today)
    page = listed(client, director)
    assert f"上次 {today.month}月{today.day}日" in page and "逾期" not in page
    assert f"上次 {today.month}月{today.day}日" in listed(client, clerk)


@pytest.mark.parametrize("days, late", [(30, False), (31, True)])
def test_what_falls_due_today_is_not_late_yet(client, director, days, late):
    today = timezone.localdate()
    an_approved_file(director.unit, by=director, on=today - days * DAY)
    page = listed(client, director)
    assert ("逾期 1 天" in page, "逾期" in page, f"{today.month}月{today.day}日前" in page) == (late, late, not late)


def test_a_child_whose_file_waits_for_approval_is_called_from_the_list_too(client, director, clerk):
    today, file = timezone.localdate(), a_submitted_file(director.unit, by=director)
    page = listed(client, director)
    (row,) = re.findall(r'class="row-note">(.+?)</td>', page, re.S)
    assert "还没有走访过" in row and "待审核" in row and CARER in page
    a_visit(file, by=director, visited_on=today)
    page = listed(client, clerk)
    assert f"上次 {today.month}月{today.day}日" in page and CARER not in page


def test_only_who_visits_calls_from_the_list(client, director, clerk, officer):
    an_approved_file(director.unit, by=director)
    assert CARER in listed(client, director)
    assert CARER not in listed(client, clerk) and CARER not in listed(client, officer)
