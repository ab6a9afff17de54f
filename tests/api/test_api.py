"""The API does the main job with the same services, rules and permissions as the pages."""

import datetime
import uuid
from contextlib import redirect_stderr
from io import StringIO

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import _load_enum_name_overrides

from orgs.access.api.schema import description
from orgs.accounts.models import ApiToken
from registry.child.models import ChildFile
from reports.rollup.services import roll_up
from tests.builders import (
    PASSWORD,
    a_post,
    a_stay,
    a_submitted_file,
    a_village,
    a_visit,
    an_approved_file,
    an_id_number,
    answers,
    sign_in,
)
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db


class Caller:
    """Asks the API with the token of one post."""

    def __init__(self, client, post):
        self.client = client
        self.headers = {"Authorization": f"Token {ApiToken.objects.issue(post)}"}

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path, body=None):
        return self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=self.headers)

    def put(self, path, body):
        return self.client.put(f"/api/v1/{path}", body, content_type="application/json", headers=self.headers)

    def patch(self, path, body):
        return self.client.patch(f"/api/v1/{path}", body, content_type="application/json", headers=self.headers)


@pytest.fixture
def call(client):
    return lambda post: Caller(client, post)


def a_body(village, **given) -> dict:
    return {
        "village": str(village.uid), "name": "刘雨欣", "id_number": an_id_number(),
        "categories": [{"category": "left_behind", "since": "2024-03-01"}],
        "guardian": {"name": "刘桂芳", "relation": "paternal_grandmother", "phone": "138 0000 1234"},
        "family": [{"relation": "father", "name": "刘建国", "away": True, "away_at": "深圳市"}],
    } | given  # fmt: skip


def test_from_the_village_to_the_city(client, call, village):
    director, clerk = a_post(village), a_post(village.township)
    token = client.post("/api/v1/auth/token/", {"username": director.person.username, "password": PASSWORD}).json()
    headers = {"Authorization": f"Token {token['token']}"}
    body = a_body(village)
    made = client.post("/api/v1/children/", body, content_type="application/json", headers=headers)
    assert made.status_code == 201, made.json()
    child = made.json()
    assert (child["state"], child["actions"], child["sex"]) == ("draft", ["submit"], "female")
    assert child["id_number"].startswith("410199 ***") and body["id_number"] not in str(child)
    path = f"children/{child['id']}/"
    sent = call(director).post(path + "submit/", {"version": child["version"]}).json()
    waiting = call(clerk).get("reviews/").json()
    assert waiting["count"] == 1 and waiting["results"][0]["id"] == child["id"]
    done = call(clerk).post(path + "approve/", {"version": sent["version"]}).json()
    assert done["state"] == "approved" and done["file_number"]
    visit = {k: v for k, v in answers().items() if k != "visited_on"} | {
        "child": child["id"], "visited_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    logged = call(director).post("visits/", visit)
    assert logged.status_code == 201, logged.json()
    assert len(logged.json()["receipt"]) == 4
    accepted = call(clerk).post(f"visits/{logged.json()['id']}/accept/", {"version": 1})
    assert accepted.json()["state"] == "accepted"
    roll_up(village.county_id, f"{timezone.localdate():%Y-%m}")
    answer = call(a_post(village.city)).get("figures/", unit=village.city.uid).json()
    top = next(row for row in answer["results"] if row["unit"] == str(village.city.uid))
    assert (top["values"]["registered"], top["values"]["visits_done"]) == (1, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"id_number": "410199201703150028"}, "id_number"),
        ({"birth_date": "2016-03-15"}, "birth_date"),
        ({"id_number": "", "birth_date": "2090-01-01", "no_id_reason": "not_yet", "sex": "male"}, "birth_date"),
        ({"id_number": "", "birth_date": "2000-01-01", "no_id_reason": "not_yet", "sex": "male"}, "birth_date"),
        ({"name": "张3"}, "name"),
        ({"name": "张" * 60}, "name"),
        ({"categories": []}, "categories"),
        ({"categories": [{"category": "hero"}]}, "categories"),
        ({"guardian": {"name": "刘桂芳", "relation": "aunt", "phone": "1380000"}}, "guardian"),
        ({"family": [{"relation": "father", "name": "刘甲"}, {"relation": "father", "name": "刘乙"}]}, "family"),
        ({"address": "x" * 500}, "address"),
        ({"nation": "00"}, "nation"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(call, village, given, field):
    answer = call(a_post(village)).post("children/", a_body(village) | given)
    assert answer.status_code == 400 and field in answer.json(), answer.json()
    assert not ChildFile.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b'{"name": {"a": 1}}', b"\xff\xfe"])
