"""Special rounds of visits: 暑期, 春节."""

import datetime
import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import Placed
from registry.codes import Category
from visits.models.schedule import VisitDue
from visits.models.visit import Visit

SHOWN_AFTER = datetime.timedelta(days=14)


class VisitRoundQuerySet(models.QuerySet):
    def at(self, unit):
        """Rounds of the county and the city above ``unit``, or of ``unit`` itself; for a city its own alone."""
        return self.filter(unit__in=[pk for pk in (unit.city_id, unit.county_id) if pk])

    def standing(self):
        return self.filter(withdrawn_on=None)

    def to_settle(self, on: datetime.date):
        """Over for so long that nobody is sent for it any more, and not counted for good yet."""
        return self.standing().filter(until__lt=on - SHOWN_AFTER, settled_on=None)

    def running(self, on: datetime.date):
        """Begun, and not over for so long that who was missed is no longer shown."""
        return self.standing().filter(since__lte=on, until__gte=on - SHOWN_AFTER).order_by("until", "since", "pk")


class VisitRound(models.Model):
    """Every child in care with one of ``categories`` (all, where empty) is visited once from ``since`` to ``until``,
    the last day, besides the rule.

    Who is left is counted from the visits themselves: whoever owes a child's next visit owes it in the round too, so
    that nobody who died, moved or was merged is due, and a visit counts in whatever order it arrives. Two weeks after
    the last day the counts are settled (RoundCount), so that a figure that was reported stays what it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=40)
    categories = models.JSONField(_("类别"), default=list, blank=True)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("截止日期"))
    document = models.CharField(_("文件名称或文号"), max_length=120, blank=True)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("安排时间"), default=timezone.now)
    withdrawn_on = models.DateField(_("取消日期"), null=True, blank=True)
    withdraw_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    settled_on = models.DateField(_("定稿日期"), null=True, blank=True)

    objects = VisitRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("专项走访")
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="round_ends_after_it_begins")]

    def __str__(self):
        return self.name

    @property
    def category_labels(self) -> list[str]:
        return [Category(code).label for code in self.categories]

    def owed(self):
        """The open dues of the children in the round, each with ``done``: whether a visit in its days met the child.
        Served by due_open_* and visit_of_child."""
        visits = Visit.objects.seen().filter(child=OuterRef("child"), visited_on__range=(self.since, self.until))
        dues = VisitDue.objects.open().annotate(done=Exists(visits))
        if not self.categories:
            return dues
        holds = Q()
        for code in self.categories:
            holds |= Q(child__category_codes__contains=code)  # no code is part of another
        return dues.filter(holds)


class RoundCount(Placed):
    """How a round ended in one village: children who were in it, and those visited in its days. Never changed."""

    round = models.ForeignKey(VisitRound, models.PROTECT, related_name="counts")
    owed = models.PositiveIntegerField(_("应走访"))
    done = models.PositiveIntegerField(_("已走访"))

    class Meta:
        verbose_name = _("专项走访结果")
        constraints = [models.UniqueConstraint(fields=["round", "village"], name="a_village_once_in_a_round")]
