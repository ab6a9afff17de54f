"""One item from two tabs at once. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import hashlib
import json
import uuid

import pytest
from django.utils import timezone

from tests.builders import a_post, a_village, a_visit, an_approved_file, answers
from tests.threads import at_once
from visits.phones.models import SyncItem
from visits.phones.services.sync import Sender, receive_item
from visits.visit.models import Visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db(transaction=True)


def an_item(text: str, **given) -> dict:
    digest = hashlib.sha256(text.encode()).hexdigest()
    item = {
        "id": uuid.uuid4(),
        "kind": "visit",
        "schema": 2,
        "made_at": timezone.now(),
        "payload": text,
        "hash": digest,
    }
    return item | given


def a_payload(child, **given) -> str:
    return json.dumps({"child": str(child.pk), **answers(**given)}, default=str)


def sender_of(post):
    return Sender(post.person, post, "phone-1", "1")


def test_the_same_item_twice_at_once_is_one_visit_with_one_receipt():  # D17
    post = a_post(a_village())
    item = an_item(a_payload(an_approved_file(post.unit)))
    got = at_once(*[lambda: receive_item(dict(item), sender_of(post))] * 4)
    assert sorted(answer.verdict for answer in got) == ["accepted", "already", "already", "already"]
    assert len({answer.receipt for answer in got}) == 1
    assert Visit.objects.count() == SyncItem.objects.count() == 1


def test_a_correction_twice_at_once_is_taken_once_and_its_twins_are_told_so():
    """To be told that it was completed elsewhere would be final on the phone, for work that was taken."""
    post = a_post(a_village())
    visit = a_visit(an_approved_file(post.unit, by=post), by=post)
    VISIT.apply("return", visit, by=a_post(post.unit.township), seen_version=visit.version, reason="请补充")
    said = {"visit": str(visit.pk), "version": visit.version, **answers(visited_on=visit.visited_on, needs="棉被")}
    item = an_item(json.dumps(said, default=str), kind="correction")
    got = at_once(*[lambda: receive_item(dict(item), sender_of(post))] * 4)
    assert sorted(answer.verdict for answer in got) == ["accepted", "already", "already", "already"], got
    assert len({answer.receipt for answer in got}) == 1


def test_two_contents_under_one_id_at_once_are_one_taken_and_one_refused_in_words():
    post = a_post(a_village())
    child, key = an_approved_file(post.unit, by=post), uuid.uuid4()
    items = [an_item(a_payload(child, needs=needs), id=key) for needs in ("棉被", "书包")]
    got = at_once(*[lambda item=item: receive_item(item, sender_of(post)) for item in items])
    assert sorted(answer.verdict for answer in got) == ["accepted", "refused"]
    (refused,) = [answer for answer in got if answer.verdict == "refused"]
    assert "已经用过" in refused.errors["id"][0]