@pytest.mark.parametrize("path", ["children/", "visits/", "exports/", "auth/token/"])
def test_a_body_that_is_none_is_refused_in_words(client, village, path, body):
    headers = {"Authorization": f"Token {ApiToken.objects.issue(a_post(village.township))}"}
    answer = client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400


def test_the_same_child_sent_twice_is_one(call, village):
    director, body = call(a_post(village)), a_body(village, id=str(uuid.uuid4()))
    assert director.post("children/", body).json()["id"] == director.post("children/", body).json()["id"] == body["id"]
    assert ChildFile.objects.count() == 1


def test_a_draft_is_completed_and_a_stale_one_is_409(call, village):
    post = a_post(village)
    body = a_body(village)
    child = call(post).post("children/", body).json()
    changed = body | {"version": 1, "address": "五组"}
    assert call(post).put(f"children/{child['id']}/", changed).json()["address"] == "五组"
    assert call(post).put(f"children/{child['id']}/", changed).status_code == 409


def test_an_old_version_is_409_a_move_without_reason_422_somebody_elses_403(call, village):
    file, clerk = a_submitted_file(village), a_post(village.township)
    path = f"children/{file.pk}/"
    assert call(clerk).post(path + "approve/", {"version": 1}).status_code == 409
    assert call(clerk).post(path + "return/", {"version": file.version}).status_code == 422
    assert call(a_post(village.county)).post(path + "approve/", {"version": file.version}).status_code == 403
    assert call(a_post(a_village().township)).post(path + "approve/", {"version": file.version}).status_code == 404
    assert call(clerk).post(path + "approve/", {}).status_code == 400


def test_hazards_must_be_sent(call, village):
    child = an_approved_file(village)
    visit = {k: v for k, v in answers().items() if k not in ("visited_on", "hazards")}
    visit |= {"child": str(child.pk), "visited_on": timezone.localdate().isoformat()}
    answer = call(a_post(village)).post("visits/", visit)
    assert answer.status_code == 400 and "hazards" in answer.json()
    assert not Visit.objects.exists()


@pytest.mark.both
def test_lists_page_and_filter(call, village):
    for name in ("张子涵", "张一鸣", "李明轩"):
        an_approved_file(village, name=name)
    clerk = call(a_post(village.township))
    page = clerk.get("children/", page_size=2).json()
    assert page["count"] == 3 and len(page["results"]) == 2 and page["next"] and page["previous"] is None
    assert clerk.post("children/search/", {"search": "zhang"}).json()["count"] == 2
    assert clerk.post("children/search/", {"search": "明轩"}).json()["count"] == 1
    assert clerk.get("children/", category="orphan").json()["count"] == 0
    assert clerk.get("children/", risk="nonsense").status_code == 400
    assert clerk.get("children/", page_size=1000).status_code == 200
    assert clerk.get("children/", page=99).status_code == 404
    assert clerk.get("units/", level=4).json()["results"][0]["id"] == str(village.uid)


@pytest.mark.both
def test_visits_are_filtered_by_child_and_time(call, village):
    child = an_approved_file(village)
    a_visit(child)
    a_visit(an_approved_file(village))
    clerk = call(a_post(village.township))
    assert clerk.get("visits/", child=str(child.pk)).json()["count"] == 1
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert clerk.get("visits/", since=tomorrow.isoformat()).json()["count"] == 0


def test_the_host_of_a_child_and_its_station_list_what_they_may_open(call, village):
    """What was made here while the child stayed, and what others made of one who is here; nobody else's."""
    child, there = an_approved_file(village), a_village()
    before, other = a_visit(child), a_visit(an_approved_file(village))
    host = a_post(there)
    a_stay(child, there)
    made = a_visit(child, by=host)
    for post in (host, a_post(there.township)):
        listed = {row["id"] for row in call(post).get("visits/").json()["results"]}
        assert listed == {str(before.pk), str(made.pk)}
        assert call(post).get(f"visits/{other.pk}/").status_code == 404


def test_the_city_reads_masked_rows_and_opens_none(call, village):
    file = an_approved_file(village, name="欧阳子涵")
    city = call(a_post(village.city))
    row = city.get("children/").json()["results"][0]
    assert row["name"] == "欧***" and not row["id_number"] and not row["phone"] and not row["birth_date"]
    assert city.get(f"children/{file.pk}/").status_code == 403
    assert city.post("children/search/", {"search": "欧阳"}).json()["count"] == 0


