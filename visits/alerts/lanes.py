"""Urgent reports on a child's line of time: from the report to its closing."""

import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import midnight
from orgs.posts.models import Appointment
from registry.child.left_open import LeftOpen
from registry.child.models import ChildFile
from registry.timeline.lanes import Bar, Lane, Next
from visits.alerts.models import Alert, AlertState


def alert_lane(post: Appointment, file: ChildFile, since: datetime.date, _until: datetime.date) -> list[Lane]:
    if not (post.holds("raise_alert") or post.holds("view_alert")):
        return []
    goes_on = Q(closed_at=None) | Q(closed_at__gte=midnight(since))
    alerts = Alert.objects.open_to(post).filter(goes_on, child=file).order_by("made_at")
    bars = tuple(_bar(alert) for alert in alerts)
    return [Lane(key="alerts", label=_("紧急报告"), bars=bars)] if bars else []


def next_of_alerts(post: Appointment, file: ChildFile) -> list[Next]:
    if not (post.holds("raise_alert") or post.holds("view_alert")):
        return []
    return [
        Next(
            icon="shield-exclamation",
            title=_("紧急报告%(state)s") % {"state": alert.get_state_display()},
            holder=alert.township.short_name if alert.state == AlertState.RAISED else alert.county.short_name,
            since=timezone.localdate(alert.made_at),
            due_on=timezone.localdate(alert.due_at),
            url=reverse("alert-detail", args=[alert.pk]),
            action=_("打开"),
        )
        for alert in Alert.objects.open_to(post).open().filter(child=file).select_related("township", "county")
    ]


def alerts_left_open(file: ChildFile) -> list[LeftOpen]:
    """A closing leaves an urgent report as it is: danger does not end with a file."""
    return [
        LeftOpen(
            _("紧急报告 %(number)s %(state)s") % {"number": alert.number, "state": alert.get_state_display()},
            _("照旧处置，由县级办结"),
            reverse("alert-detail", args=[alert.pk]),
        )
        for alert in Alert.objects.open().filter(child=file).newest_first()
    ]


def _bar(alert: Alert) -> Bar:
    label = _("紧急报告")
    return Bar(
        since=timezone.localdate(alert.made_at),
        until=timezone.localdate(alert.closed_at) if alert.closed_at else None,
        label=label,
        title=f"{label} {alert.number} {alert.get_state_display()}",
        tone="danger",
        url=reverse("alert-detail", args=[alert.pk]),
    )
