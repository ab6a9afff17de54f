"""Telling those with the duty outside the registry: a webhook and e-mail, as the installation sets them.

A message holds number, place and time, and nothing of the child: it travels through other people's machines. In the
registry the report stands in the navigation and on the home page until it is signed for.
"""

import json
import urllib.request

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress, job, start
from visits.alerts.models import Alert

TIMEOUT = 10  # seconds
SUBJECTS = {
    "raised": lambda: _("紧急报告 %(number)s"),
    "escalated": lambda: _("紧急报告 %(number)s 一小时无人签收"),
    "reopened": lambda: _("紧急报告 %(number)s 重新处置"),
}


def tell(alert: Alert, why: str) -> None:
    """One job for each address, so that one that fails is tried again alone. Call it inside the transaction."""
    title = str(alert.number)
    params = {"alert": str(alert.pk), "why": why}
    if settings.CWR_ALERT_WEBHOOK:
        start("alert_by_webhook", title=title, **params)
    for address in settings.CWR_ALERT_EMAILS:
        start("alert_by_email", title=title, address=address, **params)


def message(alert: Alert, why: str) -> dict:
    """What goes out, in the language of the installation."""
    with translation.override(settings.LANGUAGE_CODE):
        at = timezone.localtime(alert.made_at)
        return {
            "number": alert.number,
            "why": why,
            "subject": SUBJECTS[why]() % {"number": alert.number},
            "place": alert.village.path_label,
            "at": at.isoformat(timespec="minutes"),
            "text": _("%(place)s，%(at)s。请登录系统签收和处置，此通知不含孩子的信息。")
            % {"place": alert.village.path_label, "at": date_format(at, "DATETIME_FORMAT")},
        }


@job("alert_by_webhook")
def by_webhook(record: Job, progress: Progress) -> None:
    """POST the message as JSON. Any answer but 2xx is a failure and tried again; the number tells repetitions."""
    body = json.dumps(_of(record), ensure_ascii=False).encode()
    request = urllib.request.Request(
        settings.CWR_ALERT_WEBHOOK, body, {"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT):
        progress(1, 1)


@job("alert_by_email")
def by_email(record: Job, progress: Progress) -> None:
    said = _of(record)
    send_mail(said["subject"], said["text"], None, [record.params["address"]])
    progress(1, 1)


def _of(record: Job) -> dict:
    alert = Alert.objects.select_related("village__county", "village__township").get(pk=record.params["alert"])
    return message(alert, record.params["why"])
