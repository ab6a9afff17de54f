"""Two at once on one file. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from childwelfare.workflow.refusals import Stale
from registry.changes.conflicts import ChangeConflict
from registry.changes.models import Change
from registry.changes.services import approve_change, return_change
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from registry.child.workflow import FILE
from tests.builders import (
    a_change,
    a_post,
    a_submitted_file,
    a_village,
    an_approved_file,
    an_id_number,
    facts,
    fresh,
)
from tests.threads import at_once, done_or_told

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_number_from_two_phones_at_once_makes_one_file():
    village = a_village()
    number, posts = an_id_number(), [a_post(village), a_post(village)]

    def send(post):
        try:
            make_file(by=post, village=village, **facts(id_number=number))
            return "made"
        except ValidationError as error:
            return error.message_dict["id_number"][0]

    outcomes = at_once(*(partial(send, post) for post in posts))
    assert ChildFile.objects.count() == 1
    assert sorted(outcome == "made" for outcome in outcomes) == [False, True]


def test_of_eight_clerks_one_wins_and_the_others_are_told():
    village = a_village()
    file = a_submitted_file(village)
    clerks = [a_post(village.township) for _ in range(8)]

    def decide(number, clerk):
        mine = ChildFile.objects.get(pk=file.pk)
        return lambda: FILE.apply("approve" if number % 2 else "return", mine, by=clerk, seen_version=2, reason="x")

    outcomes = done_or_told(*(decide(number, clerk) for number, clerk in enumerate(clerks)))
    assert sorted(outcomes) == ["done"] + ["told"] * 7
    assert file.events.filter(action__in=("approve", "return")).count() == 1


def test_of_two_clerks_who_approve_rival_changes_at_once_one_sees_the_conflict():
    """Neither value is overwritten unseen: the second approval is a conflict or comes before the first."""
    village = a_village()
    file = an_approved_file(village, address="三组")
    changes = [a_change(file, address=text) for text in ("五组", "九组")]
    clerks = [a_post(village.township), a_post(village.township)]

    def approve(n):
        try:
            approve_change(Change.objects.get(pk=changes[n].pk), by=fresh(clerks[n]), seen_version=1)
            return "approved"
        except ChangeConflict:
            return "conflict"

    assert sorted(at_once(*(partial(approve, number) for number in range(2)))) == ["approved", "conflict"]
    winner = Change.objects.get(state="decided").fields.get()
    assert ChildFile.objects.get(pk=file.pk).address == winner.value


def test_approvals_of_different_fields_at_once_both_stay():
    village = a_village()
    file = an_approved_file(village, address="三组", grade="一年级", school="甲", phone="")
    changes = [a_change(file, **{name: "乙"}) for name in ("address", "grade", "school")]
    clerks = [a_post(village.township) for _ in changes]

    def approve(n):
        approve_change(Change.objects.get(pk=changes[n].pk), by=fresh(clerks[n]), seen_version=1)

    at_once(*(partial(approve, number) for number in range(3)))
    held = ChildFile.objects.get(pk=file.pk)
    assert (held.address, held.grade, held.school) == ("乙", "乙", "乙")


def test_a_change_approved_and_returned_at_once_is_one_of_both():
    village = a_village()
    file = an_approved_file(village, address="三组")
    change, clerks = a_change(file, address="五组"), [a_post(village.township), a_post(village.township)]

    def decide(n):
        held = Change.objects.get(pk=change.pk)
        try:
            if n:
                approve_change(held, by=fresh(clerks[n]), seen_version=1)
            else:
                return_change(held, by=fresh(clerks[n]), seen_version=1, reason="缺门牌")
            return "done"
        except Stale:
            return "stale"

    assert sorted(at_once(*(partial(decide, number) for number in range(2)))) == ["done", "stale"]
    assert change.events.exclude(action="propose").count() == 1
