"""Background jobs: a report for which nobody signs is told to the tier above."""

from celery import shared_task

from childwelfare.jobs.schedule import schedule
from visits.alerts.services import escalation as alert_escalation


@shared_task(name="visits.escalate_alerts")
def escalate_alerts() -> None:
    """Every minute: a report for which nobody signs is told to the tier above."""
    alert_escalation.escalate()


schedule("escalate-alerts", escalate_alerts, 60.0)
