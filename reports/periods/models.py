"""A period that the units of one city report on, and the days by which they do."""

import datetime
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.models import Event
from orgs.access.scope import TIERS, ScopedQuerySet
from orgs.units.models import NOTHING, OrgUnit
from reports.periods.deadlines import ENDS_AT, Deadlines
from reports.rollup.periods import Period


class PeriodState(models.TextChoices):
    OPEN = "open", _("填报中")
    LOCKED = "locked", _("已锁定")


class PeriodQuerySet(ScopedQuerySet):
    via = "root__"

    def of(self, unit: OrgUnit) -> Self:
        """Those that ``unit`` reports in, the newest first: those of the root of its tree."""
        return self.filter(root=unit.city_id or unit.county_id).order_by("-key")


class ReportingPeriod(models.Model):
    """``root``: the unit at the top, whose tree reports; ``key`` as of a ``Period`` of figures. ``definitions``: the
    hash of what the indicators meant when it was opened. Its figures are as of ``as_of``, the last day. ``days``: {tier
    or "locks": how many days after its end}, as they held when it was opened; ``by_hand``: those of them that somebody
    moved, which follow the calendar of days off no more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    root = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    key = models.CharField(_("期间"), max_length=7)
    as_of = models.DateField(_("期末"))
    definitions = models.CharField(max_length=64)
    due_village = models.DateField(_("村（居）截止"))
    due_township = models.DateField(_("乡镇（街道）截止"))
    due_county = models.DateField(_("县（市、区）截止"))
    due_city = models.DateField(_("市级截止"))
    locks_on = models.DateField(_("锁定日期"))
    days = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    by_hand = models.JSONField(default=list, db_default=NOTHING)
    state = models.CharField(_("状态"), max_length=6, choices=PeriodState, default=PeriodState.OPEN)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(default=timezone.now)

    # put on a row that is shown: how many units are where, and whether its reader may lock it
    numbers: dict[str, int]
    may_lock: bool

    objects: ClassVar = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("填报期")
        ordering = ["-key"]
        constraints = [
            models.UniqueConstraint(fields=["root", "key"], name="one_reporting_period_per_root_and_key"),
            models.CheckConstraint(
                condition=Q(due_township__gte=F("due_village"), due_county__gte=F("due_township"))
                & Q(due_city__gte=F("due_county"), locks_on__gte=F("due_city")),
                name="period_due_from_below_upwards",
            ),
        ]

    def __str__(self) -> str:
        return self.month.label

    @property
    def month(self) -> Period:
        """As it is known now, on its last day."""
        return Period.of(self.key)

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed, so that it can be reported."""
        return self.as_of < timezone.localdate()

    @property
    def is_locked(self) -> bool:
        return self.state == PeriodState.LOCKED

    @property
    def deadlines(self) -> Deadlines:
        return Deadlines(self.due_village, self.due_township, self.due_county, self.due_city, self.locks_on)

    def set_deadlines(self, deadlines: Deadlines) -> None:
        for tier in TIERS:
            setattr(self, f"due_{tier}", getattr(deadlines, tier))
        self.locks_on = deadlines.locks


def moment_due(day: datetime.date) -> datetime.datetime:
    """The end of the working day ``day``."""
    return timezone.make_aware(datetime.datetime.combine(day, ENDS_AT))


def first_day_to_come() -> datetime.date:
    """The first last day that is not over: today, in the evening tomorrow."""
    today = timezone.localdate()
    return today if timezone.now() <= moment_due(today) else today + datetime.timedelta(days=1)


def days_late(due_on: datetime.date) -> int | None:
    """How many days ``due_on``, the last one, is past: 0 on the evening of it, None while its time is not over."""
    return (timezone.localdate() - due_on).days if timezone.now() > moment_due(due_on) else None


def due_before(moment: datetime.datetime) -> Q:
    """Of rows with a last day ``due_on``: it is over at ``moment``."""
    today = timezone.localdate(moment)
    return Q(due_on__lt=today) if moment < moment_due(today) else Q(due_on__lte=today)


class PeriodEvent(Event):
    """Without a person: the calendar did it."""

    record = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="events")
    person = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]


class DeadlineRule(models.Model):
    """The days after a period's end that a city wrote down in place of those of the program (``deadlines``)."""

    root = models.OneToOneField(OrgUnit, models.PROTECT, related_name="+")
    village = models.PositiveSmallIntegerField(_("村（居）"))
    township = models.PositiveSmallIntegerField(_("乡镇（街道）"))
    county = models.PositiveSmallIntegerField(_("县（市、区）"))
    city = models.PositiveSmallIntegerField(_("市"))
    locks = models.PositiveSmallIntegerField(_("锁定"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("填报期限")

    @property
    def days(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("village", "township", "county", "city", "locks")}
