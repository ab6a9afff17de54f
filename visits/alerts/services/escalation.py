"""A report for which nobody signs is told to the tier above, hour by hour."""

import datetime

from django.db import transaction
from django.utils import timezone

from orgs.audit.services import record_act
from orgs.inbox.services import Holders, notify
from orgs.units.models import Level
from visits.alerts.models import ACKNOWLEDGED_WITHIN, Alert
from visits.alerts.services.messages import tell


def escalate(now: datetime.datetime | None = None) -> int:
    """After an hour without a signature to the county, after two to the city. Returns how many were told on.

    Run every minute; two runs at once tell once.
    """
    now = now or timezone.now()
    waiting = Alert.objects.unacknowledged().filter(clock_from__lte=now - ACKNOWLEDGED_WITHIN)
    escalated = 0
    for alert in waiting.exclude(escalated_to=Level.CITY).select_related("village__county", "village__township"):
        hours = (now - alert.clock_from) // ACKNOWLEDGED_WITHIN
        level = Level.COUNTY if hours < 2 or alert.city_id is None else Level.CITY
        if alert.escalated_to != level:
            escalated += _escalate_to(alert, level)
    return escalated


def _escalate_to(alert: Alert, level: int) -> bool:
    with transaction.atomic():
        still = Alert.objects.unacknowledged().filter(pk=alert.pk, escalated_to=alert.escalated_to)
        if not still.update(escalated_to=level):
            return False
        event = alert.events.create(action="escalate", was=alert.state, now=alert.state)
        record_act(None, "escalate_alert", alert, level=int(level))
        unit = alert.county_id if level == Level.COUNTY else alert.city_id
        notify("alert_escalated", alert, to=Holders(unit, "view_alert"), key=str(event.pk))
        tell(alert, "escalated")
    return True
