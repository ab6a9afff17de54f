"""A visit that came back is mended and sent again over the API, as its ``actions`` say."""

import uuid

import pytest
from django.utils import timezone

from registry.changes.models import Change
from tests.builders import a_post, a_unit, a_visit, an_approved_file, answers, sign_in
from visits.visit.models import Visit
from visits.visit.services.log import log_visit, recall_visit
from visits.visit.services.sendings import SENDINGS
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
MOVED = {"address": {"base": "三组12号", "value": "五组3号"}}


@pytest.fixture
def visit(child, post, clerk):
    made = a_visit(child, by=post)
    VISIT.apply("return", made, by=clerk, seen_version=made.version, reason="请补充")
    return made


def send_again(client, visit, **given):
    said = answers() | {"visited_on": timezone.localdate().isoformat(), "version": visit.version} | given
    return client.post(f"/api/v1/visits/{visit.pk}/resubmit/", said, content_type="application/json")


def test_what_its_actions_name_is_there_and_sends_it_again(client, visit, post):
    sign_in(client, post)
    assert client.get(f"/api/v1/visits/{visit.pk}/").json()["actions"] == ["resubmit"]
    answer = send_again(client, visit, needs="棉衣")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["state"], told["needs"], told["actions"]) == ("submitted", "棉衣", ["recall"])
    assert Visit.objects.get().events.last().action == "resubmit"


def test_the_same_once_more_is_the_same_and_anything_else_is_told(client, visit, post):
    sign_in(client, post)
    assert send_again(client, visit, needs="棉衣").status_code == 200
    again = send_again(client, visit, needs="棉衣")
    assert again.status_code == 200 and again.json()["state"] == "submitted"
    assert send_again(client, visit, needs="书包").status_code == 409
    assert Visit.objects.get().needs == "棉衣" and Visit.objects.get().events.filter(action="resubmit").count() == 1


def test_the_same_once_more_is_the_same_however_often_it_was_corrected_before(client, visit, post):
    sign_in(client, post)
    for number in range(SENDINGS + 2):
        assert send_again(client, Visit.objects.get(), needs=f"棉衣{number}").status_code == 200
        again = send_again(client, Visit.objects.get(), needs=f"棉衣{number}")
        assert again.status_code == 200 and again.json()["needs"] == f"棉衣{number}", number
        recall_visit(Visit.objects.get(), by=post, seen_version=again.json()["version"])
    kept = Visit.objects.get().sendings
    assert len(kept) == SENDINGS and kept[0][:2] != kept[1][:2], "the first one stays"


def test_what_was_read_before_somebody_moved_it_is_not_written(client, visit, post):
    sign_in(client, post)
    assert send_again(client, visit, version=visit.version - 1, needs="棉衣").status_code == 409
    assert Visit.objects.get().needs == "" and Visit.objects.get().state == "returned"


def test_another_village_does_not_find_it_and_the_county_may_not(client, visit, post):
    for other, code in ((a_post(a_unit(post.unit.township)), 404), (a_post(post.unit.county), 403)):
        assert send_again(sign_in(client, other), visit).status_code == code
    assert Visit.objects.get().state == "returned"


def test_what_is_wrong_is_said_at_its_field(client, visit, post):
    sign_in(client, post)
    assert "version" in send_again(client, visit, version=None).json()
    answer = send_again(client, visit, hazards=None)
    assert answer.status_code in (400, 422) and "hazards" in answer.text
    assert Visit.objects.get().state == "returned"


@pytest.mark.parametrize(
    "given",
    [
        {"nope": {"base": "", "value": ""}},
        {"phone": {"base": "", "value": "1"}},
        {"guardian_name": {"base": "李桂英"}},
        {"address": {"value": "五组3号"}},
    ],
)
def test_what_is_wrong_with_a_change_is_said_under_the_name_that_was_sent(client, child, visit, post, given):
    sign_in(client, post)
    made = {"child": str(child.pk), "id": str(uuid.uuid4()), "needs": "棉衣"}
    new = answers() | {"visited_on": timezone.localdate().isoformat(), "changes": given} | made
    for answer in (
        send_again(client, visit, changes=given),
        client.post("/api/v1/visits/", new, content_type="application/json"),
    ):
        assert answer.status_code == 400 and list(answer.json()) == ["changes"]
        assert list(answer.json()["changes"]) == list(given)


def test_what_was_taken_back_is_sent_again_with_what_it_had_noticed(client, post):
    child = an_approved_file(post.unit, by=post, address="三组12号")
    visit = log_visit(child, by=post, answers=answers(), hazards_looked_at=True, changes=MOVED)
    recall_visit(visit, by=post, seen_version=visit.version)
    answer = send_again(sign_in(client, post), visit, changes=MOVED)
    assert answer.status_code == 200 and not answer.json()["taken_back"]
    waiting = Change.objects.open().get()
    assert str(waiting.pk) in answer.json()["noticed"] and waiting.fields.get().value == "五组3号"


def test_a_clerk_who_mended_it_does_not_decide_it(client, visit, clerk):
    answer = send_again(sign_in(client, clerk), visit, needs="棉衣")
    assert answer.status_code == 200 and answer.json()["actions"] == []
