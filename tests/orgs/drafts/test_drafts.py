"""What the server keeps of a form that was not sent: for the post that wrote it, until it is sent from anywhere."""

import datetime
import json
import uuid

import pytest
from django.utils import timezone

from orgs.drafts.models import KEEP, FormDraft
from orgs.drafts.services import find_draft, forget_draft, keep_draft
from orgs.posts.services import end_appointment
from tests.builders import a_post, a_report, a_village, sign_in
from visits.alerts.sync import _take_alert

pytestmark = [pytest.mark.django_db, pytest.mark.both]
CONTENT = {"values": {"name": ["李浩"]}, "given": {"name": [""]}, "version": "", "seen": {"p": 1}, "others": []}
ADDRESS = "/drafts/"


@pytest.fixture
def post():
    return a_post(a_village())


def an_hour_ago():
    return timezone.now() - datetime.timedelta(hours=1)


def sent_by_page(client, post, **given):
    now = int(timezone.now().timestamp() * 1000)
    body = {"key": "child-new", "values": {"name": ["李浩"]}, "served_at": now} | given
    return client.post(ADDRESS, body, content_type="application/json", headers={"x-page-post": str(post.uid)})


def test_a_copy_that_comes_after_its_form_was_sent_is_not_kept(post):
    opened = timezone.now()
    keep_draft(post, "child-new", CONTENT, written_since=opened)
    forget_draft(post, "child-new")
    late = keep_draft(post, "child-new", CONTENT, written_since=opened)
    assert late.dropped_at and "李浩" not in find_draft(post, "child-new").body
    keep_draft(post, "child-new", CONTENT, written_since=timezone.now())
    assert json.loads(find_draft(post, "child-new").body) == CONTENT and FormDraft.objects.count() == 1


def test_a_page_hears_when_the_form_was_sent_from_another(client, post):
    sign_in(client, post)
    before = int(timezone.now().timestamp() * 1000)
    forget_draft(post, "child-new")
    own = {"x-page-post": str(post.uid)}
    told = client.get(ADDRESS, {"key": "child-new"}, headers=own).json()
    assert told.keys() == {"dropped_at", "seen"} and told["dropped_at"] >= before
    assert sent_by_page(client, post, served_at=before - 1).json() == told
    assert list(sent_by_page(client, post, served_at=told["dropped_at"] + 1).json()) == ["at"]


def test_a_post_that_ended_takes_its_drafts_out_of_sight(client, post):
    other = a_post(a_village(), person=post.person)
    keep_draft(post, "child-new", CONTENT, written_since=timezone.now())
    sign_in(client, other)
    own, others = ({"x-page-post": str(each.uid)} for each in (post, other))
    assert client.get(ADDRESS, {"key": "child-new"}, headers=others).json() == {}
    assert client.get(ADDRESS, {"key": "child-new"}, headers=own).json()["values"] == {"name": ["李浩"]}
    end_appointment(post, on=timezone.localdate())
    assert client.get(ADDRESS, {"key": "child-new"}, headers=own).status_code == 409
    assert sent_by_page(client, post).status_code == 409


def test_what_is_old_goes_and_what_was_sent_makes_no_room_for_itself(post):
    forget_draft(post, "change-1")
    for number in range(31):
        keep_draft(post, f"change-amend-{number}", CONTENT, written_since=timezone.now())
    assert find_draft(post, "change-1").dropped_at and find_draft(post, "change-amend-0") is None
    FormDraft.objects.filter(post=post).update(kept_at=timezone.now() - KEEP - datetime.timedelta(minutes=1))
    assert find_draft(post, "change-1") is None
    forget_draft(post, "child-new")
    assert FormDraft.objects.filter(post=post).count() == 1


def test_what_the_version_before_kept_is_told_as_written_over_something_else(client, post):
    sign_in(client, post)
    draft = keep_draft(post, "child-new", CONTENT, written_since=timezone.now())
    draft.body = json.dumps({"name": ["李浩"]})
    draft.save()
    told = client.get(ADDRESS, {"key": "child-new"}, headers={"x-page-post": str(post.uid)}).json()
    assert (told["values"], told["version"]) == ({"name": ["李浩"]}, None)


@pytest.mark.parametrize(
    "given",
    [
        {"version": 3}, {"version": "长" * 101}, {"given": []}, {"given": {"name": "李"}}, {"given": {"name": [1]}},
        {"seen": []}, {"seen": {"p": "1"}}, {"seen": {f"p{n}": 1 for n in range(201)}}, {"others": {}},
        {"others": [{}]},
        {"others": [CONTENT]}, {"others": [CONTENT | {"at": 1}] * 4},
        {"others": [CONTENT | {"at": 1, "values": []}]},
        {"served_at": "now"}, {"served_at": None}, {"served_at": 1e300}, {"served_at": [1]},
    ],
)  # fmt: skip
def test_nonsense_beside_the_values_is_refused(client, post, given):
    sign_in(client, post)
    assert sent_by_page(client, post, **given).status_code == 422
    assert not FormDraft.objects.exists()


def test_a_report_sent_by_the_app_makes_the_pages_draft_of_it_old(post):
    keep_draft(post, "alert-new", CONTENT, written_since=an_hour_ago())
    _take_alert(post, uuid.uuid4(), a_report(), False)
    assert find_draft(post, "alert-new").dropped_at
