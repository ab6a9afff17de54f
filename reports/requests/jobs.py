"""Background job: what was asked of villages that nobody holds any more."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from reports.requests.notices import tell_left


@shared_task(name="reports.tell_data_left")
def tell_data_left() -> None:
    """Tell their stations. Safe to run twice."""
    tell_left()


schedule("tell-data-left", tell_data_left, crontab(hour=7, minute=10))
