"""Where an open mandatory report shows beside the child: on the file, the visits and the director's day, and only to
who may read the report itself."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from registry.child.models import ChildFile
from registry.stays.models import may_open
from visits.alerts.models import Alert

SHOWN = 20


def open_alerts(post, child=None) -> list[Alert]:
    """Open reports that ``post`` may read, newest first; of one child (its key) where given. One query."""
    found = Alert.objects.open_to(post).open()
    return list((found.filter(child=child) if child else found).newest_first()[:SHOWN])


def alerts_panel(request, file: ChildFile) -> dict:
    """A panel of the file's page (registry.child.sections.PANELS)."""
    post = request.post
    if not (post.holds("raise_alert") or post.holds("view_alert")):
        return {}
    alerts = list(Alert.objects.open_to(post).filter(child=file).newest_first()[:SHOWN])
    panel = {
        "timeline": [_entry(alert) for alert in alerts],
        "todos": [_todo(alert) for alert in alerts if alert.state != "closed"],
    }
    if post.holds("raise_alert") and may_open(post, "view_child", file):
        url = reverse("alert-new") + f"?child={file.pk}"
        panel["action"] = {"url": url, "icon": "exclamation-triangle", "label": _("紧急报告"), "tone": "danger"}
    return panel


def _todo(alert: Alert) -> dict:
    return {
        "icon": "shield-exclamation", "tone": "danger",
        "title": _("强制报告%(state)s") % {"state": alert.get_state_display()},
        "note": _("、").join(map(str, alert.situation_labels)), "url": reverse("alert-detail", args=[alert.pk]),
        "action": _("打开"),
    }  # fmt: skip


def _entry(alert: Alert) -> dict:
    return {
        "at": alert.made_at,
        "when": date_format(localtime(alert.made_at), "MONTH_DAY_FORMAT"),
        "title": _("强制报告"),
        "note": alert.get_state_display(),
        "tone": "danger",
        "url": reverse("alert-detail", args=[alert.pk]),
    }
