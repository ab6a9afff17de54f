"""What a place does differently from the national rules, and what the rules found about the children on file."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow import Event
from orgs.models import Placed, ScopedQuerySet
from registry import codes
from registry.models.category import CategoryMembership
from registry.models.child import ChildFile


class RuleVariant(models.Model):
    """A province's or county's reading of a rule: replaces parameters (``registry.eligibility.rules.PARAMETERS``) from
    ``since`` to before ``until``, at a county or at the city that stands for its province."""

    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    category = models.CharField(_("类别"), max_length=12, choices=codes.Category)
    parameters = models.JSONField(_("参数"))
    since = models.DateField(_("施行日期"))
    until = models.DateField(_("废止日期"), null=True, blank=True)
    document = models.CharField(_("文件名称或文号"), max_length=120)

    class Meta:
        verbose_name = _("本地规定")
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="variant_ends_after"),
        ]

    def holds_on(self, day: datetime.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def clean(self):
        """Only declared parameters of this category, each with a value that it accepts."""
        from registry.eligibility.rules import PARAMETERS

        if self.unit_id and self.unit.level not in (1, 2):
            raise ValidationError({"unit": [_("本地规定只能由市或县（市、区）制定。")]})
        if not isinstance(self.parameters, dict) or not self.parameters:
            raise ValidationError({"parameters": [_("请至少写一个参数。")]})
        for name, value in self.parameters.items():
            known = PARAMETERS.get(name)
            if known is None or self.category not in known.categories:
                message = _("“%(name)s”不是这个类别的参数。") % {"name": name}
                raise ValidationError({"parameters": [message]})
            if not known.accepts(value):
                message = _("参数“%(name)s”（%(label)s）的值不对。") % {"name": name, "label": known.label}
                raise ValidationError({"parameters": [message]})


class FindingKind(models.TextChoices):
    UNREGISTERED = "unregistered", _("符合但未登记该类别")
    ENDED = "ended", _("已登记但不再符合")
    UNCLAIMED = "unclaimed", _("有资格而未申请")
    AGE = "age", _("到龄退出")


class FindingState(models.TextChoices):
    OPEN = "open", _("待决定")
    DECIDED = "decided", _("已决定")
    GONE = "gone", _("情况已变，不再提出")


class FindingDecision(models.TextChoices):
    AGREE = "agree", _("同意办理")
    KEEP = "keep", _("维持现状")
    LATER = "later", _("到期再看")


class FindingQuerySet(ScopedQuerySet):
    def open(self):
        """What waits for somebody's decision. Served by finding_open_in_*."""
        return self.filter(state=FindingState.OPEN)


class Finding(Placed):
    """The program proposes, a person decides. One row for a child, kind and category, however often it is found.

    ``digest`` is a keyed hash over the facts that the rule read: a decision holds until they change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="findings")
    membership = models.ForeignKey(CategoryMembership, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(_("事项"), max_length=12, choices=FindingKind)
    category = models.CharField(_("类别"), max_length=12, choices=codes.Category)
    rule_version = models.CharField(_("规则版本"), max_length=20)
    digest = models.CharField(max_length=32)
    due_on = models.DateField(_("到龄日期"), null=True)
    first_seen = models.DateField(_("首次提出"))
    last_seen = models.DateField(_("最近一次提出"))
    state = models.CharField(_("状态"), max_length=8, choices=FindingState, default=FindingState.OPEN)
    version = models.PositiveIntegerField(default=1)
    decision = models.CharField(_("决定"), max_length=8, choices=FindingDecision, blank=True)
    ask_again_on = models.DateField(_("再看日期"), null=True)
    reason = models.TextField(_("理由"), blank=True)
    decided_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("待核事项")
        constraints = [
            models.UniqueConstraint(fields=["child", "kind", "category"], name="one_finding_per_child_and_kind"),
        ]
        indexes = [
            # the open ones of a scope, newest first
            models.Index(
                fields=[tier, "kind", "-first_seen", "-id"],
                name=f"finding_open_in_{tier}",
                condition=Q(state="open"),
            )
            for tier in ("county", "township", "village")
        ]


class FindingEvent(Event):
    record = models.ForeignKey(Finding, models.PROTECT, related_name="events")
