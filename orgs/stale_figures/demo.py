"""Every month of the made-up city waits to be counted."""

import datetime

from django.db.models import F

from childwelfare.demo.makers import MAKERS, Demo
from orgs.stale_figures.models import CountyMonth
from orgs.stale_figures.services import month_of
from orgs.units.models import OrgUnit


def mark_months(demo: Demo) -> None:
    """Twelve months of every county are to be counted: the running one at once, the others by the worker."""
    months = {month_of(demo.today.replace(day=1) - datetime.timedelta(days=n)) for n in range(0, 340, 10)}
    counties = list(OrgUnit.objects.filter(level=2).current().values_list("pk", flat=True))
    months.add(month_of(demo.today))
    marks = [CountyMonth(county_id=county, month=month, wanted=0) for county in counties for month in sorted(months)]
    CountyMonth.objects.bulk_create(marks, ignore_conflicts=True)
    # those that were there, counted while the registry was empty, as well
    CountyMonth.objects.filter(county__in=counties, month__in=months).update(wanted=F("wanted") + 1)


MAKERS.add(mark_months, order=40)
