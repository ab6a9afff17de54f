"""Background jobs: messages whose matter is over, reminders of last days, digests, and what is old."""

import datetime

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from childwelfare.jobs.schedule import schedule
from orgs.inbox import digest, reminders, services
from orgs.inbox.models import Digest, Message

KEPT_FOR = datetime.timedelta(days=365)


@shared_task(name="orgs.settle_inbox")
def settle_inbox() -> None:
    """Every few minutes: what needs nobody any more is counted no longer."""
    services.settle_all()


schedule("settle-inbox", settle_inbox, 300.0)


@shared_task(name="orgs.send_reminders")
def send_reminders() -> None:
    """Every morning of a working day."""
    reminders.remind_all()


schedule("send-reminders", send_reminders, crontab(hour=7, minute=30))


@shared_task(name="orgs.send_digests")
def send_digests() -> None:
    """Hourly through the day: the first run sends, the others try again what failed."""
    digest.send_digests()


schedule("send-digests", send_digests, crontab(hour="8-17", minute=5))


@shared_task(name="orgs.clear_inbox")
def clear_inbox() -> None:
    """Every night: messages and digests that are older than a year, read or not."""
    since = timezone.now() - KEPT_FOR
    Message.objects.filter(sent_at__lt=since).delete()
    Digest.objects.filter(day__lt=timezone.localdate(since)).delete()


schedule("clear-inbox", clear_inbox, crontab(hour=4, minute=20))
