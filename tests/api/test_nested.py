"""JSON that is nested without end is refused in words, wherever it is sent."""

import base64

import pytest

from registry.changes.models import Change
from tests.builders import a_change, a_post, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
DEEP = "[" * 100_000


@pytest.mark.parametrize("deep", [DEEP, '{"a":' * 500 + "1" + "}" * 500, "[" * 60 + "]" * 60])
@pytest.mark.parametrize("where", ["/api/v1/visits/", "/api/v1/alerts/", "/api/v1/changes/", "/api/v1/auth/token/"])
def test_an_action_answers_400_or_asks_to_sign_in(client, deep, where):
    client.raise_request_exception = False
    assert client.post(where, deep, content_type="application/json").status_code in (400, 401, 403, 404)
    sign_in(client, a_post(a_village()))
    answer = client.post(where, deep, content_type="application/json")
    assert answer.status_code in (400, 404, 405)
    if answer.status_code == 400:
        assert "嵌套太深" in answer.text or "JSON" in answer.text


def test_a_draft_and_a_pages_cursor(client):
    client.raise_request_exception = False
    clerk = a_post(a_village().township)
    sign_in(client, clerk)
    own = {"x-page-post": str(clerk.uid)}
    assert client.post("/drafts/", DEEP, content_type="application/json", headers=own).status_code == 422
    cursor = base64.urlsafe_b64encode(b"[" * 3000).decode()
    assert client.get("/children/", {"page": cursor}).status_code == 200


def test_half_a_pair_of_surrogates_in_a_draft_loses_no_draft(client):
    client.raise_request_exception = False
    post = a_post(a_village())
    sign_in(client, post)
    own = {"x-page-post": str(post.uid)}
    body = (
        r'{"key": "visit\ud83d", "page": "a", "count": 1, "values": {"name\ude00": ["奶奶\ud83d说", "好\ud83d\ude00"]}}'
    )
    assert client.post("/drafts/", body, content_type="application/json", headers=own).status_code == 200
    kept = client.get("/drafts/", {"key": "visit\N{REPLACEMENT CHARACTER}"}, headers=own).json()
    assert kept["drafts"][0]["values"] == {"name\N{REPLACEMENT CHARACTER}": ["奶奶\N{REPLACEMENT CHARACTER}说", "好😀"]}


@pytest.mark.parametrize("value", [r'"\ud83d"', r'"\u0000"', "null", "[]", "{}", "true", "1e999", "9" * 40, '""'])
def test_what_no_database_takes_in_a_pages_cursor_is_the_first_page(client, value):
    client.raise_request_exception = False
    sign_in(client, a_post(a_village().township))
    cursor = base64.urlsafe_b64encode(f'["o", {value}, {value}]'.encode()).decode()
    for sort in ("", "name", "youngest"):
        assert client.get("/children/", {"page": cursor, "sort": sort}).status_code == 200, sort
    for where in ("/visits/", "/alerts/", "/publicity/"):
        assert client.get(where, {"page": cursor}).status_code == 200, where


def test_half_a_pair_in_a_change_by_api_is_no_fault(client):
    client.raise_request_exception = False
    file = an_approved_file(a_village())
    sign_in(client, a_post(file.village))
    pair = r'{"base": "", "value": "五组\ud83d"}'
    for name in ("address", r"addr\ud83dess"):
        body = f'{{"child": "{file.pk}", "fields": {{"{name}": {pair}}}, "note": "a"}}'
        answer = client.post("/api/v1/changes/", body, content_type="application/json")
        assert answer.status_code in (201, 400, 422), answer.text


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('{"version": 1, "version": 2}', "version"),
        ('{"version": 1, "fields": ["school"], "fields": ["address"]}', "fields"),
        ('{"version": 1, "settle": {"address": "三组", "address": "五组"}}', "address"),
        ('{"zz": [{"a": {"b": 1, "b": 1}}]}', "b"),
        (r'{"version": 1, "vers\u0069on": 1}', "version"),
    ],
)
def test_of_a_name_that_stands_twice_in_json_none_is_taken(client, clerk, village, body, named):
    change = a_change(an_approved_file(village), address="五组", school="二小")
    sign_in(client, clerk)
    for move in ("approve", "return"):
        answer = client.post(f"/api/v1/changes/{change.pk}/{move}/", body, content_type="application/json")
        assert answer.status_code == 400 and f"写了两次“{named}”" in answer.json()["detail"]
    assert Change.objects.get().version == change.version


def test_a_name_may_stand_in_several_parts_of_json(client, village):
    file = an_approved_file(village)
    sign_in(client, a_post(village))
    pair = '{"base": "", "value": "1"}'
    body = f'{{"child": "{file.pk}", "fields": {{"grade": {pair}, "phone": {pair}}}}}'
    answer = client.post("/api/v1/changes/", body, content_type="application/json")
    assert answer.status_code == 400 and "写了两次" not in answer.text  # it is the number that is none
