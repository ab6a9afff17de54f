"""What the server keeps of forms that were not sent: for the post that wrote them, each page's by itself, until it is
sent or thrown away from anywhere."""

import datetime
import json
import uuid

import pytest
from django.utils import timezone

from orgs.drafts.models import KEEP, MAX_DRAFTS, FormDraft
from orgs.drafts.services import drop_drafts, find_drafts, keep_draft, read_seen
from orgs.posts.services import end_appointment
from tests.builders import a_post, a_report, a_village, sign_in
from visits.alerts.sync import _take_alert

pytestmark = [pytest.mark.django_db, pytest.mark.both]
CONTENT = {
    "values": {"name": ["李浩"]}, "given": {"name": [""]}, "said": {"name": "姓名：李浩"}, "version": "", "seen": {},
    "pk": "", "served_at": 1,
}  # fmt: skip
ADDRESS = "/drafts/"


@pytest.fixture
def post():
    return a_post(a_village())


def named(found):
    return {draft.page: draft.count for draft in found.drafts}


def own(post):
    return {"x-page-post": str(post.uid)}


def sent_by_page(client, post, **given):
    body = {"key": "child-new", "page": "a", "count": 1} | CONTENT | given
    body = {name: value for name, value in body.items() if value is not ...}
    return client.post(ADDRESS, body, content_type="application/json", headers=own(post))


def asked(client, post):
    return client.get(ADDRESS, {"key": "child-new"}, headers=own(post)).json()


def test_each_page_keeps_its_own_and_what_is_in_another_goes(post):
    keep_draft(post, "child-new", "desk", 3, CONTENT)
    keep_draft(post, "child-new", "phone", 2, CONTENT)
    assert named(find_drafts(post, "child-new")) == {"desk": 3, "phone": 2}
    keep_draft(post, "child-new", "desk 2", 1, CONTENT | {"seen": {"desk": 3, "phone": 1}})
    assert named(find_drafts(post, "child-new")) == {"desk 2": 1, "phone": 2}, "the phone wrote on meanwhile"
    assert keep_draft(post, "child-new", "desk", 3, CONTENT) is None, "a late copy of what is in another"


def test_what_was_sent_goes_and_what_others_wrote_stays(post):
    keep_draft(post, "child-new", "desk", 3, CONTENT)
    keep_draft(post, "child-new", "phone", 2, CONTENT)
    drop_drafts(post, "child-new", {"desk": 3}, sent=True)
    assert named(find_drafts(post, "child-new")) == {"phone": 2}
    assert keep_draft(post, "child-new", "desk", 3, CONTENT) is None, "a copy that comes late"
    assert keep_draft(post, "child-new", "desk", 4, CONTENT)


def test_what_was_dropped_stays_dropped_also_beside_very_many_and_after_an_earlier_word(post):
    drop_drafts(post, "child-new", {f"p{number}": 5 for number in range(200)}, sent=False)
    drop_drafts(post, "child-new", {"p0": 9, "q": 1}, sent=False)
    drop_drafts(post, "child-new", {"p0": 3}, sent=False)  # a late request
    assert keep_draft(post, "child-new", "p0", 9, CONTENT) is None
    assert len(find_drafts(post, "child-new").form.seen) == 200


def test_an_earlier_saving_that_comes_late_does_not_overtake_a_later_one(post):
    keep_draft(post, "child-new", "desk", 3, CONTENT | {"values": {"name": ["李浩然"]}})
    assert keep_draft(post, "child-new", "desk", 2, CONTENT) is None
    assert "李浩然" in find_drafts(post, "child-new").drafts[0].body


