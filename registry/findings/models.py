"""What a place does differently from the national rules, and what the rules found about the children on file."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.models import Event
from orgs.access.scope import Placed, ScopedQuerySet
from registry.categories.models import CategoryMembership
from registry.child import codes
from registry.child.models import ChildFile


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
    def open(self) -> Self:
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

    STATE_TONES = {"open": "brand"}

    objects: ClassVar = FindingQuerySet.as_manager()

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
    """``before``: what the decision overwrote, so that it can be put back (registry.findings.moves)."""

    facts = ("before",)

    record = models.ForeignKey(Finding, models.PROTECT, related_name="events")
    before = models.JSONField(default=dict, db_default={})

    @property
    def words(self) -> str:
        """What was decided, or that it was taken back."""
        return str(_("撤销") if self.action == "undo" else FindingDecision(self.action).label)
