"""Background jobs: stays begin and end with the day."""

from celery import shared_task

from registry.stays import services as stay


@shared_task(name="registry.settle_stays")
def settle_stays() -> None:
    """Stays whose first day or day of return has come."""
    stay.settle_stays()
