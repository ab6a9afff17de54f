"""Background jobs: figures that a write has overtaken are counted again. Messages carry ids only."""

import datetime

from celery import shared_task
from django.utils import timezone

from childwelfare.jobs.models import Job
from childwelfare.jobs.schedule import schedule
from childwelfare.jobs.services import Progress, job
from orgs.stale_figures.keys import Kind
from orgs.stale_figures.models import CountyMonth
from orgs.units.models import OrgUnit
from reports.rollup.periods import Period
from reports.rollup.services import mark_overtaken, open_periods, roll_up

AT_ONCE = 60  # messages a sweep; what is left comes with the next
LONGER_EVERY = datetime.timedelta(minutes=5)  # a write is counted for its month at once, for quarter and year then
FORGOTTEN_AFTER = 60  # seconds; by then the sweep has asked again


@shared_task(name="reports.roll_up_county")
def roll_up_county(county_id: int, period: str) -> None:
    roll_up(county_id, period)


@shared_task(name="reports.sweep_figures")
def sweep_figures() -> None:
    """Count again what some write, the new day or a lost message left behind, what runs before what is over."""
    open_periods()
    mark_overtaken()
    for county_id, key in _to_count(timezone.now())[:AT_ONCE]:
        roll_up_county.apply_async((county_id, key), expires=FORGOTTEN_AFTER)


def _to_count(now: datetime.datetime) -> list[tuple[int, str]]:
    """(county, period) of stale marks: what runs first, the month before quarter and year, then the latest."""
    found: list[tuple[tuple[int, int], int, str]] = []
    for county, key, rolled_at in CountyMonth.objects.stale(now).values_list("county_id", "period", "rolled_at"):
        period = Period.of(key)
        if period.running and period.kind != Kind.MONTH and rolled_at and now - rolled_at < LONGER_EVERY:
            continue
        # of those that run the shortest first, of those that are over the latest
        days = period.last.toordinal()
        order = (0, days - period.first.toordinal()) if period.running else (1, -days)
        found.append((order, county, key))
    return [(county, key) for _order, county, key in sorted(found)]


schedule("sweep-figures", sweep_figures, 20.0)


@job("rollup")
def recount(record: Job, progress: Progress) -> None:
    """Count a period of the counties under ``params["unit"]`` anew, one after the other."""
    unit = OrgUnit.objects.get(pk=record.params["unit"])
    if unit.level == 1:
        counties = list(unit.children.current().in_order().values_list("pk", flat=True))
    else:
        counties = [unit.county_id] if unit.county_id else []
    progress(0, len(counties))
    for done, county in enumerate(counties, start=1):
        roll_up(county, record.params["period"], force=True)
        progress(done, len(counties))
