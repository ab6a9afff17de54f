"""Who wrote any part of what is decided may not decide it: by page, API and phone, also where a station has one person.

The three ways in which one clerk wrote and approved alone (a change that came back and was amended, a draft that was
finished, a visit that was completed), and what the county has of them.
"""

import datetime
import hashlib
import json
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.writers import last_writer, writers_of
from orgs.review.queue import queue_of
from registry.changes.services import amend_change, approve_change, return_change
from registry.child.services.files import complete_file
from registry.child.services.write_fields import patch_file
from registry.child.workflow import FILE
from tests.builders import (
    a_change,
    a_file,
    a_post,
    a_submitted_file,
    a_visit,
    an_approved_file,
    answers,
    facts,
    sign_in,
)
from visits.visit.services.log import correct_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(here):
    """A colleague at the same station."""
    return a_post(here.township)


@pytest.fixture
def amended(here, clerk, other):
    """A director's change that a colleague sent back and the clerk amended with values of her own."""
    change = a_change(an_approved_file(here), address="五组")
    return_change(change, by=other, seen_version=change.version, reason="门牌不对")
    change.refresh_from_db()
    return amend_change(change, by=clerk, seen_version=change.version, values={"address": "六组"})


@pytest.fixture
def finished(here, director, clerk):
    """A director's draft in which the clerk wrote, submitted by the director."""
    file = a_file(here, by=director)
    patch_file(file, by=clerk, seen_version=file.version, values={"address": "六组"})
    file.refresh_from_db()
    FILE.apply("submit", file, by=director, seen_version=file.version)
    return file


@pytest.fixture
def completed(here, clerk, other):
    """A director's visit that a colleague sent back and the clerk completed."""
    visit = a_visit(an_approved_file(here))
    VISIT.apply("return", visit, by=other, seen_version=visit.version, reason="请补充")
    return correct_visit(
        visit, by=clerk, seen_version=visit.version, answers=answers(needs="棉衣"), hazards_looked_at=True
    )


@pytest.mark.both
def test_who_amended_a_change_does_not_approve_it(amended, clerk, other):
    for decide in (approve_change, lambda change, **given: return_change(change, reason="再核", **given)):
        with pytest.raises(Refused, match="补充或提出过"):
            decide(amended, by=clerk, seen_version=amended.version)
    approve_change(amended, by=other, seen_version=amended.version)


@pytest.mark.both
def test_who_finished_a_draft_does_not_approve_it(finished, clerk, other):
    for action in ("approve", "return"):
        with pytest.raises(Refused, match="补充或提出过"):
            FILE.apply(action, finished, by=clerk, seen_version=finished.version, reason="再核")
    FILE.apply("approve", finished, by=other, seen_version=finished.version)


@pytest.mark.both
def test_a_whole_form_saved_by_another_counts_as_a_patch_does(here, director, clerk):
    file = a_file(here, by=director)
    given = facts()
    complete_file(file, by=clerk, seen_version=file.version, **given)
    assert writers_of(file) == {director.person_id, clerk.person_id}


@pytest.mark.both
def test_who_completed_a_visit_does_not_accept_it(completed, clerk, other):
    for action in ("accept", "return"):
        with pytest.raises(Refused, match="补充或提出过"):
            VISIT.apply(action, completed, by=clerk, seen_version=completed.version, reason="再核")
    VISIT.apply("accept", completed, by=other, seen_version=completed.version)


@pytest.mark.both
@pytest.mark.parametrize("kind", ["amended", "finished", "completed"])
def test_the_county_decides_what_a_lone_clerk_wrote_in(request, here, officer, clerk, kind):
    record = request.getfixturevalue(kind)
    assert [item.pk for item in queue_of(officer)] == [record.pk]
    own = {item.pk: item.own for item in queue_of(clerk)}
    assert own[record.pk]
    if kind == "amended":
        approve_change(record, by=officer, seen_version=record.version)
    else:
        workflow, action = (FILE, "approve") if kind == "finished" else (VISIT, "accept")
        workflow.apply(action, record, by=officer, seen_version=record.version)


@pytest.mark.both
def test_the_county_decides_what_a_lone_clerk_wrote_as_a_village_s_director(here, officer, clerk):
    """Her own station could not: nobody else works there."""
    as_director = a_post(here, person=clerk.person)
    file = an_approved_file(here)
    waiting, visit = a_submitted_file(here, by=as_director), a_visit(file, by=as_director)
    change = a_change(an_approved_file(here), by=as_director, address="五组")
    assert {item.pk for item in queue_of(officer)} == {waiting.pk, visit.pk, change.pk}
    assert all(item.own for item in queue_of(clerk))
    FILE.apply("approve", waiting, by=officer, seen_version=waiting.version)
    VISIT.apply("accept", visit, by=officer, seen_version=visit.version)
    approve_change(change, by=officer, seen_version=change.version)


@pytest.mark.both
def test_what_a_director_wrote_alone_is_not_the_county_s(here, officer):
    file = an_approved_file(here)
    waiting = a_submitted_file(here)
    change, visit = a_change(file, address="五组"), a_visit(file)
    assert queue_of(officer) == []
    for decide in (
        lambda: FILE.apply("approve", waiting, by=officer, seen_version=waiting.version),
        lambda: VISIT.apply("accept", visit, by=officer, seen_version=visit.version),
        lambda: approve_change(change, by=officer, seen_version=change.version),
    ):
        with pytest.raises(PermissionDenied):
            decide()


