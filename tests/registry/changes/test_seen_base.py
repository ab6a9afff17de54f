"""A change sent again overwrites nothing that its sender did not see; a program says numbers as it sees them."""

import datetime
import json
import uuid

import pytest

from registry.changes.conflicts import ChangeConflict
from registry.changes.models import Change
from registry.changes.services import amend_change, approve_change, return_change
from registry.child.models import ChildFile
from tests.builders import a_change, a_post, a_village, an_approved_file, answers, sign_in

pytestmark = pytest.mark.django_db
NUMBER, MASKED = "13800004321", "138****4321"


@pytest.fixture
def file():
    return an_approved_file(a_village(), address="三组12号")


@pytest.fixture
def clerk(file):
    return a_post(file.township)


@pytest.fixture
def post(file):
    return a_post(file.village)


@pytest.fixture
def returned(file, clerk, post):
    """A change of the address that came back."""
    change = a_change(file, by=post, address="五组3号")
    return_change(change, by=clerk, seen_version=change.version, reason="缺门牌号")
    return change


def approve_meanwhile(file, clerk):
    """Another change of the same field: the file says 八组 now."""
    other = a_change(file, address="八组")
    approve_change(other, by=clerk, seen_version=other.version)


def send(client, post, url, data):
    sign_in(client, post)
    return client.post(f"/api/v1/changes/{url}", json.dumps(data), content_type="application/json")


@pytest.mark.both
def test_what_was_approved_since_is_shown_to_the_station_as_a_conflict(file, clerk, post, returned):
    approve_meanwhile(file, clerk)
    amend_change(returned, by=post, seen_version=returned.version, values={})
    assert returned.fields.get().base == "三组12号"
    with pytest.raises(ChangeConflict):
        approve_change(returned, by=clerk, seen_version=returned.version)
    assert ChildFile.objects.get().address == "八组"


def test_so_it_is_over_the_api_unless_the_program_says_that_it_saw_it(client, file, clerk, post, returned):
    approve_meanwhile(file, clerk)
    again = {"version": returned.version, "fields": {"address": "五组8号"}}
    (line,) = send(client, post, f"{returned.pk}/amend/", again).json()["lines"]
    assert (line["base"], line["now"], line["conflict"]) == ("三组12号", "八组", True)
    change = Change.objects.get(pk=returned.pk)
    return_change(change, by=clerk, seen_version=change.version, reason="再看")
    seen = again | {"version": change.version, "base": {"address": "八组"}}
    (line,) = send(client, post, f"{returned.pk}/amend/", seen).json()["lines"]
    assert (line["base"], line["conflict"]) == ("八组", False)


def test_a_page_that_was_opened_before_does_not_overwrite_it_either(client, file, clerk, post, returned):
    form = sign_in(client, post).get(f"/changes/{returned.pk}/").context["form"]
    approve_meanwhile(file, clerk)
    given = {"version": returned.version, "address": "五组8号", "base": form["base"].value()}
    client.post(f"/changes/{returned.pk}/amend/", given)
    change = Change.objects.get(pk=returned.pk)
    assert change.state == "submitted" and change.fields.get().base == "三组12号"
    with pytest.raises(ChangeConflict):
        approve_change(change, by=clerk, seen_version=change.version)


def test_a_page_that_shows_it_does(client, file, clerk, post, returned):
    approve_meanwhile(file, clerk)
    form = sign_in(client, post).get(f"/changes/{returned.pk}/").context["form"]
    given = {"version": returned.version, "address": "五组8号", "base": form["base"].value()}
    client.post(f"/changes/{returned.pk}/amend/", given)
    assert Change.objects.get(pk=returned.pk).fields.get().base == "八组"


