"""The issues of the made-up files, counted when all else is made."""

from childwelfare.demo.makers import MAKERS, Demo
from orgs.units.models import OrgUnit
from registry.quality.services import recount_issues


def recount_all(demo: Demo) -> None:
    for county in OrgUnit.objects.filter(level=2).current():
        recount_issues(county)


MAKERS.add(recount_all, order=900)
