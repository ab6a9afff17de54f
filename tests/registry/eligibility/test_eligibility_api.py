"""POST /api/v1/eligibility/: facts in, a verdict for each category out; nothing is stored."""

import pytest

from orgs.accounts.models import ApiToken
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.eligibility.api import EXAMPLE
from registry.family.models import FamilyMember
from tests.builders import a_post, a_village

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    headers = {"Authorization": f"Token {ApiToken.objects.issue(a_post(a_village()))}"}
    return lambda body: client.post("/api/v1/eligibility/", body, content_type="application/json", headers=headers)


def by_category(answer) -> dict:
    assert answer.status_code == 200, answer.content
    return {one["category"]: one for one in answer.json()}


def test_the_example_of_the_schema_is_answered(ask):
    found = by_category(ask(EXAMPLE.value))
    assert set(found) == {"orphan", "de_facto", "difficulty", "left_behind", "migrant"}
    told = found["de_facto"]
    assert told["verdict"] == "meets" and told["missing"] == [] and "62号" in told["source"]
    assert any("服刑在押" in reason and "第一条" in reason for reason in told["reasons"])
    assert found["orphan"]["verdict"] == "no"
    assert [part["version"] for part in found["left_behind"]["parts"]] == ["2016-13", "2024"]
    assert found["migrant"]["missing"][0]["fact"] == "across_county" and found["migrant"]["missing"][0]["label"]


def test_nothing_is_kept(ask):
    before = Audit.objects.count()
    ask(EXAMPLE.value)
    assert not ChildFile.objects.exists() and not FamilyMember.objects.exists()
    assert Audit.objects.count() == before


def test_with_nothing_known_everything_is_open(ask):
    assert {one["verdict"] for one in by_category(ask({})).values()} == {"unknown"}


def test_a_bare_code_serves_as_a_situation(ask):
    body = {"birth_date": "2017/3/15", "father": {"state": "alive", "situations": ["ill"]},
            "mother": {"state": "missing", "situations": []}}  # fmt: skip
    assert by_category(ask(body))["de_facto"]["verdict"] == "meets"


def test_the_reader_is_answered_as_of_an_earlier_day(ask):
    away = {"state": "alive", "away": True, "situations": [], "unable": False}
    body = {"birth_date": "2015-01-01", "registration": "rural", "father": away, "mother": away}
    assert by_category(ask(body))["left_behind"]["verdict"] == "unknown"
    assert by_category(ask(body | {"on": "2023-06-01"}))["left_behind"]["verdict"] == "meets"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"birth_date": "2090-01-01"}, "birth_date"),
        ({"birth_date": "2017-02-30"}, "birth_date"),
        ({"birth_date": {"a": 1}}, "birth_date"),
        ({"age": -1}, "age"),
        ({"age": "x"}, "age"),
        ({"registration": "countryside"}, "registration"),
        ({"registered_region": "41"}, "registered_region"),
        ({"father": "dead"}, "father"),
        ({"father": {"state": "gone"}}, "father"),
        ({"father": {"situations": "ill"}}, "father"),
        ({"father": {"situations": [7]}}, "father"),
        ({"father": {"situations": [{"since": "2020-01-01"}]}}, "father"),
        ({"father": {"situations": ["ill"] * 21}}, "father"),
        ({"mother": {"away_since": "2090-01-01"}}, "mother"),
        ({"mother": {"situations": [{"kind": "ill", "since": "2090-01-01"}]}}, "mother"),
        ({"guardian": []}, "guardian"),
        ({"on": "2090-01-01"}, "on"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(ask, body, field):
    answer = ask(body)
    assert answer.status_code == 400 and field in answer.json(), answer.content


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"'])
def test_a_body_that_is_none_is_refused(client, body):
    headers = {"Authorization": f"Token {ApiToken.objects.issue(a_post(a_village()))}"}
    answer = client.generic("POST", "/api/v1/eligibility/", body, content_type="application/json", headers=headers)
    assert answer.status_code in (200, 400)


def test_who_sees_no_child_asks_in_vain(client):
    headers = {"Authorization": f"Token {ApiToken.objects.issue(a_post(a_village().city, 'auditor'))}"}
    answer = client.post("/api/v1/eligibility/", {}, content_type="application/json", headers=headers)
    assert answer.status_code == 403


def test_the_schema_lists_the_codes(client):
    headers = {"Authorization": f"Token {ApiToken.objects.issue(a_post(a_village()))}"}
    text = client.get("/api/schema/", headers=headers).text
    for code in ("/api/v1/eligibility/", "custody_revoked", "drug_isolation", "missing", "FactsOfParent"):
        assert code in text
