"""Every month of the made-up city waits to be counted."""

import datetime

from childwelfare.demo.makers import MAKERS, Demo
from orgs.stale_figures.models import CountyMonth
from orgs.stale_figures.services import month_of
from orgs.units.models import OrgUnit


def mark_months(demo: Demo) -> None:
    """Twelve months of every county are to be counted: the running one at once, the others by the worker."""
    months = {month_of(demo.today.replace(day=1) - datetime.timedelta(days=n)) for n in range(0, 340, 10)}
    counties = OrgUnit.objects.filter(level=2).current().values_list("pk", flat=True)
    months.add(month_of(demo.today))
    marks = [CountyMonth(county_id=county, month=month) for county in counties for month in sorted(months)]
    CountyMonth.objects.bulk_create(marks, ignore_conflicts=True)


MAKERS.add(mark_months, order=40)
