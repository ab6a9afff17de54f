"""What who moved a need reads at once: who has it now, until when, who was told, and what is next."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from childwelfare.text.days import short_day
from registry.needs.sentences import came_to
from registry.needs.services import handling
from tests.builders import a_need, sign_in
from tests.registry.needs.needs import read

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def need(file, posts):
    return a_need(file, by=posts["village"])


def said_after(action: str, need, by, **given) -> str:
    now = read(need)
    getattr(handling, action)(now, by=by, seen_version=now.version, **given)
    return came_to(read(need), by=by)


def test_passed_up_it_says_to_whom_until_when_and_what_happens_else(need, file, posts):
    before = read(need).due_on
    said = said_after("pass_up", need, posts["village"], reason="本级没有办法")
    station, county = file.township.short_name, file.county.short_name
    assert f"报上级：现在由{station}办理，还没有定承办人" in said
    assert f"{short_day(read(need).due_on)}前办结（原来是{short_day(before)}）" in said
    assert f"已告诉{station}" in said
    assert f"自动升到{county}" in said


def test_who_takes_it_reads_that_it_is_hers(need, file, posts):
    said = said_after("pull_up", need, posts["township"])
    assert "现在由您承办" in said and f"已告诉{file.village.short_name}" in said


def test_passed_down_and_put_off_it_says_the_day(need, file, posts):
    said_after("pull_up", need, posts["township"])
    day = timezone.localdate() + 5 * DAY
    said = said_after("pass_down", need, posts["township"], unit=file.village, due_on=day, reason="请送一次")
    assert f"现在由{file.village.short_name}办理" in said and f"{short_day(day)}前办结" in said
    later = day + 3 * DAY
    said = said_after("move_due", need, posts["township"], due_on=later, reason="路断了")
    assert f"{short_day(later)}前办结（原来是{short_day(day)}）" in said
    assert f"已告诉{file.village.short_name}" in said


def test_a_day_that_is_moved_from_above_is_told_to_who_has_the_need(client, need, posts):
    said_after("move_due", need, posts["county"], due_on=timezone.localdate() + 30 * DAY, reason="路断了")
    sign_in(client, posts["village"])
    assert "由上级改了期限" in client.get("/inbox/").content.decode()


def test_settled_it_says_how_and_who_was_told(need, file, posts):
    said_after("pull_up", need, posts["township"])
    said = said_after("settle", need, posts["township"], outcome="partly", words="只补一个月", satisfaction="not")
    assert "办结：部分解决；家庭：不满意" in said
    assert f"已告诉{posts['village'].person.name}、{file.county.short_name}" in said
    assert "15 分钟内可以撤销" in said


def test_at_the_city_nothing_goes_up_any_more(need, posts):
    said = said_after("pull_up", need, posts["city"])
    assert "自动升到" not in said


def test_taken_back_it_is_as_it_was(need, posts):
    said_after("settle", need, posts["village"], outcome="met", satisfaction="satisfied")
    said = said_after("undo_settle", need, posts["village"])
    assert said.startswith("撤销办结：现在由您承办")


def test_page_and_api_say_the_same(client, need, posts):
    sign_in(client, posts["village"])
    link = reverse("need-move", args=[need.pk, "pass_up"])
    page = client.post(link, {"version": 1, "reason": "本级没有办法"}, follow=True).content.decode()
    said = came_to(read(need), by=posts["village"])
    assert said in page
    sign_in(client, posts["township"])
    answer = client.post(f"/api/v1/needs/{need.pk}/take/", {"version": 2}, content_type="application/json").json()
    assert answer["message"] == came_to(read(need), by=posts["township"])
