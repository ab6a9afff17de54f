"""Scheduled tasks start once, however many beats run, and go on when one dies."""

from datetime import timedelta

import pytest
from celery.schedules import schedule
from django.db import OperationalError
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from childwelfare.celery import app
from childwelfare.jobs.beat import LeasedScheduler
from childwelfare.jobs.models import BeatLease

# beat opens and closes connections by itself, so it can't work inside a test's transaction
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


@pytest.fixture
def beat(monkeypatch):
    """``beat()`` → a scheduler with one task that is due at once; ``beat.runs`` lists who started it."""
    monkeypatch.setitem(app.conf, "beat_schedule", {"tick": {"task": "tick", "schedule": schedule(0)}})
    runs = []

    def make():
        one = LeasedScheduler(app=app, max_interval=5)
        one._finalize.cancel()  # its last sync at exit would come after the test's database is gone
        monkeypatch.setattr(one, "apply_entry", lambda entry, producer=None: runs.append(one))
        monkeypatch.setattr(type(one), "producer", None)
        return one

    make.runs = runs
    return make


def expire():
    BeatLease.objects.update(until=timezone.now() - timedelta(seconds=1))


def test_of_two_beats_one_starts_the_tasks(beat):
    first, second = beat(), beat()
    for _ in range(6):
        first.tick()
        assert second.tick() == 5
    assert set(beat.runs) == {first}


def test_the_other_takes_over_when_the_lease_has_run_out(beat):
    first, second = beat(), beat()
    first.tick(), second.tick()
    expire()
    for _ in range(3):
        second.tick()
    assert beat.runs[-1] is second
    first._renewed = None  # five seconds later
    assert first.tick() == 5


def test_a_beat_that_ends_in_order_lets_the_next_in_at_once(beat):
    first, second = beat(), beat()
    first.tick()
    first.close()
    for _ in range(3):
        second.tick()
    assert beat.runs[-1] is second


def test_a_database_that_fails_delays_and_does_not_end_it(beat, monkeypatch):
    only = beat()
    monkeypatch.setattr(BeatLease.objects, "take", lambda *_: (_ for _ in ()).throw(OperationalError("disk is full")))
    assert only.tick() == 5


def test_two_that_make_the_first_row_at_once():
    assert BeatLease.objects.take("x", "a", timedelta(seconds=15))
    assert not BeatLease.objects.take("x", "b", timedelta(seconds=15))
    assert BeatLease.objects.take("x", "a", timedelta(seconds=15))


def test_one_whose_clock_is_ahead_keeps_nothing_longer_than_others(beat, monkeypatch):
    """It took the lease and ran the task an hour from now, by its own clock, and died."""
    ahead, other = beat(), beat()
    hour_ahead = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: hour_ahead)
    ahead.tick()
    monkeypatch.undo()
    assert BeatLease.objects.get().until < timezone.now() + timedelta(minutes=1)
    PeriodicTask.objects.update(last_run_at=hour_ahead)
    expire()
    other._has_lease()
    assert not PeriodicTask.objects.filter(last_run_at__gt=timezone.now() + timedelta(minutes=1)).exists()
