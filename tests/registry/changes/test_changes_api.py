"""Changes over the API: the same rules as the page, and nothing half-saved."""

import json

import pytest

from registry.changes.models import Change
from registry.child.models import ChildFile
from tests.builders import a_change, a_file, a_post, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    return an_approved_file(a_village(), address="三组12号")


def send(client, post, url, data, method="post"):
    sign_in(client, post)
    return getattr(client, method)(f"/api/v1/{url}", json.dumps(data), content_type="application/json")


def proposal(file, **values):
    return {"child": str(file.pk), "fields": {name: {"base": "", "value": value} for name, value in values.items()}}


def test_a_change_says_what_it_was_based_on(client, file):
    post = a_post(file.village)
    unbased = {"child": str(file.pk), "fields": {"address": {"value": "五组"}}}
    answer = send(client, post, "changes/", unbased)
    assert answer.status_code == 400 and set(answer.json()["fields"]["address"]) == {"base"}
    blank = {"child": str(file.pk), "fields": {"grade": {"base": None, "value": "三年级"}}}
    made = send(client, post, "changes/", blank)
    assert made.status_code == 201 and not made.json()["lines"][0]["conflict"]
    schema = client.get("/api/schema/?format=json").json()["components"]["schemas"]
    assert set(schema["Given"]["required"]) == {"base", "value"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"fields": ["grade"], "settle": {"address": "三组12号"}}, "现住址"),
        ({"settle": {"school": "一小"}}, "学校"),
        ({"fields": ["grade"], "settle": {"address": "三组12号", "school": "一小"}}, "学校"),
    ],
)
def test_a_conflict_is_settled_of_what_is_approved_alone(client, file, body, named):
    change = a_change(file, address="五组", grade="三年级")
    clerk = a_post(file.township)
    answer = send(client, clerk, f"changes/{change.pk}/approve/", {"version": 1} | body)
    assert answer.status_code == 400 and named in "".join(answer.json()["settle"])
    assert Change.objects.get().version == 1 and ChildFile.objects.get().grade == ""
    assert send(client, clerk, f"changes/{change.pk}/approve/", {"version": 1, "fields": ["grade"]}).status_code == 200


def test_nothing_is_settled_by_sending_back(client, file):
    change, clerk = a_change(file, address="五组"), a_post(file.township)
    given = {"version": 1, "action": "return", "reason": "看不清", "settle": {"address": "三组12号"}}
    answer = send(client, clerk, f"reviews/change/{change.pk}/decide/", given)
    assert answer.status_code == 400 and set(answer.json()) == {"settle"}
    assert Change.objects.get().state == "submitted"


@pytest.mark.parametrize("more", [{"fields": ["address"]}, {"settle": {"address": "五组"}}, {"reason": "看错了"}])
def test_a_decision_is_taken_back_whole_on_the_desk_too(client, file, more):
    change, clerk = a_change(file, address="五组", grade="三年级"), a_post(file.township)
    where, whole = f"reviews/change/{change.pk}/decide/", {"version": 2, "action": "undo"}
    assert send(client, clerk, where, {"version": 1, "action": "approve"}).status_code == 200
    answer = send(client, clerk, where, whole | more)
    assert answer.status_code == 400 and set(answer.json()) == set(more)
    assert ChildFile.objects.get().grade == "三年级"
    assert send(client, clerk, where, whole).status_code == 200 and ChildFile.objects.get().grade == ""


@pytest.mark.both
def test_proposed_approved_and_written(client, file):
    made = send(
        client, a_post(file.village), "changes/", proposal(file, address="五组", grade="三年级") | {"note": "搬家"}
    )
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["state"] == "submitted" and body["lines"][0]["conflict"]  # its base was blank, the file says 三组
    clerk, url = a_post(file.township), f"changes/{body['id']}/"
    half = send(client, clerk, url + "approve/", {"version": body["version"], "fields": ["grade"]})
    assert half.status_code == 200 and ChildFile.objects.get().grade == "三年级"
    refused = send(client, clerk, url + "approve/", {"version": half.json()["version"]})
    assert refused.status_code == 409 and "现住址" in refused.json()["detail"]
    done = send(client, clerk, url + "approve/", {"version": half.json()["version"], "settle": {"address": "三组12号"}})
    assert done.json()["state"] == "decided" and ChildFile.objects.get().address == "五组"


