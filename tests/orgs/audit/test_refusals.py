"""Who tried the door and did not get in: a wrong password, a page or an action of the API that is not for the post."""

import json
import uuid

import pytest

from orgs.accounts.models import ApiToken, Person
from orgs.audit.models import Audit
from tests.builders import PASSWORD, a_post, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db


def told(action: str) -> list[dict]:
    return [
        {"record": record, "person": person, **json.loads(data)}
        for record, person, data in Audit.objects.filter(action=action)
        .order_by("id")
        .values_list("record", "person", "data")
    ]


@pytest.mark.parametrize("way", ["page", "token"])
def test_wrong_passwords_are_counted_by_account_and_never_written_down(client, way, director):
    path = "/accounts/login/" if way == "page" else "/api/v1/auth/token/"
    for typed in (director.person.username, director.person.username.upper()):
        client.post(path, {"username": typed, "password": "not-this-one"})
    account = f"orgs.person:{director.person.uid}"
    assert [(each["record"], each["number"]) for each in told("sign_in_failed")] == [(account, 1), (account, 2)]
    client.post(path, {"username": director.person.username, "password": PASSWORD})
    assert len(told("sign_in_failed")) == 2
    assert "not-this-one" not in "".join(Audit.objects.values_list("data", flat=True))


@pytest.mark.parametrize("first", ["village", "county"])
def test_a_wrong_password_of_somebody_with_several_posts_lies_where_the_highest_is(client, village, first):
    units = [village, village.township, village.county]
    person = None
    for unit in units if first == "village" else reversed(units):
        person = a_post(unit, person=person).person
    client.post("/accounts/login/", {"username": person.username, "password": "not-this-one"})
    assert Audit.objects.get(action="sign_in_failed").unit == village.county


def test_a_login_name_that_nobody_has_is_kept_as_a_digest(client):
    for typed in ("my-password-in-the-wrong-field", "my-password-in-the-wrong-field", "another"):
        client.post("/accounts/login/", {"username": typed, "password": "x"})
    rows = told("sign_in_failed")
    assert [each["number"] for each in rows] == [1, 2, 1] and rows[0]["record"] == rows[1]["record"] != rows[2][
        "record"
    ]
    assert "my-password" not in str(rows) and rows[0]["record"].startswith("login:")


def test_a_refusal_is_in_the_trail_of_page_and_api_once(client, clerk, director):
    sign_in(client, director)
    assert client.get("/audit/").status_code == 403
    assert client.get("/api/v1/reviews/").status_code == 403
    client.logout()
    token = {"Authorization": f"Token {ApiToken.objects.issue(director)}"}
    assert client.get("/api/v1/reviews/", headers=token).status_code == 403
    rows = told("refused")
    assert [each["path"] for each in rows] == ["/audit/", "/api/v1/reviews/", "/api/v1/reviews/"]
    assert {each["person"] for each in rows} == {director.person_id} and rows[0]["number"]
    assert client.get("/api/v1/reviews/").status_code == 401 and len(told("refused")) == 3


def test_who_has_a_password_of_others_and_is_refused_for_it_is_named(client, director):
    Person.objects.filter(pk=director.person_id).update(must_change_password=True)
    sign_in(client, director)
    assert client.get("/api/v1/children/").status_code == 403
    assert [each["person"] for each in told("refused")] == [director.person_id]


def test_what_is_missing_of_a_file_that_one_may_open_is_no_refusal(client, director):
    """Only where the child is out of the reader's sight: else the trail would say what nobody did."""
    own, other = an_approved_file(director.unit), an_approved_file(a_village())
    sign_in(client, director)
    for file in (own, other):
        assert client.get(f"/children/{file.pk}/papers/{uuid.uuid4()}/").status_code == 404
        assert client.get(f"/api/v1/children/{file.pk}/papers/{uuid.uuid4()}/").status_code == 404
    assert {each["record"] for each in told("refused")} == {f"registry.childfile:{other.pk}"}
