"""How often a child is visited, and what is due when."""

import datetime
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.tables.prepared import Parameter
from childwelfare.text.words import Words
from orgs.access.scope import Placed, ScopedQuerySet
from orgs.posts.models import Role
from orgs.units.models import OrgUnit
from registry.child.codes import Category, Risk
from registry.family.models import Guardian
from registry.stays.models import Stay
from visits.visit.models import Visit, VisitQuerySet


class VisitRuleQuerySet(models.QuerySet):
    def at(self, county_id: int | Parameter | None) -> Self:
        """The rules that speak of ``county_id``: its own and the general ones; the general ones alone for None."""
        return self.filter(Q(county=None) | Q(county=county_id))

    def not_over(self, on: datetime.date) -> Self:
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


def overdue_on(day: Any, due_on: str = "due_on") -> Q:
    """The dues that are overdue on ``day``: past their day and not done. What falls due on ``day`` itself is not, it
    can still be done; so the figures count too (``reports.indicators``, "visits_overdue"). ``due_on``: the column or
    annotation with their day."""
    return Q(ended_on=None, **{f"{due_on}__lt": day})


class VisitDueQuerySet(ScopedQuerySet):
    def of_child_since(self, child: Any, day: Any) -> Self:
        """The dues of one child that are open or were not over before ``day``, oldest first."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), child=child).order_by("since", "pk")

    def open(self) -> Self:
        """What nobody has visited yet."""
        return self.filter(ended_on=None)

    def overdue(self, on: datetime.date) -> Self:
        """As ``overdue_on``, longest first. Served by due_open_*."""
        return self.filter(overdue_on(on)).order_by("due_on", "child_id")

    def coming(self, on: datetime.date, days: int = 7) -> Self:
        """Open, not overdue, due within ``days`` days, soonest first. Served by due_open_*."""
        until = on + datetime.timedelta(days=days)
        return self.open().filter(due_on__range=(on, until)).order_by("due_on", "child_id")

    def delete(self) -> tuple[int, dict[str, int]]:
        """With what they were in figures of months that are over kept."""
        dues: Any = self
        OvertakenDue.objects.bulk_create(OvertakenDue.of(due) for due in dues if due.counted_by(last_month_end()))
        return super().delete()

    def forget(self) -> None:
        """Delete without keeping anything: others have taken their place in every month."""
        super().delete()


def last_month_end() -> datetime.date:
    """The last day of the month before this one."""
    return timezone.localdate().replace(day=1) - datetime.timedelta(days=1)


class VisitDue(Placed):
    """One visit that is owed: counted from ``since`` (approval of the file or the visit before).

    It ends on ``ended_on``: with the ``visit`` that did it, or without one when the child leaves the registry.
    """

    child = models.ForeignKey("registry.ChildFile", models.PROTECT, related_name="dues")
    since = models.DateField()
    days = models.PositiveSmallIntegerField()
    due_on = models.DateField(_("应访日期"))
    ended_on = models.DateField(_("完成日期"), null=True, blank=True)
    # its interval became shorter while it was open: by the interval it is owed on this day, not before (decision 0016)
    not_before = models.DateField(null=True, editable=False)
    visit = models.OneToOneField("visits.Visit", models.PROTECT, null=True, related_name="due")
    # since when it is planned so, where an earlier day is told otherwise than before; blank: all along
    known_from = models.DateField(null=True, editable=False)

    objects: ClassVar = VisitDueQuerySet.as_manager()

    # what is put on a due that was read, for who plans it, and for pages, paper and phones
    extra: "ExtraVisit | None"
    in_rounds: list["VisitRound"]
    help: Any  # what may be begun for the child besides (visits.help)
    holiday: Any
    carer: Guardian | None
    stay: Stay | None
    tried: Visit | None
    to_mend: Visit | None
    last: Visit | None
    address: str
    call: str
    map: str
    years: int
    late: int
    family: list[str]
    noticed: dict

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
            models.Index(fields=["county", "due_on", "ended_on", "village", "known_from"], name="due_figures"),
            models.Index(
                fields=["county", "ended_on", "due_on", "village", "known_from", "visit"], name="due_figures_done"
            ),
            # who was visited in a period, by the child (reports.crossing), index only; who is owed a visit: due_open_*
            models.Index(
                fields=["county", "ended_on", "child", "known_from"],
                name="due_done_county",
                condition=Q(visit__isnull=False),
            ),
            # the same of the few villages that were just written to, index only
            models.Index(
                fields=["village", "ended_on", "due_on", "child", "known_from", "visit"],
                name="due_done_village",
                condition=Q(ended_on__isnull=False),
            ),
        ]

    def is_overdue(self, day: datetime.date) -> bool:
        """As ``overdue_on``, of a due that was read."""
        return self.ended_on is None and self.due_on < day

    def counted_by(self, last: datetime.date) -> tuple | None:
        """What figures of months until ``last``, a month's last day, say of it; None where none knew of it."""
        if self.known_from and self.known_from > last:
            return None
        if self.ended_on is None or self.ended_on > last:
            return (self.village_id, self.due_on, None, False) if self.due_on <= last else None
        ended_in_its_month = (self.due_on.year, self.due_on.month) == (self.ended_on.year, self.ended_on.month)
        if self.visit_id is None and (ended_in_its_month or self.ended_on <= self.due_on):
            return None  # the child left before any month's end found it owed
        return (self.village_id, self.due_on, self.ended_on, self.visit_id is not None)


