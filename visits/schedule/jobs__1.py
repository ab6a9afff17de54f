"""What the room does by itself. Shells around the services: messages carry ids only."""

from celery import shared_task

from visits.jobs import current_counties
from visits.services import alert_escalation, rounds
from visits.services.recompute import recompute


@shared_task
def escalate_alerts() -> None:
    """Every minute: a report for which nobody signs is told to the tier above."""
    alert_escalation.escalate()


@shared_task
def recompute_county(county_id: int) -> None:
    recompute(county_id)


@shared_task
def settle_rounds() -> None:
    """Every night: special rounds that are over are counted for good."""
    rounds.settle_rounds()


@shared_task
def follow_rules() -> None:
    """Rules begin and end with the day; each county on its own: one that gets lost is found again the next night."""
    for county_id in current_counties():
        recompute_county.delay(county_id)
