"""The same visit sent several times at once. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import datetime
import uuid

import pytest
from django.utils import timezone

from registry.child.models import ChildFile
from tests.builders import a_post, a_village, an_approved_file, answers
from tests.threads import at_once
from visits.visit.models import Visit
from visits.visit.services.family import FamilyAnswers, log_family_visit
from visits.visit.services.log import log_visit

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_form_twice_at_once_is_one_visit():  # D15, D17
    post = a_post(a_village())
    child, pk = an_approved_file(post.unit), uuid.uuid4()

    def send():
        mine = ChildFile.objects.get(pk=child.pk)
        return log_visit(mine, by=post, pk=pk, answers=answers(), hazards_looked_at=True).receipt

    got = at_once(send, send, send, send)
    assert len(got) == 4 and len(set(got)) == 1 and Visit.objects.count() == 1
    assert child.dues.count() == 2


def test_visits_of_several_to_one_child_at_once_are_all_kept():
    """The director from the phone and from the page, a colleague, the station: none is put off for another."""
    village = a_village()
    child = an_approved_file(village, on=timezone.localdate() - datetime.timedelta(days=40))

    def visit(ago):
        by, day = a_post(village), timezone.localdate() - datetime.timedelta(days=ago)

        def send():
            mine = ChildFile.objects.get(pk=child.pk)
            said = answers(visited_on=day, late_reason="手机没电")
            return log_visit(mine, by=by, pk=uuid.uuid4(), answers=said, hazards_looked_at=True)

        return send

    for round in range(3):
        got = at_once(*(visit(4 * round + number) for number in range(4)))
        assert len(got) == 4
    ended = [due.ended_on for due in child.dues.order_by("since")]
    assert ended == [timezone.localdate() - datetime.timedelta(days=ago) for ago in range(11, -1, -1)] + [None]


def test_one_family_from_both_ends_at_once_is_two_visits_each_and_nobody_waits():
    village = a_village()
    one, other = an_approved_file(village), an_approved_file(village)

    def door(first, second):
        by, pk = a_post(village), uuid.uuid4()

        def send():
            told = [FamilyAnswers(ChildFile.objects.get(pk=child.pk), answers()) for child in (first, second)]
            return log_family_visit(told[0], told[1:], by=by, hazards_looked_at=True, pk=pk)

        return send

    there, back = door(one, other), door(other, one)
    got = at_once(there, back, there, back)
    assert len(got) == 4 and Visit.objects.count() == 4
    assert len({visit.pk for visits in got for visit in visits}) == 4
