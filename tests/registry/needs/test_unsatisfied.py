"""A need that was settled and left the family dissatisfied: who is told how it ended, who finds it, who has it opened
again, and what the plan says of it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from registry.needs.services import handling
from tests.builders import a_need, a_plan, a_post, a_village, sign_in
from tests.registry.needs.needs import read, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(file, posts):
    """Recorded in the village, settled at the county."""
    need = a_need(file, by=posts["village"])
    for tier in ("village", "township"):
        now = read(need)
        handling.pass_up(now, by=posts[tier], seen_version=now.version, reason="本级没有办法")
    return need


@pytest.fixture
def left_unhappy(need, posts):
    said = {"outcome": "partly", "words": "只补了一个月", "satisfaction": "not"}
    handling.settle(read(need), by=posts["county"], seen_version=read(need).version, **said)
    return read(need)


def inbox_of(client, post) -> str:
    sign_in(client, post)
    return client.get("/inbox/").content.decode()


def test_who_recorded_it_reads_how_it_ended(client, left_unhappy, posts):
    page = inbox_of(client, posts["village"])
    assert "您记录的欧阳小满的需求“情绪”已办结：部分解决；家庭：不满意" in page


def test_the_tier_above_and_those_between_are_told(client, left_unhappy, posts):
    assert told(posts["city"]) == ["need_unsatisfied"]
    assert "need_unsatisfied" in told(posts["township"])
    assert "部分解决；家庭：不满意" in inbox_of(client, posts["township"])
    assert "欧***" in inbox_of(client, posts["city"])


def test_a_content_family_is_no_news_above(need, posts):
    handling.settle(
        read(need), by=posts["county"], seen_version=read(need).version, outcome="met", satisfaction="satisfied"
    )
    assert told(posts["city"]) == []
    assert "need_unsatisfied" not in told(posts["township"])


@pytest.mark.parametrize("tier", ["village", "township", "county"])
def test_the_list_is_narrowed_to_them(client, file, left_unhappy, posts, tier):
    a_need(file, kind="living.food")
    sign_in(client, posts[tier])
    found = client.get("/needs/?state=unsatisfied").context["page"].rows
    assert [need.pk for need in found] == [left_unhappy.pk]
    answer = client.get("/api/v1/needs/?satisfaction=not").json()
    assert [row["id"] for row in answer["results"]] == [str(left_unhappy.pk)]


@pytest.mark.parametrize("tier", ["village", "township", "county", "city"])
def test_the_line_of_who_recorded_it_has_it_opened_again(left_unhappy, posts, tier):
    handling.reopen(left_unhappy, by=posts[tier], seen_version=left_unhappy.version, reason="家里说没解决")
    now = read(left_unhappy)
    assert (now.state, now.holder_id) == ("open", posts["county"].unit_id)
    if tier != "county":
        assert "need_reopened" in told(posts["county"])


def test_the_city_that_is_told_opens_it_and_reads_a_masked_name(client, left_unhappy, posts):
    sign_in(client, posts["city"])
    page = client.get(reverse("need-detail", args=[left_unhappy.pk]))
    assert page.status_code == 200 and "欧***" in page.text and "欧阳小满" not in page.text
    assert [need.pk for need in client.get("/needs/?state=unsatisfied").context["page"].rows] == [left_unhappy.pk]


def test_the_head_of_the_citys_list_counts_its_area_as_the_table_of_places_does(client, file, posts):
    a_need(file, by=posts["village"])
    a_need(file, by=posts["city"], kind="living.food")
    sign_in(client, posts["city"])
    counts = client.get("/needs/").context["counts"]
    assert (counts.area, counts.open, counts.is_part) == (2, 1, True)
    figures = client.get("/needs/?view=figures").context["figures"]
    assert sum(row.number for row in figures) == counts.area
    sign_in(client, posts["county"])
    assert not client.get("/needs/").context["counts"].is_part


def test_a_neighbour_does_not(left_unhappy, file):
    with pytest.raises(PermissionDenied):
        handling.reopen(left_unhappy, by=a_post(a_village()), seen_version=left_unhappy.version, reason="没解决")


def test_after_that_nobody_reads_an_outcome_that_is_no_more(client, left_unhappy, posts):
    handling.reopen(left_unhappy, by=posts["township"], seen_version=left_unhappy.version, reason="家里说没解决")
    assert "后来又重新办理" in inbox_of(client, posts["village"])


def test_the_director_finds_the_button(client, left_unhappy, posts):
    sign_in(client, posts["village"])
    page = client.get(reverse("need-detail", args=[left_unhappy.pk])).content.decode()
    assert reverse("need-move", args=[left_unhappy.pk, "reopen"]) in page


def test_the_goal_of_a_plan_says_that_its_need_was_settled_and_how(client, file, need, posts):
    plan = a_plan(file, by=posts["village"])
    plan.goals.update(need=need)
    sign_in(client, posts["township"])
    page = reverse("plan-detail", args=[plan.pk])
    assert "需求已办结" not in client.get(page).content.decode()
    said = {"outcome": "partly", "words": "只补了一个月", "satisfaction": "not"}
    handling.settle(read(need), by=posts["county"], seen_version=read(need).version, **said)
    assert "部分解决；家庭：不满意" in client.get(page).content.decode()
