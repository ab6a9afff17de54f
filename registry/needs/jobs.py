"""Background jobs: each morning of a working day needs are looked through: who left, what is due, what goes up."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from registry.needs.services.escalation import escalate, remind
from registry.needs.services.following import release_left


@shared_task(name="registry.escalate_needs")
def escalate_needs() -> None:
    """What nobody owns any more first, so that it is told with its new holder."""
    release_left()
    escalate()
    remind()


schedule("escalate-needs", escalate_needs, crontab(hour=7, minute=20))
