"""Assessments over the API: as the pages."""

import uuid

import pytest
from django.utils import timezone

from registry.assessments.models import Assessment
from tests.builders import HIGH, a_post, a_small_instrument, a_village, an_approved_file, an_assessment, sign_in

pytestmark = pytest.mark.django_db
WHERE = "/api/v1/assessments/"


@pytest.fixture
def file():
    file = an_approved_file(a_village(), name="张子涵")
    a_small_instrument(file.city)
    return file


def sent(file, **given):
    answers = {"duty": "good", "conflict": "no", "hazards": [], "mood": "good"} | given.pop("answers", {})
    return {
        "id": str(uuid.uuid4()), "child": str(file.pk), "occasion": "regular",
        "assessed_on": timezone.localdate().isoformat(), "screen": {"harm": "no", "alone": "no"}, "answers": answers,
    } | given  # fmt: skip


def post(client, where, body):
    return client.post(where, body, content_type="application/json")


def test_an_assessment_is_made_once_and_says_why(client, file):
    sign_in(client, a_post(file.village))
    body = sent(file, answers=HIGH, child_view="想妈妈")
    first, again = post(client, WHERE, body), post(client, WHERE, body)
    assert (first.status_code, again.status_code) == (201, 201) and Assessment.objects.count() == 1
    made = first.json()
    assert (made["level"], made["score"], made["state"]) == ("high", 50, "submitted")
    assert made["reasons"] and made["next_on"] and "recall" in made["actions"]
    assert post(client, WHERE, body | {"child_view": "别的"}).status_code == 409
    listed = client.get(WHERE, {"child": str(file.pk)}).json()["results"]
    assert [row["id"] for row in listed] == [made["id"]] and "answers" not in listed[0]
    assert client.get(f"{WHERE}{made['id']}/").json()["child_view"] == "想妈妈"


@pytest.mark.parametrize(
    "given",
    [
        {"answers": {"mood": "x"}},
        {"answers": {"mood": 7}},
        {"answers": {"mood": {"a": 1}}},
        {"answers": {"hazards": [1]}},
        {"answers": {str(n): "x" for n in range(400)}},
        {"screen": {"harm": "perhaps"}},
        {"screen": []},
        {"assessed_on": "yesterday"},
        {"occasion": "x"},
        {"level": "x"},
        {"instrument": "x"},
        {"worse_because": {"mood": "长" * 300}},
        {"child_view": "长" * 301},
        {"unheard_of": 1},
    ],
)
def test_bad_input_is_explained(client, file, given):
    sign_in(client, a_post(file.village))
    body = sent(file) | given if "answers" not in given else sent(file, **given)
    answer = post(client, WHERE, body)
    assert answer.status_code == 400 and answer.json() and not Assessment.objects.exists()


def test_it_is_confirmed_and_signed_at_the_reviews(client, file):
    assessment = an_assessment(file, answers=HIGH)
    reviews = "/api/v1/reviews/"
    sign_in(client, a_post(file.township))
    where = f"{reviews}assessment/{assessment.pk}/"
    assert client.get(where).json()["record"]["level"] == "high"
    done = post(client, where + "decide/", {"version": 1, "action": "confirm"})
    assert (done.status_code, done.json()["state"]) == (200, "checked")
    sign_in(client, a_post(file.county))
    where = f"{reviews}assessment_sign/{assessment.pk}/"
    assert client.get(where).json()["actions"] == ["sign", "send_back"]
    done = post(client, where + "decide/", {"version": 2, "action": "sign"})
    assert (done.status_code, done.json()["state"]) == (200, "approved")


def test_it_is_taken_back_corrected_and_the_family_told(client, file):
    director = a_post(file.village)
    assessment = an_assessment(file, by=director)
    sign_in(client, director)
    where = f"{WHERE}{assessment.pk}/"
    assert post(client, where + "recall/", {"version": 1}).json()["state"] == "returned"
    body = {name: value for name, value in sent(file, answers=HIGH).items() if name not in ("id", "child")}
    assert post(client, where + "correct/", body | {"version": 1}).status_code == 409
    corrected = post(client, where + "correct/", body | {"version": 2})
    assert (corrected.status_code, corrected.json()["level"]) == (200, "high")
    told = post(client, where + "notify/", {"version": 3, "notified_on": timezone.localdate().isoformat()})
    assert told.json()["notified_on"]
    assert post(client, where + "withdraw/", {"version": 4}).json()["state"] == "withdrawn"


def test_the_level_of_an_assessed_child_is_not_altered_by_the_api(client, file):
    assessment = an_assessment(file)
    clerk = a_post(file.township)
    sign_in(client, clerk)
    post(client, f"/api/v1/reviews/assessment/{assessment.pk}/decide/", {"version": 1, "action": "confirm"})
    change = {"child": str(file.pk), "fields": {"risk": {"base": "watch", "value": "high"}}}
    answer = post(client, "/api/v1/changes/", change)
    assert answer.status_code == 400 and "由评估得出" in answer.text


def test_neighbours_see_nothing(client, file):
    assessment = an_assessment(file)
    for unit in (a_village(), file.city):
        sign_in(client, a_post(unit))
        assert client.get(f"{WHERE}{assessment.pk}/").status_code in (403, 404)
