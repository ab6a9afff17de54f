"""Background jobs: the audit trail is sealed every few seconds, and anchored outside the database every day."""

from celery import shared_task
from celery.schedules import crontab

from childwelfare.jobs.schedule import schedule
from orgs.audit.anchors import write_anchor
from orgs.audit.services import seal_pending


@shared_task(name="orgs.seal_audit")
def seal_audit() -> None:
    """Every few seconds: a row that waits unsealed could still be removed unseen."""
    seal_pending()


@shared_task(name="orgs.anchor_audit")
def anchor_audit() -> None:
    """Every day: what was cut off since the last anchor could not be told."""
    write_anchor()


schedule("seal-audit", seal_audit, 5.0)
schedule("anchor-audit", anchor_audit, crontab(hour=0, minute=50))
