"""Background jobs: the findings of a county are recounted by night, and when a person asks for it."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from childwelfare.jobs.services import job
from orgs.units.models import OrgUnit
from registry.findings.services.recount import RECOUNT, recount_findings


@job(RECOUNT)
def recount(record, progress) -> None:
    """Recount the findings of the county ``params["county"]``."""
    recount_findings(OrgUnit.objects.get(pk=record.params["county"]), progress=progress)


@shared_task(name="registry.recount_county_findings")
def recount_county_findings(county_id: int) -> None:
    recount_findings(OrgUnit.objects.get(pk=county_id))


@shared_task(name="registry.recount_all_findings")
def recount_all_findings() -> None:
    """Each county on its own: one that fails or gets lost is found again the next night."""
    for county_id in OrgUnit.objects.current_counties():
        recount_county_findings.delay(county_id)


schedule("recount-findings", recount_all_findings, crontab(hour=2, minute=30))
