"""Spot checks (抽查): the station calls back about some visits of each director, and what was said is laid beside."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.components import Chip
from orgs.access.scope import Placed, ScopedQuerySet
from visits.visit import codes
from visits.visit.models import VisitState


class Happened(models.TextChoices):
    YES = "yes", _("来过")
    NO = "no", _("没有来过")
    UNSURE = "unsure", _("记不清")
    UNREACHED = "unreached", _("没联系上")


class SpotCheckQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Not called yet, or not reached. Served by check_open."""
        return self.filter(asked_on=None)


class SpotCheck(Placed):
    """One visit that was drawn, and what its family said about it. ``differences``: names of Visit's fields, or
    ``happened``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.OneToOneField("visits.Visit", models.PROTECT, related_name="spot_check")
    month = models.DateField()
    drawn_at = models.DateTimeField(default=timezone.now)
    drawn_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    asked_on = models.DateField(_("回访日期"), null=True)
    asked_in = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")
    asked_who = models.CharField(_("问的是谁"), max_length=50, blank=True)
    happened = models.CharField(_("主任来过吗"), max_length=10, choices=Happened, blank=True)
    said_on = models.DateField(_("说是哪天来的"), null=True)
    carer = models.CharField(_("说是谁在照看"), max_length=8, choices=codes.Carer, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    differences = models.JSONField(default=list)

    objects: ClassVar = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访抽查")
        ordering = ["-month", "village_id", "pk"]
        indexes = [models.Index(fields=["township", "month"], name="check_of_month")]

    @property
    def may_be_asked(self) -> bool:
        """Whether the station may call now: nobody was asked yet, and the visit is not being written anew."""
        return self.asked_on is None and self.visit.state != VisitState.RETURNED

    @property
    def result(self) -> Chip:
        """What came of calling back, in a word."""
        if self.differences:
            return Chip(label=_("不一致"), tone="danger")
        if self.asked_on:
            return Chip(label=_("一致"), tone="ok")
        if self.visit.is_taken_back:
            return Chip(label=_("走访已撤回修改"), tone="warm")
        if self.visit.state == VisitState.RETURNED:
            return Chip(label=_("走访已退回"), tone="warm")
        return Chip(label=_("待回访"), tone="outline")
