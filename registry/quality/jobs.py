"""Background jobs: the issues of all files are counted anew by night. Messages carry ids only."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from orgs.units.models import OrgUnit
from registry.quality.services import recount_issues


@shared_task(name="registry.recount_county_issues")
def recount_county_issues(county_id: int) -> None:
    recount_issues(OrgUnit.objects.get(pk=county_id))


@shared_task(name="registry.recount_all_issues")
def recount_all_issues() -> None:
    """Each county on its own: one that fails or gets lost is found again the next night."""
    for county_id in OrgUnit.objects.current_counties():
        recount_county_issues.delay(county_id)


schedule("recount-issues", recount_all_issues, crontab(hour=3, minute=30))
