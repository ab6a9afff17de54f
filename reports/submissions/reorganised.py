"""What reporting says of units that are to be reorganised."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from childwelfare.text.words import Words
from orgs.units.models import OrgUnit
from reports.periods.models import PeriodState, ReportingPeriod
from reports.submissions.models import OPEN_STATES, Submission


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
    """How many reports of closed units stay as they are, and how many of months that are over are still to be sent."""
    rows = Submission.objects.filter(unit__in=units)
    owed = rows.filter(state__in=OPEN_STATES, period__state=PeriodState.OPEN, period__as_of__lt=timezone.localdate())
    return [
        (_("已报过的月份（份数），原样保留"), rows.reported().count()),
        (_("没有报或退回要重报的月份（份数），还要报"), owed.count()),
    ]
