"""A file that is sent as it is: nothing happened to it, and nobody wrote in it."""

import json
import uuid

import pytest

from childwelfare.workflow.writers import writers_of
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from tests.builders import a_file, a_post, a_submitted_file, a_village, an_id_number, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return a_village()


@pytest.fixture
def director(village):
    return a_post(village)


@pytest.fixture
def clerk(village):
    return a_post(village.township)


def form_of(village, **given) -> dict:
    return {
        "pk": str(uuid.uuid4()), "village": str(village.uid), "categories": ["left_behind"], "since": "2024-03-01",
        "name": "刘雨欣", "id_number": an_id_number(), "nation": "01", "guardian_name": "刘桂芳",
        "guardian_relation": "paternal_grandmother", "guardian_phone": "13800001234", "address": "三组",
    } | given  # fmt: skip


def traces(file) -> tuple:
    """What would tell that something was written."""
    here = ChildFile.objects.get(pk=file.pk)
    return (
        here.version,
        here.updated_at,
        list(file.events.values_list("action", "person")),
        writers_of(here),
        Audit.objects.filter(action="complete_file").count(),
    )


@pytest.mark.both
@pytest.mark.parametrize("fields", [{}, {"address": "三组"}, {"name": " 张子涵 ", "flags": [], "mother_name": ""}])
@pytest.mark.parametrize("state", ["draft", "returned"])
def test_fields_that_the_file_says_already_leave_no_trace(client, village, director, clerk, state, fields):
    if state == "draft":
        file = a_file(village, by=director, address="三组")
    else:
        file = a_submitted_file(village, by=director, address="三组")
        FILE.apply("return", file, by=a_post(village.township), seen_version=file.version, reason="请核对")
        file.refresh_from_db()
    before = traces(file)
    sign_in(client, clerk)
    body = {"version": file.version, "fields": fields}
    answer = client.patch(f"/api/v1/children/{file.pk}/", body, content_type="application/json")
    assert answer.status_code == 200, answer.text
    assert answer.json()["version"] == file.version and traces(file) == before
    assert clerk.person_id not in writers_of(file)


def test_one_field_that_differs_is_written_and_named_alone(client, village, director, clerk):
    file = a_file(village, by=director, address="三组")
    sign_in(client, clerk)
    body = {"version": file.version, "fields": {"name": file.name, "address": "六组"}}
    answer = client.patch(f"/api/v1/children/{file.pk}/", body, content_type="application/json")
    assert answer.json()["version"] == file.version + 1
    assert file.events.last().action == "complete" and clerk.person_id in writers_of(file)
    assert json.loads(Audit.objects.get(action="complete_file").data)["fields"] == ["address"]


@pytest.mark.both
def test_the_form_of_a_draft_saved_as_it_is_leaves_no_trace(client, village, director, clerk):
    sign_in(client, director)
    form = form_of(village)
    client.post("/children/new/", form)
    file = ChildFile.objects.get()
    before = traces(file)
    sign_in(client, clerk)
    where = f"/children/{file.pk}/edit/"
    again = form | {"version": file.version}
    assert client.post(where, again, follow=True).status_code == 200
    assert traces(file) == before
    for number, changed in enumerate(({"guardian_name": "刘桂花"}, {"since": "2024-04-01"})):
        file.refresh_from_db()
        again |= changed | {"version": file.version}
        client.post(where, again)
        assert traces(file)[0] == before[0] + number + 1, changed
    assert clerk.person_id in writers_of(file)


def test_a_whole_file_sent_by_the_api_as_it_is_leaves_no_trace(client, village, director, clerk):
    sign_in(client, director)
    sent = {
        "village": str(village.uid), "name": "刘雨欣", "id_number": an_id_number(), "address": "三组",
        "categories": [{"category": "left_behind", "since": "2024-03-01"}],
        "guardian": {"name": "刘桂芳", "relation": "paternal_grandmother"},
        "family": [{"relation": "father", "name": "刘强", "life": "alive"}],
    }  # fmt: skip
    answer = client.post("/api/v1/children/", sent, content_type="application/json")
    assert answer.status_code == 201, answer.text
    file = ChildFile.objects.get()
    before = traces(file)
    sign_in(client, clerk)
    whole = sent | {"version": file.version}
    answer = client.put(f"/api/v1/children/{file.pk}/", whole, content_type="application/json")
    assert answer.status_code == 200, answer.text
    assert traces(file) == before
    whole["family"] = [{"relation": "father", "name": "刘刚", "life": "alive"}]
    client.put(f"/api/v1/children/{file.pk}/", whole, content_type="application/json")
    assert traces(file)[0] == before[0] + 1 and clerk.person_id in writers_of(file)
