"""What an assessor found of a child by a version of the assessment system, and the level that a person decided."""

import datetime
import json
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import EncryptedTextField
from childwelfare.workflow.models import Event
from orgs.access.scope import Placed, ScopedQuerySet
from registry.assessments import codes
from registry.child.codes import CHILD_RISKS, RISK_TONES, Risk
from registry.child.models import ChildFile
from registry.instruments.models import Instrument


class AssessmentState(models.TextChoices):
    SUBMITTED = "submitted", _("待复核")
    CHECKED = "checked", _("待县级确认")
    APPROVED = "approved", _("已确认")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


WAITING = (AssessmentState.SUBMITTED, AssessmentState.RETURNED)


class AssessmentQuerySet(ScopedQuerySet):
    def awaiting_signature(self) -> Self:
        """The county's queue, oldest first. Served by assessment_county_queue."""
        return self.filter(state=AssessmentState.CHECKED).order_by("sent_at", "id")

    def awaiting_review(self) -> Self:
        """The station's queue, oldest first. Served by assessment_review_queue."""
        return self.filter(state=AssessmentState.SUBMITTED).order_by("sent_at", "id")

    def in_force(self) -> Self:
        """Whose level counts: checked by the station, whether or not the county has signed as well."""
        return self.filter(state__in=(AssessmentState.CHECKED, AssessmentState.APPROVED))

    def first_ones(self) -> Self:
        """Without the second assessor's, which sets no level."""
        return self.filter(second_of=None)

    def setting_level(self) -> Self:
        """Those by which a child's level may stand: of a child the newest one does."""
        return self.in_force().first_ones().exclude(level="")

    def newest_setting_level(self) -> Self:
        """Of each child the one by which its level stands, in the order of ``newest_first``."""
        child, day, made, key = (OuterRef(name) for name in ("child", "assessed_on", "made_at", "id"))
        later = Q(assessed_on__gt=day) | Q(assessed_on=day) & (Q(made_at__gt=made) | Q(made_at=made, id__gt=key))
        newer = Assessment.objects.setting_level().filter(later, child=child)
        return self.setting_level().filter(~Exists(newer))

    def waiting(self) -> Self:
        """Sent and not confirmed yet, or sent back."""
        return self.filter(state__in=WAITING)

    def newest_first(self) -> Self:
        return self.order_by("-assessed_on", "-made_at", "-id")


class AssessmentDueQuerySet(ScopedQuerySet):
    def unsent(self) -> Self:
        """Of children for whom no assessment was sent that still waits."""
        return self.exclude(Exists(Assessment.objects.first_ones().waiting().filter(child=OuterRef("child"))))

    def overdue(self, on: datetime.date) -> Self:
        return self.filter(due_on__lt=on)


