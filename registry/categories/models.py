"""Dated memberships in the categories that the registry covers: dynamic management (动态管理)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orgs.access.scope import Placed
from registry.child import codes
from registry.child.models import ChildFile


class CategoryMembership(Placed):
    """A child holds a category from ``since`` until ``until`` (the first day it no longer does)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="memberships")
    category = models.CharField(_("类别"), max_length=12, choices=codes.Category)
    difficulty = models.CharField(_("困境类型"), max_length=12, choices=codes.Difficulty, blank=True)
    since = models.DateField(_("起始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    grounds = models.CharField(_("依据"), max_length=codes.GROUNDS_LONGEST, blank=True)
    exit_reason = models.CharField(_("退出原因"), max_length=12, choices=codes.ExitReason, blank=True)
    decided_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("儿童类别")
        ordering = ["since", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "category"], condition=Q(until=None), name="one_open_membership_per_category"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="membership_ends_after"),
        ]
