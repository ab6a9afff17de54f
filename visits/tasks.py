"""What the room does by itself. Shells around the services: messages carry ids only."""

from celery import shared_task

from visits.services import alert_escalation


@shared_task
def escalate_alerts() -> None:
    """Every minute: a report for which nobody signs is told to the tier above."""
    alert_escalation.escalate()