def test_a_list_costs_few_queries_whatever_its_length(call, village, django_assert_max_num_queries):
    for _ in range(6):
        a_visit(an_approved_file(village))
    clerk = call(a_post(village.township))
    # two: that the list was read; of visits one more: whether anybody stays here
    for path, most in (("children/", 10), ("visits/", 11), ("units/", 8)):
        with django_assert_max_num_queries(most):
            assert clerk.get(path).status_code == 200


def test_files_that_wait_cost_no_query_each(call, village, django_assert_num_queries):
    """Which moves are open depends on where a file was made."""
    director = a_post(village)
    a_submitted_file(village, by=director)
    caller = call(director)
    caller.get("children/")  # the token's first use is written down
    with CaptureQueriesContext(connection) as one:
        caller.get("children/")
    for _number in range(3):
        a_submitted_file(village, by=director)
    with django_assert_num_queries(len(one)):
        assert caller.get("children/").json()["results"][3]["state"] == "submitted"


@pytest.fixture(scope="module")
def told_about_schema():
    """What is said while the schema is made."""
    _load_enum_name_overrides.cache_clear()
    GENERATOR_STATS.reset()
    with redirect_stderr(StringIO()) as told:
        SchemaGenerator().get_schema(request=None, public=True)
    return told.getvalue()


def test_each_body_in_the_schema_has_a_name_of_its_own(told_about_schema):
    """Two of one name are one in the schema, and one of them is then described wrongly."""
    assert "identical names" not in told_about_schema, told_about_schema


def test_what_a_phone_holds_is_described_as_the_one_answer_it_is(client, village):
    sign_in(client, a_post(village))
    held = client.get("/api/schema/?format=json").json()["paths"]["/api/v1/sync/"]["get"]["responses"]["200"]
    assert held["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/HeldOut"}


def test_the_schema_is_made_without_a_warning(told_about_schema):
    """A code list that gets a made-up name (State8a3Enum) loses it with the next list."""
    assert not told_about_schema, (
        f"ENUM_NAME_OVERRIDES of childwelfare/settings.py: a telling name\n{told_about_schema}"
    )


def test_every_name_of_a_code_list_is_one_of_the_schema():
    """Else it names nothing: another list took its place, or its values are no longer those."""
    schema = description(settings.LANGUAGE_CODE)
    unknown = settings.SPECTACULAR_SETTINGS["ENUM_NAME_OVERRIDES"].keys() - schema["components"]["schemas"].keys()
    assert not unknown, f"{sorted(unknown)} in ENUM_NAME_OVERRIDES of childwelfare/settings.py"


def test_the_schema_and_its_page_are_for_people_who_are_signed_in(client, call, village):
    assert client.get("/api/schema/").status_code == 401
    headers = call(a_post(village)).headers
    schema = client.get("/api/schema/", headers=headers)
    assert schema.status_code == 200
    for path in ("auth/token", "units", "children", "children/{id}/approve", "visits", "reviews", "figures", "exports"):
        assert f"/api/v1/{path}/" in schema.text
    assert client.get("/api/docs/", headers=headers).status_code == 200


def test_the_description_is_put_together_once_in_each_language_that_there_is(client, village, monkeypatch):
    sign_in(client, a_post(village))
    told = {language: client.get(f"/api/schema/?lang={language}").text for language in ("zh-hans", "en")}
    assert told["zh-hans"] != told["en"]
    monkeypatch.setattr(SchemaGenerator, "parse", lambda *_args: pytest.fail("put together again"))
    for language, text in (*told.items(), ("xx", told["zh-hans"])):
        assert client.get(f"/api/schema/?lang={language}").text == text


def test_a_blank_before_a_value_stops_nothing_later(call, village):  # D27
    director = call(a_post(village))
    guardian = {"name": " 刘桂芳 ", "relation": " paternal_grandmother ", "phone": "　138 0000 1234"}
    made = director.post("children/", a_body(village, name=" 刘雨欣\u200b", address="　三组", guardian=guardian))
    assert made.status_code == 201, made.json()
    child = made.json()
    assert (child["name"], child["address"]) == ("刘雨欣", "三组")
    kept = ChildFile.objects.get().guardians.get()
    assert (kept.name, kept.relation, kept.phone) == ("刘桂芳", "paternal_grandmother", "13800001234")
    fields = {"address": " 五组 ", "guardian_relation": " paternal_grandfather"}
    later = director.patch(f"children/{child['id']}/", {"version": child["version"], "fields": fields})
    assert later.status_code == 200, later.json()
    assert ChildFile.objects.get().guardians.get().relation == "paternal_grandfather"
