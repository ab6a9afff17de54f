"""Where an open mandatory report shows beside the child: on the file, the visits and the director's day, and only to
who may read the report itself."""

from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.pages.components import Action, TimelineEntry, Todo
from childwelfare.tables.beginning import Beginning, beginning_of
from orgs.access.requests import PostRequest
from registry.child.models import ChildFile
from registry.child.panels import Panel
from registry.stays.models import may_open
from visits.alerts.models import Alert, AlertState
from visits.alerts.presentation import child_name_for

SHOWN = 20


def open_alerts(post, child=None) -> Beginning[Alert]:
    """Open reports that ``post`` may read, newest first; of one child (its key) where given. One query."""
    found = Alert.objects.open_to(post).open().select_related("child")
    alerts = beginning_of((found.filter(child=child) if child else found).newest_first(), SHOWN)
    for alert in alerts:
        alert.whose = child_name_for(post, alert)
    return alerts


def alerts_panel(request: PostRequest, file: ChildFile) -> Panel | None:
    """No section of its own: entries of the timeline, to-dos for open reports, and the way to raise one."""
    post = request.post
    if not (post.holds("raise_alert") or post.holds("view_alert")):
        return None
    alerts = beginning_of(Alert.objects.open_to(post).filter(child=file).newest_first(), SHOWN)
    action = None
    if post.holds("raise_alert") and may_open(post, "view_child", file):
        url = reverse("alert-new") + f"?child={file.pk}"
        action = Action(url=url, icon="exclamation-triangle", label=_("紧急报告"), tone="danger")
    return Panel(
        timeline=tuple(_entry(alert) for alert in alerts),
        todos=tuple(_todo(alert) for alert in alerts if alert.state != AlertState.CLOSED),
        action=action,
    )


def _todo(alert: Alert) -> Todo:
    return Todo(
        icon="shield-exclamation",
        tone="danger",
        title=_("紧急报告%(state)s") % {"state": alert.get_state_display()},
        note=_("、").join(map(str, alert.situation_labels)),
        url=reverse("alert-detail", args=[alert.pk]),
        action=_("打开"),
    )


def _entry(alert: Alert) -> TimelineEntry:
    return TimelineEntry(
        at=alert.made_at,
        title=_("紧急报告"),
        note=alert.get_state_display(),
        tone="danger",
        url=reverse("alert-detail", args=[alert.pk]),
    )
