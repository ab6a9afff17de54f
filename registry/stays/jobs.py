"""Background jobs: stays begin and end with the day."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from registry.stays import services as stay


@shared_task(name="registry.settle_stays")
def settle_stays() -> None:
    """Stays whose first day or day of return has come."""
    stay.settle_stays()


schedule("settle-stays", settle_stays, crontab(hour=0, minute=10))
