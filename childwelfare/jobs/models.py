"""Long work that runs beside the pages, with its progress."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


class JobQuerySet(models.QuerySet):
    def lost(self, now):
        """Queued ones whose message may be gone, and running ones whose worker may be dead."""
        return self.filter(Q(state=JobState.QUEUED, due_at__lt=now) | Q(state=JobState.RUNNING, lease_until__lt=now))


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
