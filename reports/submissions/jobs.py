"""Background job: the calendar of reporting."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from reports.submissions.opening import open_due_periods


@shared_task(name="reports.keep_periods")
def keep_periods() -> None:
    """Open what ends, file what says nothing, lock what is over. Safe to run twice."""
    open_due_periods()


schedule("keep-periods", keep_periods, crontab(hour=0, minute=20))
