"""Background jobs: figures that a write has overtaken are counted again. Messages carry ids only."""

from celery import shared_task
from django.utils import timezone

from childwelfare.jobs.models import Job
from childwelfare.jobs.schedule import schedule
from childwelfare.jobs.services import Progress, job
from orgs.stale_figures.models import CountyMonth
from orgs.units.models import OrgUnit
from reports.rollup.services import mark_overtaken, open_months, roll_up

AT_ONCE = 60  # messages a sweep; what is left comes with the next
FORGOTTEN_AFTER = 60  # seconds; by then the sweep has asked again


@shared_task(name="reports.roll_up_county")
def roll_up_county(county_id: int, month: str) -> None:
    roll_up(county_id, month)


@shared_task(name="reports.sweep_figures")
def sweep_figures() -> None:
    """Count again what some write, the new day or a lost message left behind, the newest month first."""
    open_months()
    mark_overtaken()
    stale = CountyMonth.objects.stale(timezone.now()).order_by("-month", "county")
    for county_id, month in stale.values_list("county_id", "month")[:AT_ONCE]:
        roll_up_county.apply_async((county_id, month), expires=FORGOTTEN_AFTER)


schedule("sweep-figures", sweep_figures, 20.0)


@job("rollup")
def recount(record: Job, progress: Progress) -> None:
    """Count a month of the counties under ``params["unit"]`` anew, one after the other."""
    unit = OrgUnit.objects.get(pk=record.params["unit"])
    if unit.level == 1:
        counties = list(unit.children.current().in_order().values_list("pk", flat=True))
    else:
        counties = [unit.county_id] if unit.county_id else []
    progress(0, len(counties))
    for done, county in enumerate(counties, start=1):
        roll_up(county, record.params["month"], force=True)
        progress(done, len(counties))
