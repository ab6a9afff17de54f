"""What the room does by itself."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from orgs.models import ApiToken
from orgs.services.audit import seal_pending


@shared_task
def seal_audit() -> None:
    """Every few seconds: a row that waits unsealed could still be removed unseen."""
    seal_pending()


@shared_task
def clear_old() -> None:
    """Sessions and tokens that ended; the trail keeps that they were."""
    call_command("clearsessions")
    ApiToken.objects.filter(expires_at__lt=timezone.now()).delete()
