"""Two at once on one need. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import datetime
import uuid

import pytest
from django.utils import timezone

from orgs.posts.services import end_appointment
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.needs.models import Need
from registry.needs.services.escalation import escalate
from registry.needs.services.handling import pass_up, settle
from registry.needs.services.recording import record_need
from tests.builders import a_need, a_post, a_village, an_approved_file, fresh
from tests.registry.needs.needs import read
from tests.threads import at_once, done_or_told

pytestmark = pytest.mark.django_db(transaction=True)
MET = {"outcome": "met", "satisfaction": "satisfied"}


@pytest.fixture
def file():
    return an_approved_file(a_village())


def settling(need, by):
    mine = read(need)
    return lambda: settle(mine, by=by, seen_version=mine.version, **MET)


def test_of_two_who_settle_at_once_one_does(file):
    need = a_need(file)
    posts = [a_post(file.village) for _ in range(2)]
    assert sorted(done_or_told(*(settling(need, post) for post in posts))) == ["done", "told"]
    assert need.events.filter(action="settle").count() == 1


def test_passing_up_meets_settling(file):
    need, first, second = a_need(file), a_post(file.village), a_post(file.village)
    mine = read(need)

    def up():
        return pass_up(mine, by=first, seen_version=mine.version, reason="没有办法")

    assert sorted(done_or_told(up, settling(need, second))) == ["done", "told"]
    now = read(need)
    assert (now.state, now.holder_id) in [("open", file.township_id), ("settled", file.village_id)]
    assert need.events.count() == 2


def test_escalation_meets_settling(file):
    need, director = a_need(file, days=-30), a_post(file.village)
    on = timezone.localdate()
    while on.weekday() != 3:
        on += datetime.timedelta(days=1)
    went, done = at_once(lambda: escalate(on), lambda: done_or_told(settling(need, director))[0])
    now = read(need)
    assert (went, done) in [(1, "told"), (0, "done")]
    assert now.state == ("open" if went else "settled")
    assert now.holder_id == (file.township_id if went else file.village_id)


def test_two_escalations_at_once_go_up_one_tier(file):
    need = a_need(file, days=-30)
    on = timezone.localdate()
    while on.weekday() != 3:
        on += datetime.timedelta(days=1)
    assert sum(at_once(*[lambda: escalate(on)] * 3)) == 1
    assert read(need).holder_id == file.township_id


def test_the_same_form_four_times_at_once_is_one(file):
    director, pk = a_post(file.village), uuid.uuid4()

    def record():
        mine = ChildFile.objects.get(pk=file.pk)
        return record_need(mine, by=fresh(director), pk=pk, kind="mind.mood", words="睡不好", source="guardian").pk

    assert set(at_once(*[record] * 4)) == {pk}
    assert Need.objects.get().events.count() == 1


def test_closing_the_file_meets_passing_up(file):
    need, director, clerk = a_need(file), a_post(file.village), a_post(file.township)
    mine, its_file = read(need), ChildFile.objects.get(pk=file.pk)

    def up():
        return pass_up(mine, by=director, seen_version=mine.version, reason="没有办法")

    def close():
        version = its_file.version
        return close_file(its_file, by=clerk, seen_version=version, reason="moved", on=timezone.localdate())

    answers = done_or_told(up, close)
    assert answers[1] == "done"
    assert read(need).state == "ended"


def test_a_post_that_ends_meets_who_records_and_settles(file):
    """Whoever ends it holds all files first: neither waits for the other in a circle."""
    for _turn in range(6):
        leaving, staying, admin = a_post(file.village), a_post(file.village), a_post(file.township)
        needs = [a_need(an_approved_file(file.village), by=leaving) for _ in range(3)]

        def record(by=staying):
            return record_need(ChildFile.objects.get(pk=file.pk), by=by, kind="living.food", words="断粮", anyway=True)

        def end(post=leaving, by=admin):
            return end_appointment(post, by=by)

        done_or_told(end, record, settling(needs[0], staying), settling(needs[2], staying))
        assert not Need.objects.open().filter(owner=leaving).exists()
