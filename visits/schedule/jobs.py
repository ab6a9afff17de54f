"""Background jobs: open dues follow the rules, special rounds that are over are counted for good."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from childwelfare.jobs.services import job
from orgs.units.models import OrgUnit
from visits.schedule.services import rounds
from visits.schedule.services.recompute import recompute
from visits.schedule.services.recompute_order import KIND
from visits.schedule.services.telling import tell_overdue


@job(KIND)
def recompute_dues(record, progress) -> None:
    """Let open dues follow the rules: of the county ``params["county"]``, of all where it is None."""
    counties = [record.params["county"]] if record.params["county"] else OrgUnit.objects.current_counties()
    for number, county in enumerate(counties, start=1):
        recompute(county)
        progress(number, len(counties))


@shared_task(name="visits.recompute_county")
def recompute_county(county_id: int) -> None:
    recompute(county_id)


@shared_task(name="visits.settle_rounds")
def settle_rounds() -> None:
    """Every night: special rounds that are over are counted for good."""
    rounds.settle_rounds()


schedule("settle-rounds", settle_rounds, crontab(hour=1, minute=10))


@shared_task(name="visits.follow_rules")
def follow_rules() -> None:
    """Rules begin and end with the day; each county on its own: one that gets lost is found again the next night."""
    for county_id in OrgUnit.objects.current_counties():
        recompute_county.delay(county_id)


schedule("follow-visit-rules", follow_rules, crontab(hour=0, minute=20))


@shared_task(name="visits.tell_overdue")
def tell_overdue_visits() -> None:
    """Every morning: a village with overdue visits is told once a week."""
    tell_overdue()


schedule("tell-overdue-visits", tell_overdue_visits, crontab(hour=7, minute=0))