@pytest.mark.both
@pytest.mark.parametrize("was", ["draft", "returned", "recalled"])
def test_who_sends_what_another_wrote_vouches_for_it_and_does_not_decide_it(here, director, clerk, other, officer, was):
    """Else a clerk alone sent what was returned, or what its writer had taken back, unmended, and approved it."""
    file = a_file(here, by=director)
    if was != "draft":
        FILE.apply("submit", file, by=director, seen_version=file.version)
        action, by = ("return", other) if was == "returned" else ("recall", director)
        FILE.apply(action, file, by=by, seen_version=file.version, reason="地址不对")
    FILE.apply("submit", file, by=clerk, seen_version=file.version)
    for action in ("approve", "return"):
        with pytest.raises(Refused, match="送出"):
            FILE.apply(action, file, by=clerk, seen_version=file.version, reason="再核")
    assert [item.own for item in queue_of(clerk)] == [True]
    (item,) = queue_of(officer)
    assert item.writer == director.person, "it goes back to whose word it is"
    FILE.apply("approve", file, by=officer, seen_version=file.version)


@pytest.mark.both
def test_a_director_who_sends_what_she_wrote_is_no_second_writer(here, director, clerk, officer):
    file = a_file(here, by=director)
    FILE.apply("submit", file, by=director, seen_version=file.version)
    assert writers_of(file) == {director.person_id} and queue_of(officer) == []
    FILE.apply("approve", file, by=clerk, seen_version=file.version)


@pytest.mark.both
def test_letting_another_send_it_does_not_make_what_one_wrote_another_s(finished, director, clerk):
    assert writers_of(finished) == {director.person_id, clerk.person_id}
    assert last_writer(finished) == clerk.person, "she wrote last what it says, though the director sent it"


@pytest.mark.both
def test_a_draft_saved_ten_times_by_one_person_is_one_event(here, director, clerk):
    file = a_file(here, by=director)
    for number in range(5):
        for post in (clerk,):
            patch_file(file, by=post, seen_version=file.version, values={"address": f"{number}组"})
            file.refresh_from_db()
    assert [event.action for event in file.events.all()] == ["make", "complete"]


ADDRESSES = {
    "amended": ("changes", "approve", "change", "approve"),
    "finished": ("children", "approve", "file", "approve"),
    "completed": ("visits", "accept", "visit", "accept"),
}


@pytest.mark.parametrize("kind", ADDRESSES)
def test_page_and_api_refuse_the_writer_in_words_and_let_the_county_decide(request, client, officer, clerk, kind):
    """S14: by API the county decides what it decides on the page, and reads it in /reviews/."""
    record = request.getfixturevalue(kind)
    resource, action, desk, passing = ADDRESSES[kind]
    sign_in(client, clerk)
    page = client.post(f"/review/{desk}/{record.pk}/{passing}/", {"version": record.version})
    assert page.status_code == 422 and "补充或提出过" in page.text
    address, body = f"/api/v1/{resource}/{record.pk}/{action}/", {"version": record.version}
    answer = client.post(address, body, content_type="application/json")
    assert answer.status_code == 422 and "补充或提出过" in answer.json()["detail"]
    sign_in(client, officer)
    waiting = client.get("/api/v1/reviews/").json()["results"]
    assert [(row["kind"], row["id"]) for row in waiting] == [(desk, str(record.pk))]
    assert client.post(address, body, content_type="application/json").status_code == 200


def test_who_completed_a_visit_by_phone_in_another_post_does_not_accept_it(client, here, director, clerk, other):
    """It is the person who may not, in whatever post: a clerk who is a director of the same village as well."""
    visit = a_visit(an_approved_file(here), by=director)
    VISIT.apply("return", visit, by=other, seen_version=visit.version, reason="请补充")
    as_director = a_post(here, person=clerk.person)
    said = {name: str(value) if isinstance(value, datetime.date) else value for name, value in answers().items()}
    text = json.dumps(said | {"post": str(as_director.uid), "visit": str(visit.pk), "version": visit.version})
    item = {
        "id": str(uuid.uuid4()), "kind": "correction", "schema": 2, "made_at": timezone.now().isoformat(),
        "hash": hashlib.sha256(text.encode()).hexdigest(), "payload": text,
    }  # fmt: skip
    sign_in(client, as_director)
    envelope = {"account": str(clerk.person.uid), "device": "phone-1", "app": "1", "items": [item]}
    (told,) = client.post("/api/v1/sync/", envelope, content_type="application/json").json()["items"]
    assert told["verdict"] == "accepted", told
    visit.refresh_from_db()
    sign_in(client, clerk)
    page = client.post(f"/review/visit/{visit.pk}/accept/", {"version": visit.version})
    answer = client.post(
        f"/api/v1/visits/{visit.pk}/accept/", {"version": visit.version}, content_type="application/json"
    )
    assert (page.status_code, answer.status_code) == (422, 422) and "补充或提出过" in page.text
    VISIT.apply("accept", visit, by=other, seen_version=visit.version)


@pytest.mark.parametrize("tier", ["township", "county"])
def test_the_api_s_list_is_the_desk(client, here, tier, amended, finished, completed):
    a_submitted_file(here)
    post = a_post(getattr(here, tier))
    sign_in(client, post)
    listed = [(row["kind"], row["id"]) for row in client.get("/api/v1/reviews/").json()["results"]]
    assert listed == [(item.kind, str(item.pk)) for item in queue_of(post)]
    assert len(listed) == (4 if tier == "township" else 3)


def test_a_list_of_many_costs_no_question_for_each(client, here, officer, django_assert_max_num_queries):
    for _ in range(6):
        a_submitted_file(here)
        a_visit(an_approved_file(here))
    clerk = a_post(here.township)
    sign_in(client, clerk)
    for address in ("/api/v1/children/?state=submitted", "/api/v1/visits/", "/api/v1/reviews/"):
        client.get(address)
        with django_assert_max_num_queries(14):
            assert client.get(address).status_code == 200
