"""Needs over the API: listed, made, moved by each of its actions; bad input is told at its field."""

import datetime
import uuid

import pytest
from django.utils import timezone

from registry.needs.models import Need
from tests.builders import a_need, a_post, a_village, sign_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def send(client, need, action, **given):
    version = Need.objects.get(pk=need.pk).version
    body = given if action == "steps" else {"version": version} | given
    return client.post(f"/api/v1/needs/{need.pk}/{action}/", body, content_type="application/json")


def test_a_need_is_made_once(client, file, posts):
    sign_in(client, posts["village"])
    body = {"id": str(uuid.uuid4()), "child": str(file.pk), "kind": "education.back_to_school", "urgency": "soon",
            "words": "两周没有到校", "source": "guardian"}  # fmt: skip
    for _ in range(2):
        answer = client.post("/api/v1/needs/", body, content_type="application/json")
        assert answer.status_code == 201
    made = answer.json()
    assert (made["holder_level"], made["system"], made["state"]) == (4, "education", "open")
    assert made["words"] == "两周没有到校"
    assert [link["action"] for link in made["chain"]] == ["record"]
    assert Need.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [({"kind": "nothing"}, "kind"), ({"words": ""}, "words"), ({"words": "长" * 501}, "words"),
     ({"urgency": "now"}, "urgency"), ({"source": "visit", "source_id": str(uuid.UUID(int=1))}, "source"),
     ({"found_on": "2999-01-01"}, "found_on"), ({"due_on": "1999-01-01"}, "due_on"), ({"found_on": "x"}, "found_on"),
     ({"holder": "x"}, "holder")],
)  # fmt: skip
def test_bad_input_is_told_at_its_field(client, file, posts, given, field):
    sign_in(client, posts["village"])
    body = {"child": str(file.pk), "kind": "mind.mood", "words": "睡不好"} | given
    answer = client.post("/api/v1/needs/", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert field in str(answer.json())
    assert not Need.objects.exists()


def test_of_another_village_nothing_is_made_or_read(client, file):
    need = a_need(file)
    sign_in(client, a_post(a_village()))
    body = {"child": str(file.pk), "kind": "mind.mood", "words": "睡不好"}
    assert client.post("/api/v1/needs/", body, content_type="application/json").status_code == 404
    assert client.get(f"/api/v1/needs/{need.pk}/").status_code == 404
    assert send(client, need, "take").status_code == 404


def test_a_need_goes_through_four_tiers_and_back(client, file, posts):
    """Found in the village, passed up to the city, handed down with advice, settled by the county, read below."""
    need = a_need(file, by=posts["village"])
    for tier in ("village", "township", "county"):
        sign_in(client, posts[tier])
        assert send(client, need, "pass-up", reason="本级没有办法").status_code == 200
    sign_in(client, posts["city"])
    shown = client.get(f"/api/v1/needs/{need.pk}/").json()
    assert shown["child_name"] == "欧***"
    assert "pass_down" in shown["actions"]
    down = {"unit": str(file.county.uid), "due_on": str(timezone.localdate() + 9 * DAY), "reason": "请约市八院"}
    assert send(client, need, "pass-down", **down).status_code == 200
    sign_in(client, posts["county"])
    assert send(client, need, "take").status_code == 200
    step = {"service": "counselling", "text": "第 1 次辅导"}
    assert send(client, need, "steps", **step).status_code == 200
    done = {"outcome": "partly", "words": "还要再去两次", "satisfaction": "satisfied"}
    assert send(client, need, "settle", **done).json()["state"] == "settled"
    sign_in(client, posts["village"])
    read = client.get(f"/api/v1/needs/{need.pk}/").json()
    assert [link["holder_name"] for link in read["chain"]][-1] == file.county.short_name
    assert read["outcome_words"] == "还要再去两次"
    assert [step["service"] for step in read["steps"]] == ["counselling", "settlement"]


def test_the_other_moves(client, file, posts):
    need = a_need(file, by=posts["village"])
    colleague = a_post(file.village)
    sign_in(client, posts["village"])
    assert send(client, need, "assign", owner=str(colleague.uid)).json()["owner"] == str(colleague.uid)
    assert send(client, need, "assign", owner=str(uuid.uuid4())).status_code in (400, 422)
    later = str(timezone.localdate() + 14 * DAY)
    assert send(client, need, "move-due", due_on=later, reason="等医院").json()["due_on"] == later
    sign_in(client, posts["township"])
    assert send(client, need, "pull-up").json()["holder_level"] == 3
    assert send(client, need, "settle", outcome="met", satisfaction="satisfied").status_code == 200
    assert send(client, need, "undo-settle").json()["state"] == "open"
    assert send(client, need, "void", reason="记错了").json()["state"] == "void"
    assert send(client, need, "reopen", reason="没有记错").json()["state"] == "open"


def test_a_version_that_was_overtaken_is_told(client, file, posts):
    need = a_need(file, by=posts["village"])
    sign_in(client, posts["village"])
    body = {"version": 1, "reason": "没有办法"}
    assert client.post(f"/api/v1/needs/{need.pk}/pass-up/", body, content_type="application/json").status_code == 200
    sign_in(client, posts["township"])
    answer = client.post(f"/api/v1/needs/{need.pk}/pass-up/", body, content_type="application/json")
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("query", "number"),
    [("", 2), ("state=open", 2), ("state=void", 0), ("holder_level=4", 1), ("system=living", 1), ("kind=mind.mood", 1),
     ("urgency=urgent", 0), ("late=true", 1), ("late=false", 1)],
)  # fmt: skip
def test_filters(client, file, posts, query, number):
    a_need(file, by=posts["village"], days=-2)
    a_need(file, by=posts["township"], kind="living.food")
    sign_in(client, posts["county"])
    assert len(client.get(f"/api/v1/needs/?{query}").json()["results"]) == number


@pytest.mark.parametrize("query", ["state=x", "holder_level=9", "nothing=1", "late=perhaps", "child=x"])
def test_a_filter_that_is_not_understood_is_told(client, posts, query):
    sign_in(client, posts["county"])
    assert client.get(f"/api/v1/needs/?{query}").status_code in (400, 422)
