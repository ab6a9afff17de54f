"""Jobs with progress: registered by kind, published after commit, found again when a message or a worker is lost.

A kind is declared beside its work::

    @job("export_roster")
    def export_roster(job, progress): ...

The function must be idempotent: it may run twice. What it returns is (path under the media folder, file name), or None.
"""

import datetime
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery import shared_task
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.jobs.models import Job, JobQuerySet, JobState, after_now
from childwelfare.jobs.schedule import schedule
from childwelfare.workflow.refusals import Refused

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]  # how much of how much is done
Work = Callable[[Job, Progress], tuple[str, str] | None]
JOB_KINDS: dict[str, Work] = {}
LEASE = datetime.timedelta(seconds=60)  # so long a job of a worker that died stands as running
HEARTBEAT = 15.0  # seconds between two renewals while the work goes on
PAUSES = (0, 1, 3, 10)  # seconds before each try to write what came of a job: a database restarts within them
PUBLISH_AGAIN_AFTER = datetime.timedelta(seconds=60)
MAX_ATTEMPTS = 3
WORKERS_AT_ONCE = 50


def job(kind: str) -> Callable[[Work], Work]:
    """Register the function that does the work of ``kind``."""

    def register(work: Work) -> Work:
        JOB_KINDS[kind] = work
        return work

    return register


def start(kind: str, *, title: str, post: Any = None, **params: Any) -> Job:
    """Record a job and publish it when the transaction commits."""
    record = Job.objects.create(
        kind=kind, title=title, post=post, params=params, due_at=timezone.now() + PUBLISH_AGAIN_AFTER
    )
    transaction.on_commit(lambda: publish(record.pk), robust=True)
    return record


def publish(pk: uuid.UUID) -> None:
    """Tell a worker. A broker that is down or hangs costs a second at most; the sweeper tells again."""
    run_job.delay(str(pk))


def run_by_turns(pk: uuid.UUID) -> bool:
    """Do one job for the message of job ``pk``: itself where nobody ordered it, else the order whose turn it is, so
    that who orders many keeps nobody else waiting. There is a message for each, so all are done. Returns whether this
    call did one."""
    if not Job.objects.filter(pk=pk, post__isnull=False, state=JobState.QUEUED).exists() and run(pk):
        return True
    # those that another worker takes meanwhile are passed over
    return any(run(turn) for turn in Job.objects.by_turns()[:WORKERS_AT_ONCE])


def run(pk: uuid.UUID) -> bool:
    """Do the job if nobody else does. Returns whether this call did it."""
    token = uuid.uuid4()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=Now())
    claimed = Job.objects.filter(free, pk=pk, attempts__lt=MAX_ATTEMPTS).update(
        state=JobState.RUNNING, lease=token, lease_until=after_now(LEASE), attempts=F("attempts") + 1, done=0
    )
    if not claimed:
        return False
    record = Job.objects.select_related("post__person", "post__unit").get(pk=pk)
    mine = Job.objects.filter(pk=pk, lease=token)

    def progress(done: int, total: int) -> None:
        mine.update(done=done, total=total, lease_until=after_now(LEASE))

    try:
        with _heartbeat(mine):
            path, filename = JOB_KINDS[record.kind](record, progress) or ("", "")
    except Refused as refusal:
        _settle(mine, state=JobState.FAILED, problem=str(refusal), finished_at=timezone.now(), lease=None)
    except Exception:
        log.exception("job %s (%s) failed", pk, record.kind)
        again = record.attempts < MAX_ATTEMPTS
        _settle(
            mine,
            state=JobState.QUEUED if again else JobState.FAILED,
            problem="" if again else _("系统没能完成，已记录故障。请稍后重试；若再次失败，请联系管理员。"),
            finished_at=None if again else timezone.now(),
            due_at=timezone.now(),
            lease=None,
        )
    else:
        said = {"file": path, "filename": filename, "finished_at": timezone.now(), "done": F("total")}
        _settle(mine, state=JobState.DONE, lease=None, **said)
    return True


@contextmanager
def _heartbeat(mine: JobQuerySet) -> Iterator[None]:
    """Renew the lease beside the work, by a connection of its own, until the work ends or another took it over."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(HEARTBEAT):
            try:
                close_old_connections()
                if not mine.all().update(lease_until=after_now(LEASE)):
                    break
            except (DatabaseError, InterfaceError):
                log.warning("no heartbeat: the database does not answer", exc_info=True)
        connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _settle(mine: JobQuerySet, **said: Any) -> None:
    """Write what came of the job, also where the database restarts meanwhile. If it stays away, the lease runs out and
    the sweeper finds the job."""
    for pause in PAUSES:
        time.sleep(pause)
        try:
            mine.all().update(**said)
            return
        except (DatabaseError, InterfaceError):
            close_old_connections()  # one that the restart broke; the next try opens another
            log.warning("what came of a job could not be written yet", exc_info=True)
    log.error("what came of a job could not be written; it is found again when its lease ends")


def sweep() -> int:
    """Publish again what was lost; fail what has been tried too often. Returns how many were published."""
    lost = Job.objects.lost()
    lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED,
        problem=_("多次尝试都没能完成，已记录故障，请联系管理员。"),
        finished_at=timezone.now(),
        lease=None,
    )
    pks = list(lost.values_list("pk", flat=True)[:500])
    # nobody works at them any more, which their page says
    Job.objects.lost().filter(pk__in=pks).update(
        state=JobState.QUEUED, lease=None, due_at=after_now(PUBLISH_AGAIN_AFTER)
    )
    for pk in pks:
        publish(pk)
    return len(pks)


@shared_task(name="childwelfare.run_job")
def run_job(pk: str) -> None:
    """Background job: the message that ``publish`` sends."""
    run_by_turns(uuid.UUID(pk))


@shared_task(name="childwelfare.sweep_jobs")
def sweep_jobs() -> None:
    """Background job: every few seconds."""
    sweep()


schedule("sweep-jobs", sweep_jobs, 15.0)
