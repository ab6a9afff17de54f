"""What reporting says of units that are reorganised, and what follows in it."""

import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from childwelfare.text.words import Words
from orgs.reorganisation.models import Reorganisation
from orgs.reorganisation.registries import units_reorganised
from orgs.units.models import OrgUnit
from reports.periods.models import PeriodState, ReportingPeriod
from reports.submissions.models import Submission
from reports.submissions.opening import expect


def reported_since(root: OrgUnit, day: datetime.date) -> str:
    """Why units may not be altered from ``day`` on: a period that ends on it or later is over, or was told of. Who is
    expected in it stands, and what was sent is not counted again."""
    periods = ReportingPeriod.objects.filter(root=root, as_of__gte=day).order_by("-as_of")
    told = Submission.objects.filter(period__in=periods).exclude(current=None).values_list("period", flat=True)
    with_figures = set(told.distinct())
    today = timezone.localdate()
    for period in periods:
        if period.state == PeriodState.LOCKED or period.as_of < today or period.pk in with_figures:
            first = period.as_of + datetime.timedelta(days=1)
            return _("%(period)s已经填报或锁定，生效日期最早是%(day)s。") % {
                "period": period.month.label,
                "day": short_day(first),
            }
    return ""


def periods_untouched(units: Any) -> list[tuple[Words, int]]:
    """How many reports of closed units stay as they are."""
    sent = Submission.objects.filter(unit__in=units).exclude(current=None)
    return [(_("已报过的月份（份数），原样保留"), sent.count())]


@receiver(units_reorganised, dispatch_uid="who_is_expected")
def expect_the_new(sender: Any, reorganisation: Reorganisation, **_signal: Any) -> None:
    """Of a period that runs the units of today are expected."""
    today = timezone.localdate()
    for period in ReportingPeriod.objects.filter(root=reorganisation.root_id, state=PeriodState.OPEN, as_of__gte=today):
        expect(period)
