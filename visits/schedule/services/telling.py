"""Directors are told that visits of their villages are overdue, once a week."""

import datetime

from django.utils import timezone

from orgs.inbox.services import notify_each
from orgs.units.models import OrgUnit
from visits.schedule.models import VisitDue


def tell_overdue(on: datetime.date | None = None) -> None:
    """Tell each village with overdue visits, county by county; whoever was told in this week (ISO 8601, from Monday)
    is not told again. What fell due in the middle of a week is told when the village is first overdue in it."""
    today = on or timezone.localdate()
    year, week, _weekday = today.isocalendar()
    for county in OrgUnit.objects.current_counties():
        overdue = VisitDue.objects.overdue(today).filter(county=county).order_by().values("village").distinct()
        villages = list(OrgUnit.objects.filter(pk__in=overdue))
        if villages:
            notify_each("visits_overdue", villages, permission="log_visit", key=f"{year}-W{week:02}")
