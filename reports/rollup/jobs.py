"""Background jobs: figures that a write has overtaken are counted again. Messages carry ids only."""

import datetime
import logging

from celery import shared_task
from django.utils import timezone

from childwelfare.jobs.models import Job
from childwelfare.jobs.schedule import schedule
from childwelfare.jobs.services import Progress, job
from orgs.stale_figures.keys import Kind
from orgs.stale_figures.models import CountyMonth
from orgs.units.models import OrgUnit
from reports.rollup.periods import Period
from reports.rollup.services import mark_overtaken, open_periods, roll_up, roll_up_counties

log = logging.getLogger(__name__)
AT_ONCE = 60  # counties and periods a sweep; what is left comes with the next
LONGER_EVERY = datetime.timedelta(minutes=5)  # a write is counted for its month at once, for quarter and year then
FORGOTTEN_AFTER = 60  # seconds; by then the sweep has asked again


@shared_task(name="reports.roll_up_county")
def roll_up_county(county_id: int, period: str) -> None:
    roll_up(county_id, period)


@shared_task(name="reports.count_counties")
def count_counties(county_ids: list[int], period: str) -> None:
    """All in one pass; where that fails each by itself, so that one that can't be counted keeps no other waiting."""
    try:
        roll_up_counties(county_ids, period)
    except Exception:
        log.exception("counties of %s could not be counted together", period)
        for county_id in county_ids:
            roll_up_county.apply_async((county_id, period), expires=FORGOTTEN_AFTER)


@shared_task(name="reports.sweep_figures")
def sweep_figures() -> None:
    """Count again what some write, the new day or a lost message left behind, what runs before what is over."""
    open_periods()
    mark_overtaken()
    counties_of: dict[str, list[int]] = {}
    for county_id, key in _to_count(timezone.now())[:AT_ONCE]:
        counties_of.setdefault(key, []).append(county_id)
    for key, counties in counties_of.items():
        count_counties.apply_async((counties, key), expires=FORGOTTEN_AFTER)


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
    """Count a period of the counties under ``params["unit"]`` anew."""
    unit = OrgUnit.objects.get(pk=record.params["unit"])
    if unit.level == 1:
        counties = list(unit.children.current().values_list("pk", flat=True))
    else:
        counties = [unit.county_id] if unit.county_id else []
    progress(0, len(counties))
    roll_up_counties(counties, record.params["period"], force=True)
    progress(len(counties), len(counties))