class OvertakenDueQuerySet(ScopedQuerySet):
    def known(self, day: datetime.date) -> Self:
        """As it was known at the end of ``day``."""
        return self.filter(Q(known_from=None) | Q(known_from__lte=day), known_until__gt=day)


class OvertakenDue(Placed):
    """A due as months that are over have counted it, and as it is planned no more since ``known_until``: a visit came
    in late, was sent back, or the child had left before. Few: who visits in time overtakes nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey("registry.ChildFile", models.PROTECT, related_name="+")
    due_on = models.DateField()
    ended_on = models.DateField(null=True)
    visit = models.ForeignKey("visits.Visit", models.PROTECT, null=True, related_name="+")
    known_from = models.DateField(null=True)
    known_until = models.DateField()

    objects: ClassVar = OvertakenDueQuerySet.as_manager()

    class Meta:
        verbose_name = _("改计划以前的应访")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["county", "known_until", "due_on"], name="overtaken_due_figures")]

    @classmethod
    def of(cls, due: VisitDue) -> Self:
        """Not saved; known until today."""
        names = ("child_id", "due_on", "ended_on", "visit_id", "known_from")
        kept = cls(known_until=timezone.localdate(), **{name: getattr(due, name) for name in names})
        kept.place(due)
        return kept


SHOWN_AFTER = datetime.timedelta(days=14)


class VisitRoundQuerySet(models.QuerySet):
    def at(self, unit: OrgUnit) -> Self:
        """Rounds of the county and the city above ``unit``, or of ``unit`` itself; for a city its own alone."""
        return self.filter(unit__in=[pk for pk in (unit.city_id, unit.county_id) if pk])

    def valid(self) -> Self:
        return self.filter(withdrawn_on=None)

    def to_settle(self, on: datetime.date) -> Self:
        """Over for so long that nobody is sent for it any more, and not counted for good yet."""
        return self.valid().filter(until__lt=on - SHOWN_AFTER, settled_on=None)

    def running(self, on: datetime.date) -> Self:
        """Begun, and not over for so long that who was missed is no longer shown."""
        return self.valid().filter(since__lte=on, until__gte=on - SHOWN_AFTER).order_by("until", "since", "pk")


class VisitRound(models.Model):
    """Every child in the registry with one of ``categories`` (all, where empty) is visited once from ``since`` to
    ``until``, the last day, besides the rule.

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

    def __str__(self) -> str:
        return self.name

    @property
    def category_labels(self) -> list[Words]:
        return [Category(code).label for code in self.categories]

    def owed(self) -> VisitDueQuerySet:
        """The open dues of the children in the round, each with ``done``: whether a visit in its days met the child.
        Served by due_open_* and visit_of_child."""
        return VisitDue.objects.open().annotate(done=Exists(self.visits_of(OuterRef("child")))).filter(self.holds())

    def visits_of(self, child: Any) -> VisitQuerySet:
        """The visits in the round's days that met ``child``."""
        return Visit.objects.seen().filter(child=child, visited_on__range=(self.since, self.until))

    def holds(self) -> Q:
        """Of a due: whether its child is in the round."""
        holds = Q()
        for code in self.categories:
            holds |= Q(child__category_codes__contains=code)  # no code is part of another
        return holds or Q(pk__isnull=False)


class RoundCount(Placed):
    """How a round ended in one village: children who were in it, and those visited in its days. Never changed."""

    round = models.ForeignKey(VisitRound, models.PROTECT, related_name="counts")
    owed = models.PositiveIntegerField(_("应走访"))
    done = models.PositiveIntegerField(_("已走访"))

    class Meta:
        verbose_name = _("专项走访结果")
        constraints = [models.UniqueConstraint(fields=["round", "village"], name="a_village_once_in_a_round")]


class ExtraVisitQuerySet(ScopedQuerySet):
    """By the place of the child's file."""

    via = "child__"

    def valid(self) -> Self:
        return self.filter(withdrawn_at=None)

    def open(self) -> Self:
        """What nobody has done, and nobody taken back."""
        return self.valid().filter(ended_on=None)


class ExtraVisit(models.Model):
    """The child is to be visited by ``due_on`` because of ``reason``: its open due is owed by then.

    ``visit`` and ``ended_on`` follow from the child's valid visits (``services.dues``): the next one that met
    the child did it; it ended without one when the child left who was asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey("registry.ChildFile", models.PROTECT, related_name="extra_visits")
    due_on = models.DateField(_("最迟哪天"))
    reason = models.CharField(_("为什么加访"), max_length=200)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    withdraw_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)
    ended_on = models.DateField(_("完成日期"), null=True, blank=True)
    visit = models.ForeignKey("visits.Visit", models.PROTECT, null=True, related_name="extras")

    objects = ExtraVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("加访")
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(visit=None) | Q(ended_on__isnull=False), name="a_visit_ends_the_extra"),
        ]
        indexes = [
            # open() of some children: a look that nearly always finds nothing
            models.Index(fields=["child"], name="extra_open", condition=Q(ended_on=None, withdrawn_at=None)),
        ]

    def done_by(self, visit: Visit) -> bool:
        """Whether ``visit`` comes after the asking: on a later day, or recorded later on the same day."""
        asked_on = timezone.localdate(self.made_at)
        return visit.visited_on > asked_on or (visit.visited_on == asked_on and visit.made_at >= self.made_at)
