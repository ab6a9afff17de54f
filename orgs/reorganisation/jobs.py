"""Background job: orders take effect on their day."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from orgs.reorganisation.services import apply_due


@shared_task(name="orgs.apply_reorganisations")
def apply_reorganisations() -> None:
    """Soon after midnight. Safe to run twice: an order has one outcome."""
    apply_due()


schedule("apply-reorganisations", apply_reorganisations, crontab(hour=0, minute=5))