class Assessment(Placed):
    """``id`` comes from the form or the phone: sent twice, it is one assessment.

    ``screen``: {question: yes, no or unknown}; ``urgent``: the key of its first yes, then nothing was scored.
    ``danger_words``: what the assessor says of the danger.
    ``answers``: {indicator: the key of its answer, a list of them, or unknown}, those of ``computed`` among them, which
    says of each computed one what the file told then: {indicator: {"value", "words"}}. ``worse_because``: JSON, sealed:
    {indicator: why it is worse than last time}. ``scores``: {dimension: points}. ``proposed``: the level by the points;
    blank where too much was unknown. ``level``: what a person decided, ``level_reason`` why it is another one.
    ``guardianship_words``: what the points of guardianship are called, likewise decided by a person.
    ``second_of``: the assessment of the same child by somebody else that this one is compared with: it sets no level.
    ``first_estimate``: what the file said before an assessment decided it: it says so again where all are taken back.
    ``urgent_report``: the key of the urgent report that its screen opened, or that was open already (visits.alerts, of
    which this app knows no more). ``taken_back``: its writer took it back, nobody sent it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="assessments")
    # the merged file that was named, where ``child`` is another one: undoing the merge gives it back
    sent_for = models.ForeignKey(ChildFile, models.PROTECT, null=True, editable=False, related_name="+", db_index=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="assessments")
    occasion = models.CharField(_("评估原因"), max_length=12, choices=codes.Occasion)
    assessed_on = models.DateField(_("评估日期"))
    screen = models.JSONField(_("紧急筛查"), default=dict)
    urgent = models.CharField(max_length=20, blank=True)
    answers = models.JSONField(_("回答"), default=dict)
    computed = models.JSONField(default=dict)
    danger_words = EncryptedTextField(_("眼下的情况"))
    worse_because = EncryptedTextField(_("比上次差的原因"))
    score = models.PositiveSmallIntegerField(_("得分"), null=True)
    scores = models.JSONField(_("各维度得分"), default=dict)
    unknown = models.PositiveSmallIntegerField(_("不清楚（%）"), default=0)
    proposed = models.CharField(_("按分数的等级"), max_length=8, choices=Risk, blank=True)
    level = models.CharField(_("等级"), max_length=8, choices=Risk, blank=True)
    level_reason = EncryptedTextField(_("调整等级的原因"))
    guardianship_words = models.CharField(_("监护情况判断"), max_length=20, blank=True)
    participants = models.CharField(_("参与人"), max_length=100, blank=True)
    child_view = EncryptedTextField(_("孩子的想法"))
    guardian_view = EncryptedTextField(_("监护人的意见"))
    strengths = EncryptedTextField(_("有利条件"))
    next_on = models.DateField(_("下次评估"), null=True)
    # set when the station confirms it, where its level asks for them
    plan_due_on = models.DateField(_("方案应在何时前"), null=True, editable=False)
    meeting_due_on = models.DateField(_("会商应在何时前"), null=True, editable=False)
    notified_on = models.DateField(_("书面告知家庭日期"), null=True, blank=True)
    second_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="seconds")
    first_estimate = models.CharField(max_length=8, choices=CHILD_RISKS, blank=True, editable=False)
    urgent_report = models.UUIDField(null=True, editable=False)
    taken_back = models.BooleanField(default=False, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=AssessmentState, default=AssessmentState.SUBMITTED)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    # when the station confirmed it: from then on its level counts
    decided_at = models.DateTimeField(null=True, editable=False)

    STATE_TONES = {"submitted": "brand", "checked": "warm", "approved": "ok", "returned": "warm"}

    objects: ClassVar = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("评估")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["checked", "approved"]) | Q(decided_at__isnull=False),
                name="assessment_decided_at",
            ),
        ]
        indexes = [
            # awaiting_review() of one station
            models.Index(
                fields=["township", "sent_at", "id"],
                name="assessment_review_queue",
                condition=Q(state="submitted"),
            ),
            # one child's, newest first
            models.Index(fields=["child", "-assessed_on", "-made_at", "-id"], name="assessment_of_child"),
            # newest_first() within a scope
            models.Index(fields=["county", "-assessed_on", "-id"], name="assessment_county_newest"),
            models.Index(fields=["township", "-assessed_on", "-id"], name="assessment_township_newest"),
            models.Index(fields=["village", "-assessed_on", "-id"], name="assessment_village_newest"),
            # awaiting_signature() of one county
            models.Index(
                fields=["county", "sent_at", "id"], name="assessment_county_queue", condition=Q(state="checked")
            ),
            # what was sent back
            models.Index(fields=["village", "sent_at"], name="assessment_returned", condition=Q(state="returned")),
        ]

    def __str__(self) -> str:
        return f"{self.child} {self.assessed_on:%Y-%m-%d}"

    @property
    def is_second(self) -> bool:
        return self.second_of_id is not None

    @property
    def is_unfinished(self) -> bool:
        """Too much was unknown: no level was given."""
        return not self.proposed

    @property
    def shown_level(self) -> str:
        """What a person decided; of a second assessor's what the points say."""
        return self.level or self.proposed

    @property
    def level_tone(self) -> str:
        return RISK_TONES.get(self.shown_level, "")

    @property
    def level_words(self) -> str:
        """The level as a chip says it."""
        if not self.shown_level:
            return gettext("未完成")
        return gettext("%(level)s风险") % {"level": Risk(self.shown_level).label}

    @property
    def reasons_given(self) -> dict[str, str]:
        """{indicator: why its answer is worse than last time}."""
        return json.loads(self.worse_because) if self.worse_because else {}


class AssessmentDue(Placed):
    """By when a child in the registry is assessed next: one row a child, kept by ``services.dues``, none where its city
    has no assessment system in force. ``after_alert_on``: the day on which the earliest urgent report was closed after
    which the child was not assessed yet, worked out with the rest. ``since``: from when on the last day counts: the
    registration, the assessment before, or the closing of the report.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.OneToOneField(ChildFile, models.PROTECT, related_name="assessment_due")
    due_on = models.DateField(_("最迟评估日期"))
    since = models.DateField()
    occasion = models.CharField(_("评估原因"), max_length=12, choices=codes.Occasion)
    after_alert_on = models.DateField(null=True)

    objects: ClassVar = AssessmentDueQuerySet.as_manager()

    class Meta:
        verbose_name = _("应评估")
        indexes = [
            # by last day within a scope
            models.Index(fields=["county", "due_on", "id"], name="assessment_due_county"),
            models.Index(fields=["township", "due_on", "id"], name="assessment_due_township"),
            models.Index(fields=["village", "due_on", "id"], name="assessment_due_village"),
        ]

    def is_overdue(self, on: datetime.date | None = None) -> bool:
        return self.due_on < (on or timezone.localdate())


class AssessmentEvent(Event):
    record = models.ForeignKey(Assessment, models.PROTECT, related_name="events")