def test_a_page_hears_what_was_sent_from_another_and_when(client, post):
    sign_in(client, post)
    assert asked(client, post) == {"drafts": [], "seen": {}, "dropped_at": None}
    assert list(sent_by_page(client, post).json()) == ["at"]
    (draft,) = asked(client, post)["drafts"]
    assert (draft["page"], draft["count"], draft["values"]) == ("a", 1, {"name": ["李浩"]})
    thrown_away = {"key": "child-new", "dropped": {"a": 1, "b": 7}}
    client.post(ADDRESS, thrown_away, content_type="application/json", headers=own(post))
    assert asked(client, post) == {"drafts": [], "seen": {"a": 1, "b": 7}, "dropped_at": None}
    assert sent_by_page(client, post).json() == {}
    before = int(timezone.now().timestamp() * 1000)
    drop_drafts(post, "child-new", {"a": 2}, sent=True)
    told = asked(client, post)
    assert told["seen"] == {"a": 2, "b": 7} and told["dropped_at"] >= before


def test_a_post_that_ended_takes_its_drafts_out_of_sight(client, post):
    other = a_post(a_village(), person=post.person)
    keep_draft(post, "child-new", "a", 1, CONTENT)
    sign_in(client, other)
    assert asked(client, other)["drafts"] == []
    assert asked(client, post)["drafts"][0]["values"] == {"name": ["李浩"]}
    end_appointment(post, on=timezone.localdate())
    assert client.get(ADDRESS, {"key": "child-new"}, headers=own(post)).status_code == 409
    assert sent_by_page(client, post).status_code == 409


def test_what_is_old_goes_and_what_was_sent_makes_no_room_for_itself(post):
    drop_drafts(post, "change-1", {"a": 1}, sent=True)
    for number in range(MAX_DRAFTS + 1):
        keep_draft(post, f"change-amend-{number}", "a", 1, CONTENT)
    assert find_drafts(post, "change-1").form.dropped_at and not find_drafts(post, "change-amend-0").drafts
    FormDraft.objects.filter(post=post).update(kept_at=timezone.now() - KEEP - datetime.timedelta(minutes=1))
    assert find_drafts(post, "change-1") == ([], None)
    drop_drafts(post, "child-new", {}, sent=True)
    assert FormDraft.objects.filter(post=post).count() == 1


def test_what_the_version_before_kept_is_told_as_written_over_something_else(client, post):
    sign_in(client, post)
    draft = keep_draft(post, "child-new", "before", 1, CONTENT)
    draft.body = json.dumps({"name": ["李浩"]})
    draft.save()
    (told,) = asked(client, post)["drafts"]
    assert (told["values"], told["version"], told["seen"]) == ({"name": ["李浩"]}, None, {})


@pytest.mark.parametrize(
    "given",
    [
        {"version": 3}, {"version": "长" * 101}, {"given": []}, {"given": {"name": "李"}}, {"given": {"name": [1]}},
        {"values": ...}, {"values": None}, {"values": []}, {"page": ...}, {"page": ""}, {"page": "长"},
        {"page": "a" * 41}, {"page": 1}, {"count": ...}, {"count": 0}, {"count": -1}, {"count": True},
        {"count": 1.5}, {"count": 2**60}, {"seen": []}, {"seen": {"p": "1"}}, {"seen": {"": 1}},
        {"seen": {f"p{n}": 1 for n in range(201)}},
        {"said": []}, {"said": {"name": 1}}, {"pk": 1}, {"pk": "a" * 101}, {"key": ...}, {"key": 1}, {"key": ""},
        {"served_at": "now"}, {"served_at": None}, {"served_at": 1e300}, {"served_at": [1]}, {"served_at": -1},
        {"dropped": None}, {"dropped": []}, {"dropped": {"a": "1"}},
    ],
)  # fmt: skip
def test_nonsense_is_refused(client, post, given):
    sign_in(client, post)
    assert sent_by_page(client, post, **given).status_code == 422
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "null", '{"a": "1"}', '{"a": 0}', "[" * 100_000, '{"a": 1' + "0" * 5000 + "}"]
)
def test_nonsense_about_what_is_sent_drops_nothing(text):
    assert read_seen(text) == {}


def test_a_report_sent_by_the_app_makes_the_pages_draft_of_it_old(post):
    keep_draft(post, "alert-new", "a", 1, CONTENT)
    _take_alert(post, uuid.uuid4(), a_report(), False)
    found = find_drafts(post, "alert-new")
    assert found.form.dropped_at and len(found.drafts) == 1, "it is offered, not lost"
