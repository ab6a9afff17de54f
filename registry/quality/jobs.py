"""What the room does by itself at night. Shells around the services: messages carry ids only."""

from celery import shared_task

from orgs.models import Level, OrgUnit
from registry.services import stay
from registry.services.findings import recount_findings
from registry.services.quality import recount_issues


@shared_task
def recount_county_findings(county_id: int) -> None:
    recount_findings(OrgUnit.objects.get(pk=county_id))


@shared_task
def recount_all_findings() -> None:
    """Each county on its own: one that fails or gets lost is found again the next night."""
    for county_id in OrgUnit.objects.current().filter(level=Level.COUNTY).values_list("pk", flat=True):
        recount_county_findings.delay(county_id)


@shared_task
def settle_stays() -> None:
    """Stays whose first day or day of return has come."""
    stay.settle_stays()


@shared_task
def recount_county_issues(county_id: int) -> None:
    recount_issues(OrgUnit.objects.get(pk=county_id))


@shared_task
def recount_all_issues() -> None:
    """Each county on its own, as above."""
    for county_id in OrgUnit.objects.current().filter(level=Level.COUNTY).values_list("pk", flat=True):
        recount_county_issues.delay(county_id)
