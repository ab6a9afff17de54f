"""Long work that runs beside the pages, with its progress."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


def after_now(lasts: timedelta) -> models.ExpressionWrapper:
    """In ``lasts`` from now by the database's clock: those of the machines that take leases may differ."""
    return models.ExpressionWrapper(Now() + lasts, output_field=models.DateTimeField())


class JobQuerySet(models.QuerySet):
    def lost(self) -> Self:
        """Queued ones whose message may be gone, and running ones whose worker may be dead."""
        queued, running = Q(state=JobState.QUEUED, due_at__lt=Now()), Q(state=JobState.RUNNING, lease_until__lt=Now())
        return self.filter(queued | running)

    def by_turns(self) -> models.QuerySet:
        """The keys of orders that wait, those first whose post has the fewest under way and was served longest ago; of
        one post the oldest."""
        own = Job.objects.filter(post=OuterRef("post")).order_by().values("post")
        running = own.filter(state=JobState.RUNNING).annotate(number=Count("pk")).values("number")
        served = own.filter(finished_at__isnull=False).annotate(last=Max("finished_at")).values("last")
        queued = self.filter(state=JobState.QUEUED, post__isnull=False)
        waiting = queued.annotate(running=Coalesce(Subquery(running), 0), served=Subquery(served))
        order = "running", F("served").asc(nulls_first=True), "created_at", "pk"
        return waiting.order_by(*order).values_list("pk", flat=True)


class Job(models.Model):
    """One piece of work of a registered ``kind``; ``params`` are ids and choices, never personal data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    title = models.CharField(_("名称"), max_length=120)
    params = models.JSONField(default=dict)
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    problem = models.TextField(_("原因"), blank=True)
    file = models.CharField(max_length=200, blank=True)
    filename = models.CharField(_("文件名"), max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            # my exports, newest first
            models.Index(fields=["post", "-created_at"], name="job_of_post"),
            # the sweeper: few rows are ever unfinished
            models.Index(
                fields=["state", "due_at"], name="job_unfinished", condition=Q(state__in=["queued", "running"])
            ),
        ]

    @property
    def finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)


class BeatLeaseManager(models.Manager):
    def take(self, name: str, holder: str, lasts: timedelta) -> bool:
        """Take or renew the lease ``name``; False while somebody else holds it. One UPDATE by the
        database's clock, so two never both win, and one whose own clock is ahead keeps it no longer than others."""
        mine = self.filter(Q(holder=holder) | Q(until__lt=Now()), name=name)
        if mine.update(holder=holder, until=after_now(lasts)):
            return True
        if self.filter(name=name).exists():
            return False
        try:
            with transaction.atomic():
                self.create(name=name, holder=holder, until=after_now(lasts))
            return True
        except IntegrityError:  # another beat made the row first
            return False

    def release(self, name: str, holder: str) -> None:
        """Let the next one in at once."""
        self.filter(name=name, holder=holder).update(until=Now())

    def is_alive(self, name: str, *, late: timedelta = timedelta(0)) -> bool:
        """Whether somebody holds ``name``, or did until ``late`` ago."""
        return self.filter(name=name, until__gte=after_now(-late)).exists()


class BeatLease(models.Model):
    """A named right that ends by itself; its ``until`` also tells when a beat was last alive."""

    BEAT = "beat"

    name = models.CharField(max_length=20, primary_key=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()

    objects = BeatLeaseManager()
