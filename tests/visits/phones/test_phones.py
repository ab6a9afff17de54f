"""A station sees whose phone has been silent, and deals with what was handed over to it."""

import datetime
import hashlib
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from orgs.posts.services import end_appointment
from tests.builders import a_post, a_unit, a_village, a_visit, an_approved_file, sign_in
from tests.depth import examples
from visits.phones.kinds import ITEM_KINDS
from visits.phones.models import SyncItem
from visits.phones.services.sync import record_contact
from visits.visit.observed_changes import OBSERVABLE

pytestmark = pytest.mark.django_db


def handed_over(child, post, **more) -> SyncItem:
    item = SyncItem(
        pk=uuid.uuid4(), person=post.person, post=post, device="phone-1", app="1", kind="visit", hash="0" * 64,
        verdict="gone", receipt="3F2K", made_at=timezone.now(), reason="这个孩子现在不由您负责",
        payload=json.dumps({"child": str(child.pk), "guardian_words": "奶奶说都好", "hazards": ["fire"]} | more),
    )  # fmt: skip
    item.place(child)
    item.save(force_insert=True)
    return item


@pytest.mark.both
def test_the_quiet_phone_stands_first(client, village):
    quiet, lively = a_post(village), a_post(a_unit(village.township))
    a_post(a_village())  # of another county
    record_contact(quiet, "phone-1", "7", pulled_at=timezone.now() - datetime.timedelta(days=9), unsent=2)
    record_contact(lively, "phone-2", "8", sent_at=timezone.now())
    sign_in(client, a_post(village.township))
    rows = client.get("/visits/phones/").context["posts"]
    assert [(row.pk, row.days, row.unsent) for row in rows] == [(quiet.pk, 9, 2), (lively.pk, 0, 0)]


def test_the_county_sees_its_phones_and_no_payload(client, village):
    director = a_post(village)
    handed_over(an_approved_file(village), director)
    sign_in(client, a_post(village.county))
    page = client.get("/visits/phones/")
    assert director in page.context["posts"]
    assert "奶奶说都好" not in page.text


def test_days_of_what_was_handed_over_read_as_the_language_writes_them(client, village):
    handed_over(an_approved_file(village), a_post(village), visited_on="2026-11-03", seen_alone=True)
    sign_in(client, a_post(village.township))
    page = client.get("/visits/phones/").text
    assert "2026年11月3日" in page and "2026-11-03" not in page and "True" not in page


def test_what_was_handed_over_is_read_and_settled_once(client, village):
    item = handed_over(an_approved_file(village), a_post(village))
    sign_in(client, a_post(village.township))
    assert "奶奶说都好" in client.get("/visits/phones/").text
    assert client.post(f"/visits/phones/{item.pk}/settle/").status_code == 302
    assert "奶奶说都好" not in client.get("/visits/phones/").text
    again = client.post(f"/visits/phones/{item.pk}/settle/", follow=True)
    assert "已经处理过" in again.text


def test_what_was_noticed_at_the_door_is_read_too(client, village):
    changes = {"address": {"base": "一组", "value": "五组3号"}, "father_away": {"base": None, "value": True}}
    handed_over(an_approved_file(village), a_post(village), changes=changes)
    sign_in(client, a_post(village.township))
    page = client.get("/visits/phones/")
    assert page.status_code == 200
    assert "五组3号" in page.text


def test_a_number_that_was_noticed_at_the_door_is_read_masked(client, village):
    changes = {"guardian_phone": {"base": "13800004321", "value": "13911122233"}}
    handed_over(an_approved_file(village), a_post(village), changes=changes)
    page = sign_in(client, a_post(village.township)).get("/visits/phones/")
    assert "139****2233" in page.text and "13911122233" not in page.text


def test_another_station_finds_nothing(client, village):
    item = handed_over(an_approved_file(village), a_post(village))
    sign_in(client, a_post(a_village().township))
    assert client.post(f"/visits/phones/{item.pk}/settle/").status_code == 404
    assert SyncItem.objects.waiting().count() == 1


def test_who_ends_a_post_is_told_what_its_phone_still_holds(client, village):
    director = a_post(village)
    record_contact(director, "phone-1", "1", sent_at=timezone.now(), unsent=3)
    sign_in(client, a_post(village.city, "city_admin"))
    assert "手机里还有 3 条没有发送" in client.get(f"/units/{village.uid}/").text


def test_ending_posts_costs_no_query_for_each_phone(client, village, django_assert_num_queries):
    """Three directors of one village: what their phones hold is read at once."""
    sign_in(client, a_post(village.city, "city_admin"))
    a_post(village)
    with CaptureQueriesContext(connection) as one:
        client.get(f"/units/{village.uid}/")
    for number in range(2):
        record_contact(a_post(village), f"phone-{number}", "7", pulled_at=timezone.now(), unsent=2)
    with django_assert_num_queries(len(one)):
        assert (
            client.get(f"/units/{village.uid}/").text.count("手机里还有 2 条") == 4
        )  # beside each, and when it is ended


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**12) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data())
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_phone_hands_over_the_page_of_its_station_opens(client, village, data):
    """Each kind as its example has it, but for one answer, sent in a post that has ended. What is taken stands on the
    page: one odd answer must not shut it to the whole station."""
    kind = data.draw(st.sampled_from(list(ITEM_KINDS.values())))
    director, clerk = a_post(village), a_post(village.township)
    child = an_approved_file(village, by=director, clerk=clerk)
    visit = a_visit(child, by=director)
    known = {"post": str(director.uid), "child": str(child.pk), "visit": str(visit.pk)}
    said = kind.example | {name: value for name, value in known.items() if name in kind.example}
    changed = data.draw(st.sampled_from(sorted(kind.reader().fields)))
    pair = st.fixed_dictionaries({"base": st.none(), "value": JSON})
    noticed = st.dictionaries(st.sampled_from([*OBSERVABLE, "no_field"]), pair)
    said[changed] = data.draw(noticed if changed == "changes" else JSON | st.just(said.get(changed)))
    end_appointment(director, by=a_post(village.city, "city_admin"), on=timezone.localdate())
    text = json.dumps(said)
    item = {
        "id": str(uuid.uuid4()), "kind": kind.name, "schema": kind.schema, "made_at": timezone.now().isoformat(),
        "hash": hashlib.sha256(text.encode()).hexdigest(), "payload": text,
    }  # fmt: skip
    sign_in(client, director)
    envelope = {"account": str(director.person.uid), "device": "phone-1", "app": "1", "items": [item]}
    answer = client.post("/api/v1/sync/", envelope, content_type="application/json")
    (told,) = answer.json()["items"]
    event(f"{kind.name}: {told['verdict']}")
    sign_in(client, clerk)
    page = client.get("/visits/phones/")
    assert page.status_code == 200 and told["receipt"] in page.text
