"""The dated status of assessments, needs, plans and goals: what the figures of help are counted from."""

import datetime
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orgs.access.scope import Placed, ScopedQuerySet
from orgs.units.models import Level
from registry.child.codes import CHILD_RISKS
from registry.child.models import ChildFile
from registry.needs.codes import Outcome, Satisfaction, System


class Kind(models.TextChoices):
    """``PLAN_DUE``: a plan that an assessment asks for and that nobody wrote yet; its record is the assessment."""

    ASSESSMENT = "assessment", _("评估")
    NEED = "need", _("需求")
    PLAN = "plan", _("帮扶方案")
    PLAN_DUE = "plan_due", _("该制定的方案")
    GOAL = "goal", _("帮扶目标")


class HelpStatusQuerySet(ScopedQuerySet):
    def standing_on(self, day: datetime.date) -> Self:
        """What each record counted as at the end of ``day``."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class HelpStatus(Placed):
    """A record counted as this, here, from ``since`` until ``until`` (the first day it no longer did).

    All that it says happened on the day on which it was written down: whatever comes later ends the row and begins
    another, so what a day said is never written anew. One row a record stands at a time, none for what counts nowhere:
    a need that was recorded by mistake, an assessment that was withdrawn, a plan that does not run.

    ``begun_on``: the day on which an assessment was sent, a need recorded, a plan written. ``ended_on``: on which an
    assessment was confirmed, a need settled or ended; None while it is open. ``due_on``: the last day, of a plan that
    of its next review. ``raised_on``: on which an overdue need went up by itself, the last time. ``tier``: of the unit
    that holds a need. ``level``: that an assessment came to; blank where too much was unknown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="help_statuses")
    kind = models.CharField(max_length=10, choices=Kind)
    record = models.UUIDField()
    since = models.DateField()
    until = models.DateField(null=True)
    begun_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("办结日期"), null=True)
    due_on = models.DateField(_("最后期限"), null=True)
    raised_on = models.DateField(null=True)
    system = models.CharField(_("体系"), max_length=12, choices=System, blank=True)
    tier = models.PositiveSmallIntegerField(_("哪一级在办"), choices=Level, null=True)
    level = models.CharField(_("等级"), max_length=8, choices=CHILD_RISKS, blank=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome, blank=True)
    satisfaction = models.CharField(_("家庭是否满意"), max_length=10, choices=Satisfaction, blank=True)

    objects: ClassVar = HelpStatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("帮扶状况")
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="help_status_lasts_a_day"),
            models.UniqueConstraint(
                fields=["child", "kind", "record"], condition=Q(until=None), name="help_status_one_stands"
            ),
        ]
        indexes = [
            # the leaf counts of the roll-up, index only: what is open, and what ended from the period's first day on
            models.Index(
                fields=[
                    "county",
                    "ended_on",
                    "village",
                    "since",
                    "until",
                    "kind",
                    "begun_on",
                    "due_on",
                    "raised_on",
                    "system",
                    "tier",
                    "level",
                    "outcome",
                    "satisfaction",
                ],
                name="help_status_figures",
            ),
        ]
