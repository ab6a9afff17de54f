"""The plan of help for a child (帮扶方案): from each need to goal, measure, who, by when, and what came of it."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import EncryptedTextField
from childwelfare.workflow.models import Event
from orgs.access.scope import Placed, ScopedQuerySet
from orgs.units.models import Level
from registry.assessments.models import Assessment
from registry.child.codes import CHILD_RISKS
from registry.child.models import ChildFile
from registry.needs.models import Need


class PlanState(models.TextChoices):
    SUBMITTED = "submitted", _("待审批")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("执行中")
    CLOSED = "closed", _("已结束")
    WITHDRAWN = "withdrawn", _("已撤回")


class PlanQuerySet(ScopedQuerySet):
    def awaiting_review(self) -> Self:
        """Oldest first. Served by plan_review_queue."""
        return self.filter(state=PlanState.SUBMITTED).order_by("sent_at", "id")

    def waiting(self) -> Self:
        return self.filter(state__in=(PlanState.SUBMITTED, PlanState.RETURNED))

    def running(self) -> Self:
        return self.filter(state=PlanState.APPROVED)

    def open(self) -> Self:
        return self.filter(state__in=(PlanState.SUBMITTED, PlanState.RETURNED, PlanState.APPROVED))

    def made(self) -> Self:
        """All but those that were not made after all."""
        return self.exclude(state=PlanState.WITHDRAWN)

    def newest_first(self) -> Self:
        return self.order_by("-made_at", "-id")


class Plan(Placed):
    """``id`` comes from the form: sent twice, it is one plan. ``number``: year and serial within the file (2026-02).

    ``approver``: the tier that the child's level asks to approve it, as the assessment system said when it was sent.
    ``lead``: who leads (牵头): one a child. What the child and the guardian said of it stands sealed; blank with
    ``not_heard`` for why nobody could be asked. ``before``: the plan that it continues, whose open goals it carries on;
    that one ends when this one is approved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="plans")
    # the merged file that was named, where ``child`` is another one: undoing the merge gives it back
    sent_for = models.ForeignKey(ChildFile, models.PROTECT, null=True, editable=False, related_name="+", db_index=False)
    number = models.CharField(_("方案编号"), max_length=8)
    before = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="after")
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="plans")
    level = models.CharField(_("风险等级"), max_length=8, choices=CHILD_RISKS)
    approver = models.PositiveSmallIntegerField(_("由谁审批"), choices=Level, default=Level.TOWNSHIP)
    lead = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="plans_led", verbose_name=_("牵头人"))
    child_heard = EncryptedTextField(_("孩子的意见"))
    guardian_heard = EncryptedTextField(_("监护人的意见"))
    not_heard = models.CharField(_("没有听取的原因"), max_length=200, blank=True)
    review_on = models.DateField(_("复查日期"))
    state = models.CharField(_("状态"), max_length=10, choices=PlanState, default=PlanState.SUBMITTED)
    version = models.PositiveIntegerField(default=1)
    closing_words = EncryptedTextField(_("结束说明"))
    closed_on = models.DateField(_("结束日期"), null=True)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("提交时间"), default=timezone.now)

    STATE_TONES = {"submitted": "brand", "returned": "warm", "approved": "ok"}

    objects: ClassVar = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("帮扶方案")
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(state__in=["submitted", "returned"]), name="plan_one_waiting_a_child"
            ),
            models.UniqueConstraint(fields=["child"], condition=Q(state="approved"), name="plan_one_running_a_child"),
        ]
        indexes = [
            # awaiting_review() of one station, or of a county
            models.Index(
                fields=["township", "sent_at", "id"], name="plan_review_queue", condition=Q(state="submitted")
            ),
            # one child's
            models.Index(fields=["child", "-made_at", "-id"], name="plan_of_child"),
            # running ones within a scope, by their next review
            models.Index(
                fields=["county", "review_on", "id"], name="plan_county_running", condition=Q(state="approved")
            ),
            models.Index(
                fields=["township", "review_on", "id"], name="plan_township_running", condition=Q(state="approved")
            ),
            models.Index(
                fields=["village", "review_on", "id"], name="plan_village_running", condition=Q(state="approved")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child} {self.number}"


class PlanEvent(Event):
    """``goal``: which one it concerns, where it is one goal's end."""

    facts: ClassVar = ("goal",)

    record = models.ForeignKey(Plan, models.PROTECT, related_name="events")
    goal = models.ForeignKey("registry.Goal", models.PROTECT, null=True, related_name="+")


class PlanReview(models.Model):
    """The plan was looked through with the family: what was found, and when it is looked through next. Rows are only
    ever added."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reviews")
    text = EncryptedTextField(_("复查情况"))
    next_on = models.DateField(_("下次复查"))
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("方案复查")
        ordering = ["made_at", "id"]


class GoalState(models.TextChoices):
    OPEN = "open", _("进行中")
    DONE = "done", _("已完成")
    GIVEN_UP = "given_up", _("不再进行")
    CARRIED = "carried", _("转入下一方案")


class Goal(models.Model):
    """A line of a plan: for which need, to what end, by what measure, by whom, until when. ``carried_from``: the goal
    of the plan before that was still open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals")
    place = models.PositiveSmallIntegerField(_("序号"))
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="goals")
    goal = EncryptedTextField(_("目标"))
    measure = EncryptedTextField(_("措施"))
    who = models.CharField(_("谁来做"), max_length=60)
    owner = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, blank=True, related_name="goals_owned")
    by_on = models.DateField(_("何时前"))
    state = models.CharField(_("状态"), max_length=10, choices=GoalState, default=GoalState.OPEN)
    result = EncryptedTextField(_("结果"))
    done_on = models.DateField(_("完成日期"), null=True)
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")

    class Meta:
        verbose_name = _("帮扶目标")
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "place"], name="goal_place_in_plan")]
        indexes = [
            # a person's open tasks
            models.Index(fields=["owner", "by_on", "id"], name="goal_owned", condition=Q(state="open")),
        ]
