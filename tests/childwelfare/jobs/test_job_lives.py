"""A job's state is true: kept while its worker lives, queued again soon after it died, and written in the end."""

import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from childwelfare.jobs import services
from childwelfare.jobs.models import Job, JobQuerySet, JobState


@pytest.fixture
def a_job(monkeypatch):
    """``a_job(work)`` → a queued job of that work; nothing is published."""
    monkeypatch.setattr(services, "publish", lambda pk: None)
    monkeypatch.setattr(services, "PAUSES", (0, 0, 0))

    def make(work=lambda job, progress: None) -> Job:
        monkeypatch.setitem(services.JOB_KINDS, "made up", work)
        return services.start("made up", title="x")

    return make


@pytest.mark.django_db(transaction=True)
def test_work_that_tells_nothing_keeps_its_lease_while_the_worker_lives(a_job, monkeypatch):
    monkeypatch.setattr(services, "HEARTBEAT", 0.05)

    def silent(job, progress):
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        time.sleep(0.4)
        assert not Job.objects.lost().exists()

    job = a_job(silent)
    services.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE and job.attempts == 1


@pytest.mark.django_db
def test_what_a_dead_worker_left_is_queued_again_within_a_minute_and_says_so(a_job):
    assert timedelta(minutes=1) >= services.LEASE and services.LEASE.total_seconds() > services.HEARTBEAT * 3
    job = a_job()
    Job.objects.update(state=JobState.RUNNING, lease_until=timezone.now() - timedelta(seconds=1), attempts=1)
    assert services.sweep() == 1
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert services.run(job.pk) and Job.objects.get().state == JobState.DONE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fails", [True, False])
def test_what_came_of_it_is_written_though_the_database_restarts(a_job, monkeypatch, fails):
    update, refused = JobQuerySet.update, []

    def restarting(queryset, **said):
        if "finished_at" in said and not refused:
            refused.append(said)
            raise OperationalError("server closed the connection unexpectedly")
        return update(queryset, **said)

    def work(job, progress):
        if fails:
            raise OperationalError("server closed the connection unexpectedly")

    job = a_job(work)
    monkeypatch.setattr(JobQuerySet, "update", restarting)
    services.run(job.pk)
    job.refresh_from_db()
    assert refused and job.state == (JobState.QUEUED if fails else JobState.DONE)
