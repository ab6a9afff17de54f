"""Background jobs: the audit trail is sealed every few seconds."""

from celery import shared_task

from childwelfare.jobs.schedule import schedule
from orgs.audit.services import seal_pending


@shared_task(name="orgs.seal_audit")
def seal_audit() -> None:
    """Every few seconds: a row that waits unsealed could still be removed unseen."""
    seal_pending()


schedule("seal-audit", seal_audit, 5.0)
