"""How often a child is visited, and what is due when."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orgs.models import Placed, Role, ScopedQuerySet
from registry.codes import Category, Risk


class VisitRuleQuerySet(models.QuerySet):
    def at(self, county_id: int | None):
        """The rules that speak of ``county_id``: its own and the general ones; the general ones alone for None."""
        return self.filter(Q(county=None) | Q(county=county_id))

    def not_over(self, on: datetime.date):
        """In force on ``on``, or to come."""
        return self.filter(Q(until=None) | Q(until__gt=on))


class VisitRule(models.Model):
    """Every ``days`` days for a risk level × category × post, from ``since`` to before ``until``.

    The most particular rule counts: a county's before the general one, one for a category before one for all;
    among several categories of a child the shortest. Where none is in force, ``rules.DEFAULT_DAYS`` counts.
    A rule is ended, never rewritten, so that a due date of the past can be explained.
    """

    county = models.ForeignKey("orgs.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+")
    risk = models.CharField(_("风险等级"), max_length=8, choices=Risk)
    category = models.CharField(_("类别"), max_length=12, choices=Category, blank=True)
    role = models.CharField(_("岗位"), max_length=32, choices=Role, default=Role.VILLAGE_DIRECTOR)
    days = models.PositiveSmallIntegerField(_("间隔天数"))
    since = models.DateField(_("施行日期"), default=datetime.date(2017, 5, 8))
    until = models.DateField(_("废止日期"), null=True, blank=True)
    document = models.CharField(_("文件名称或文号"), max_length=120, blank=True)

    objects = VisitRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访频次规则")
        constraints = [models.CheckConstraint(condition=Q(days__gte=1), name="rule_of_at_least_a_day")]

    def holds_on(self, day: datetime.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class VisitDueQuerySet(ScopedQuerySet):
    def open(self):
        """What nobody has visited yet."""
        return self.filter(ended_on=None)

    def overdue(self, on: datetime.date):
        """Open and past its day, longest first. Served by due_open_*."""
        return self.open().filter(due_on__lt=on).order_by("due_on", "child_id")


class VisitDue(Placed):
    """One visit that is owed: counted from ``since`` (approval of the file or the visit before).

    It ends on ``ended_on``: with the ``visit`` that did it, or without one when the child leaves the registry.
    """

    child = models.ForeignKey("registry.ChildFile", models.PROTECT, related_name="dues")
    since = models.DateField()
    days = models.PositiveSmallIntegerField()
    due_on = models.DateField(_("应访日期"))
    ended_on = models.DateField(_("完成日期"), null=True, blank=True)
    visit = models.OneToOneField("visits.Visit", models.PROTECT, null=True, related_name="due")

    objects = VisitDueQuerySet.as_manager()

    class Meta:
        verbose_name = _("应访")
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=Q(ended_on=None), name="one_open_due_per_child"),
            models.CheckConstraint(condition=Q(visit=None) | Q(ended_on__isnull=False), name="a_visit_ends_the_due"),
            models.CheckConstraint(condition=Q(due_on__gte=F("since")), name="due_after_since"),
        ]
        indexes = [
            # overdue() and coming() within a scope
            models.Index(fields=["village", "due_on", "child"], name="due_open_village", condition=Q(ended_on=None)),
            models.Index(fields=["township", "due_on", "child"], name="due_open_township", condition=Q(ended_on=None)),
            models.Index(fields=["county", "due_on", "child"], name="due_open_county", condition=Q(ended_on=None)),
            # the month's counts of the roll-up, index only
            models.Index(fields=["county", "due_on", "ended_on", "village"], name="due_figures"),
            models.Index(fields=["county", "ended_on", "due_on", "village"], name="due_figures_ended"),
        ]
