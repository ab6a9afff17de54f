"""The same visit sent several times at once. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import threading
import uuid

import pytest
from django.db import connection

from registry.models import ChildFile
from tests.builders import a_post, a_village, an_approved_file, answers
from visits.models import Visit
from visits.services.log import log_visit

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_form_twice_at_once_is_one_visit():  # D15, D17
    post = a_post(a_village())
    child, pk, got, start = an_approved_file(post.unit), uuid.uuid4(), [], threading.Barrier(4)

    def send():
        mine = ChildFile.objects.get(pk=child.pk)
        start.wait()
        try:
            got.append(log_visit(mine, by=post, pk=pk, answers=answers(), hazards_looked_at=True).receipt)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(got) == 4 and len(set(got)) == 1 and Visit.objects.count() == 1
    assert child.dues.count() == 2
