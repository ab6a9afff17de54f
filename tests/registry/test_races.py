"""Two at once on one file. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from childwelfare.workflow import Stale
from registry.models import ChildFile
from registry.workflow import FILE
from tests.builders import a_file, a_post, a_submitted_file, a_village, an_id_number

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_number_from_two_phones_at_once_makes_one_file():
    village = a_village()
    number, posts = an_id_number(), [a_post(village), a_post(village)]
    outcomes, start = [], threading.Barrier(2)

    def send(post):
        start.wait()
        try:
            a_file(village, by=post, id_number=number)
            outcomes.append("made")
        except ValidationError as error:
            outcomes.append(error.message_dict["id_number"][0])
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(post,)) for post in posts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert ChildFile.objects.count() == 1
    assert sorted(outcome == "made" for outcome in outcomes) == [False, True]


def test_of_eight_clerks_one_wins_and_the_others_are_told():
    village = a_village()
    file = a_submitted_file(village)
    clerks = [a_post(village.township) for _ in range(8)]
    outcomes, start = [], threading.Barrier(8)

    def decide(number, clerk):
        mine = ChildFile.objects.get(pk=file.pk)
        start.wait()
        try:
            FILE.apply("approve" if number % 2 else "return", mine, by=clerk, seen_version=2, reason="x")
            outcomes.append("won")
        except Stale:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=pair) for pair in enumerate(clerks)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(outcomes) == ["told"] * 7 + ["won"]
    assert file.events.filter(action__in=("approve", "return")).count() == 1
