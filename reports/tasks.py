"""Shells around the roll-up: messages carry ids only."""

from celery import shared_task
from django.utils import timezone

from orgs.models import CountyMonth
from reports.services.rollup import mark_running_month, roll_up


@shared_task
def roll_up_county(county_id: int, month: str) -> None:
    roll_up(county_id, month)


@shared_task
def sweep_figures() -> None:
    """Count again what some write has overtaken: messages may be lost, marks are not."""
    mark_running_month()
    for county_id, month in CountyMonth.objects.stale(timezone.now()).values_list("county_id", "month")[:200]:
        roll_up_county.delay(county_id, month)
