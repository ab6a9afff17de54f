"""One item from two tabs at once. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import hashlib
import json
import uuid

import pytest
from django.utils import timezone

from tests.builders import a_post, a_village, an_approved_file, answers
from tests.threads import at_once
from visits.phones.models import SyncItem
from visits.phones.services.sync import Sender, receive_item
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_item_twice_at_once_is_one_visit_with_one_receipt():  # D17
    post = a_post(a_village())
    child = an_approved_file(post.unit)
    text = json.dumps({"child": str(child.pk), **answers()}, default=str)
    item = {
        "id": uuid.uuid4(), "kind": "visit", "schema": 1, "made_at": timezone.now(), "payload": text,
        "hash": hashlib.sha256(text.encode()).hexdigest(),
    }  # fmt: skip

    def send():
        return receive_item(dict(item), Sender(post.person, post, "phone-1", "1"))

    got = at_once(*[send] * 4)
    assert sorted(answer.verdict for answer in got) == ["accepted", "already", "already", "already"]
    assert len({answer.receipt for answer in got}) == 1
    assert Visit.objects.count() == SyncItem.objects.count() == 1