def test_what_is_sent_again_as_it_was_says_so_on_the_page_and_stays_a_conflict(client, file, clerk, post, returned):
    approve_meanwhile(file, clerk)
    page = sign_in(client, post).get(f"/changes/{returned.pk}/")
    assert "提出时是“三组12号”，之后被改过" in page.text
    form = page.context["form"]
    given = {"version": returned.version, "address": form["address"].value(), "base": form["base"].value()}
    client.post(f"/changes/{returned.pk}/amend/", given)
    change = Change.objects.get(pk=returned.pk)
    with pytest.raises(ChangeConflict):
        approve_change(change, by=clerk, seen_version=change.version)


def test_a_page_tampered_with_is_refused(client, post, returned):
    sign_in(client, post)
    given = {"version": returned.version, "address": "五组8号", "base": "AAAA"}
    page = client.post(f"/changes/{returned.pk}/amend/", given)
    assert page.status_code == 422 and "这一页已失效" in page.text and "五组8号" in page.text


def test_a_number_is_based_on_what_the_program_was_shown(client, file, post):
    new = {"guardian_phone": {"base": MASKED, "value": "13911112222"}}
    made = send(client, post, "", {"child": str(file.pk), "fields": new})
    assert made.status_code == 201 and not made.json()["lines"][0]["conflict"]
    assert Change.objects.get().fields.get().base == NUMBER


def test_a_number_that_was_changed_since_it_was_shown_is_read_again_first(client, file, post, clerk):
    other = a_change(file, guardian_phone="13700001111")
    approve_change(other, by=clerk, seen_version=other.version)
    new = {"guardian_phone": {"base": MASKED, "value": "13911112222"}}
    answer = send(client, post, "", {"child": str(file.pk), "fields": new})
    assert answer.status_code == 409 and "请重新读取档案再提" in answer.json()["detail"]
    assert not Change.objects.exclude(pk=other.pk).exists()


def test_a_conflict_over_a_number_is_settled_by_what_was_shown(client, file, post, clerk):
    change, other = a_change(file, guardian_phone="13911112222"), a_change(file, guardian_phone="13700001111")
    approve_change(other, by=clerk, seen_version=other.version)
    given = {"version": change.version, "settle": {"guardian_phone": "137****1111"}}
    assert send(client, clerk, f"{change.pk}/approve/", given).status_code == 200
    assert ChildFile.objects.get().guardians.get(until=None).phone == "13911112222"


def test_sent_again_after_it_was_approved_it_is_the_first(client, file, post, clerk):
    new = {"guardian_phone": {"base": MASKED, "value": "13911112222"}}
    body = {"id": str(uuid.uuid4()), "child": str(file.pk), "fields": new}
    assert send(client, post, "", body).status_code == 201
    change = Change.objects.get()
    approve_change(change, by=clerk, seen_version=change.version)
    again = send(client, post, "", body)
    assert again.status_code == 201 and again.json()["id"] == body["id"] and Change.objects.count() == 1


@pytest.mark.parametrize("base", [{"name": "李小明"}, {"address": "三组12号", "school": "一小"}])
def test_of_what_was_not_returned_nothing_was_seen(client, post, returned, base):
    given = {"version": returned.version, "fields": {"address": "五组8号"}, "base": base}
    assert send(client, post, f"{returned.pk}/amend/", given).status_code == 409
    assert Change.objects.get(pk=returned.pk).state == "returned"


def test_a_fault_of_what_was_seen_stands_there(client, post, returned):
    given = {"version": returned.version, "fields": {}, "base": {"nope": "x"}}
    answer = send(client, post, f"{returned.pk}/amend/", given)
    assert answer.status_code == 400 and "nope" in answer.json()["base"]


def test_a_visit_says_a_number_as_it_was_shown(client, file, post):
    said = {name: str(value) if isinstance(value, datetime.date) else value for name, value in answers().items()}
    new = {"guardian_phone": {"base": MASKED, "value": "13911112222"}}
    sign_in(client, post)
    body = json.dumps({"child": str(file.pk), **said, "changes": new})
    made = client.post("/api/v1/visits/", body, content_type="application/json")
    assert made.status_code == 201, made.json()
    assert Change.objects.get().fields.get().base == NUMBER