def test_returned_amended_withdrawn_undone(client, file):
    post, clerk = a_post(file.village), a_post(file.township)
    change = a_change(file, by=post, address="五组")
    url = f"changes/{change.pk}/"
    assert send(client, clerk, url + "return/", {"version": 1}).status_code == 422  # no reason
    sent_back = send(client, clerk, url + "return/", {"version": 1, "reason": "缺门牌"}).json()
    assert sent_back["state"] == "returned"
    undone = send(client, clerk, url + "undo/", {"version": sent_back["version"]}).json()
    assert undone["state"] == "submitted"
    again = send(client, clerk, url + "return/", {"version": undone["version"], "reason": "缺门牌"}).json()
    amended = send(client, post, url + "amend/", {"version": again["version"], "fields": {"address": "五组8号"}}).json()
    assert (amended["lines"][0]["returned"], amended["lines"][0]["value"]) == ("五组", "五组8号")
    assert send(client, post, url + "withdraw/", {"version": amended["version"]}).json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("address", 5), ("address", "长" * 121), ("nobody", "x"), ("birth_date", "2016-02-30"), ("sex", "x"),
        ("sex", ""),
        ("id_number", "41018220160301"), ("guardian_phone", "138"), ("incomes", ["gold"]), ("incomes", "wages"),
        ("boarding", "maybe"), ("category_left_behind", "2024"), ("category_left_behind", None), ("name", ""),
        ("category_orphan", {"since": "2999-01-01"}), ("father_away_since", "2999-01-01"), ("name", "张\\u0000三<"),
        ("category_orphan", {"since": "2024-01-01", "until": "2023-01-01", "exit_reason": "age"}),
    ],
)  # fmt: skip
def test_nonsense_is_refused_at_its_field_and_nothing_is_saved(client, file, name, value):
    answer = send(client, a_post(file.village), "changes/", proposal(file, **{name: value}))
    assert answer.status_code == 400, answer.text
    assert name in json.dumps(answer.json())
    assert not Change.objects.exists()


@pytest.mark.parametrize("body", [{}, {"child": "x", "fields": {}}, {"fields": []}, [], "x"])
def test_another_shape_is_refused(client, file, body):
    assert send(client, a_post(file.village), "changes/", body).status_code == 400


def test_a_change_of_the_next_village_is_not_there(client, file):
    stranger = a_post(a_village(file.township))
    assert send(client, stranger, "changes/", proposal(file, address="五组")).status_code == 404
    change = a_change(file, address="五组")
    sign_in(client, stranger)
    assert client.get(f"/api/v1/changes/{change.pk}/").status_code == 404


def test_numbers_stay_masked(client, file):
    change = a_change(file, guardian_phone="13811112222")
    sign_in(client, a_post(file.township))
    text = client.get(f"/api/v1/changes/{change.pk}/").text
    assert "138****2222" in text and "13811112222" not in text


def test_patch_touches_only_what_was_sent(client):
    village = a_village()
    post = a_post(village)
    draft = a_file(village, by=post, address="三组", grade="二年级")
    before = ChildFile.objects.get()
    answer = send(client, post, f"children/{draft.pk}/", {"version": 1, "fields": {"grade": "三年级"}}, "patch")
    assert answer.status_code == 200, answer.text
    after = ChildFile.objects.get()
    assert (after.grade, after.address, after.id_number, after.version) == ("三年级", "三组", before.id_number, 2)
    assert after.guardians.get().name == "李桂英"
    stale = send(client, post, f"children/{draft.pk}/", {"version": 1, "fields": {"grade": "四年级"}}, "patch")
    assert stale.status_code == 409


def test_patch_of_an_approved_file_says_to_propose_a_change(client, file):
    answer = send(client, a_post(file.village), f"children/{file.pk}/",
                  {"version": file.version, "fields": {"grade": "三年级"}}, "patch")  # fmt: skip
    assert answer.status_code == 422 and "变更" in answer.json()["detail"]
