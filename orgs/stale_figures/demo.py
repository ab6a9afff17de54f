"""Every period of the made-up city waits to be counted."""

from childwelfare.demo.makers import MAKERS, Demo
from orgs.stale_figures.keys import keys_since
from orgs.stale_figures.models import CountyMonth
from orgs.units.models import OrgUnit


def mark_periods(demo: Demo) -> None:
    """A year of every county is to be counted: the running month at once, the others by the worker."""
    keys = keys_since(demo.today.replace(year=demo.today.year - 1, day=1), demo.today)
    counties = list(OrgUnit.objects.filter(level=2).current().values_list("pk", flat=True))
    marks = [CountyMonth(county_id=county, period=key, wanted=0) for county in counties for key in sorted(keys)]
    CountyMonth.objects.bulk_create(marks, ignore_conflicts=True)
    # those that were there, counted while the registry was empty, as well
    CountyMonth.objects.filter(county__in=counties).overtake()


MAKERS.add(mark_periods, order=40)
