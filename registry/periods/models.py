"""Times in the registry that are over: where a child was counted, from when to when."""

import datetime
import uuid
from typing import ClassVar, NamedTuple

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orgs.access.scope import Placed, ScopedQuerySet
from registry.child.models import ChildFile


class PeriodEnd(models.TextChoices):
    MOVED = "moved", _("转出")
    CLOSED = "closed", _("结案")
    UNITS = "units", _("机构调整")


class PastPeriod(Placed):
    """The child was in the registry here from ``since`` until ``until`` (the first day it no longer was).

    The time that runs now stands in the file itself: ``ChildFile.begun_on`` to ``closed_on`` at the file's place. So
    only who moved or was closed and reopened has rows here, and figures of past months stay where they were counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="past_periods")
    since = models.DateField()
    until = models.DateField()
    ended_by = models.CharField(max_length=8, choices=PeriodEnd)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("过去的在册时段")
        ordering = ["since", "until", "id"]
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="period_ends_after_it_begins")]


class RegistrationPeriod(NamedTuple):
    """A time in the registry; ``place`` has the columns of a placed record; ``until`` None: it runs. ``goes_on``: it
    ended because the unit was reorganised, and what was owed is owed by the next one."""

    since: datetime.date
    until: datetime.date | None
    place: Placed
    goes_on: bool = False


def periods_of(file: ChildFile) -> list[RegistrationPeriod]:
    """Every time of ``file`` in the registry, oldest first, the present one last; none before approval."""
    if file.approved_on is None or file.begun_on is None:
        return []
    past = [
        RegistrationPeriod(period.since, period.until, period, period.ended_by == PeriodEnd.UNITS)
        for period in file.past_periods.all()
    ]
    return [*past, RegistrationPeriod(file.begun_on, file.closed_on, file)]
