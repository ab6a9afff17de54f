"""Shells around the roll-up: messages carry ids only."""

from celery import shared_task
from django.utils import timezone

from orgs.models import CountyMonth
from reports import exports
from reports.services.rollup import mark_overtaken, open_months, roll_up

AT_ONCE = 60  # messages a sweep; what is left comes with the next
FORGOTTEN_AFTER = 60  # seconds; by then the sweep has asked again


@shared_task
def roll_up_county(county_id: int, month: str) -> None:
    roll_up(county_id, month)


@shared_task
def delete_old_exports() -> None:
    exports.delete_old_exports()


@shared_task
def sweep_figures() -> None:
    """Count again what some write, the new day or a lost message left behind, the newest month first."""
    open_months()
    mark_overtaken()
    stale = CountyMonth.objects.stale(timezone.now()).order_by("-month", "county")
    for county_id, month in stale.values_list("county_id", "month")[:AT_ONCE]:
        roll_up_county.apply_async((county_id, month), expires=FORGOTTEN_AFTER)
