"""Background jobs: ended sessions and tokens are removed."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from childwelfare.jobs.schedule import schedule
from orgs.accounts.models import ApiToken


@shared_task(name="orgs.clear_old")
def clear_old() -> None:
    """Sessions and tokens that ended; the trail keeps that they were."""
    call_command("clearsessions")
    ApiToken.objects.filter(expires_at__lt=timezone.now()).delete()


schedule("clear-sessions", clear_old, 6 * 3600.0)
