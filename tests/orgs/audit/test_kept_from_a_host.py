"""Who has a child staying may open its file, and is kept from what belongs to who keeps the file: that is in the trail
as well, under the child."""

import json
import uuid

import pytest
from django.test import RequestFactory
from django.urls import resolve

from orgs.access.middleware import PostMiddleware
from orgs.audit.addressed import NAMES_A_RECORD, is_in_sight, record_addressed
from orgs.audit.models import Audit
from orgs.audit.services import label_of
from registry.child.models import ChildFile
from tests.builders import (
    a_change,
    a_paper,
    a_person,
    a_post,
    a_stay,
    a_village,
    an_alert,
    an_approved_file,
    sign_in,
)

pytestmark = pytest.mark.django_db
OF_WHO_KEEPS_IT = [
    "/children/{file}/papers/",
    "/children/{file}/papers/{paper}/",
    "/children/{file}/papers/{paper}/thumb/",
    "/children/{file}/history/",
    "/children/{file}/print/",
    "/children/{file}/print.pdf",
    "/children/{file}/change/",
    "/children/{file}/guidance/",
    "/children/{file}/entrust/",
    "/children/{file}/edit/",
    "/changes/{change}/",
    "/api/v1/children/{file}/papers/",
    "/api/v1/papers/{paper}/",
    "/api/v1/changes/{change}/",
]


@pytest.fixture
def file(post) -> ChildFile:
    """Kept in another village, staying with ``post``."""
    file = an_approved_file(a_village(post.unit.township))
    a_stay(file, post.unit)
    return file


def refused(file) -> list[dict]:
    rows = Audit.objects.filter(action="refused").order_by("pk")
    return [{"record": row.record, "post": row.post_id, **json.loads(row.data)} for row in rows]


@pytest.mark.parametrize("address", OF_WHO_KEEPS_IT)
def test_a_host_s_try_at_what_is_not_hers_is_recorded_under_the_child(client, post, file, address):
    keys = {"file": file, "paper": a_paper(file), "change": a_change(file, address="五组")}
    path = address.format(**{name: record.pk for name, record in keys.items()})
    sign_in(client, post)
    assert client.get(f"/children/{file.pk}/").status_code == 200, "the file itself she reads"
    answer = client.get(path).status_code
    (row,) = refused(file)
    assert (row["path"], row["answer"], row["post"]) == (path, answer, post.pk) and answer in (403, 404)
    assert str(file.pk) in (row.get("child", ""), row["record"].rpartition(":")[2])


@pytest.mark.parametrize("name", NAMES_A_RECORD)
@pytest.mark.parametrize(
    "address",
    [
        "/children/{file}/papers/",
        "/children/{file}/history/",
        "/children/{file}/print/",
        "/changes/{change}/",
        "/api/v1/children/{file}/papers/",
    ],
)
def test_a_made_up_key_behind_the_address_hides_no_try(client, post, file, address, name):
    path = address.format(file=file.pk, change=a_change(file, address="五组").pk)
    assert sign_in(client, post).get(f"{path}?{name}={uuid.uuid4()}").status_code in (403, 404)
    (row,) = refused(file)
    assert row["path"] == path


def test_a_record_that_lies_with_the_host_hides_no_try_at_the_file(client, post, file):
    """What she may read of the child says nothing of what is kept from her."""
    alert = an_alert(file=file, by=post)
    alert.place(post.unit)
    alert.save()
    path = f"/children/{file.pk}/papers/{alert.pk}/"
    assert sign_in(client, post).get(path).status_code == 404
    (row,) = refused(file)
    assert row["path"] == path


@pytest.mark.parametrize(
    "address",
    ["/children/{file}/papers/{nothing}/", "/api/v1/children/{file}/papers/{nothing}/", "/changes/{nothing}/"],
)
def test_what_never_was_is_no_refusal(client, post, file, address):
    sign_in(client, post)
    assert client.get(address.format(file=file.pk, nothing=uuid.uuid4())).status_code == 404
    assert refused(file) == []


def test_who_reads_a_file_and_may_not_add_to_its_papers_is_recorded_when_she_tries(client, village):
    file = an_approved_file(village)
    sign_in(client, a_post(village.county))
    path = f"/children/{file.pk}/papers/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"kind": "photo"}).status_code == 403
    (row,) = refused(file)
    assert (row["path"], row["method"]) == (path, "POST")


def test_a_number_that_the_file_does_not_have_is_no_refusal(client, post, file):
    sign_in(client, post)
    assert client.post(f"/children/{file.pk}/reveal/", {"field": "nothing"}).status_code == 404
    assert refused(file) == []


def test_of_two_files_in_one_address_the_second_is_recorded(client, post):
    own, other = an_approved_file(post.unit), an_approved_file(a_village())
    sign_in(client, post)
    answer = client.get(f"/children/{own.pk}/papers/{a_paper(other).pk}/")
    (row,) = refused(other)
    assert answer.status_code == 404 and row["child"] == str(other.pk)


def test_of_somebody_without_a_post_it_is_recorded_too(client):
    """A page that finds nothing may be one for anybody who is signed in."""
    file, person = an_approved_file(a_village()), a_person()
    path = f"/children/{file.pk}/"
    request = RequestFactory().get(path)
    request.post, request.user, request.resolver_match = None, person, resolve(path)
    PostMiddleware._record_refusal(request, 404)
    row = Audit.objects.get(action="refused")
    assert (row.record, row.person_id, row.post_id) == (label_of(file), person.pk, None)
    assert not is_in_sight(None, file.pk) and record_addressed(request).child == file.pk


@pytest.mark.parametrize("parameter", ["child", "sibling", "other", "survivor"])
def test_a_child_that_a_query_names_is_the_one_that_was_asked_for(client, village, parameter):
    file = an_approved_file(village)
    sign_in(client, a_post(village.city, "city_admin"))
    assert client.get(f"/children/new/?{parameter}={file.pk}").status_code == 403
    assert [row["record"] for row in refused(file)] == [label_of(file)]
