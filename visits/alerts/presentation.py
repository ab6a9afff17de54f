"""What is shown of a report, to whom: the child it is about, and what happened since."""

from django.utils.translation import gettext_lazy

from childwelfare.text.masking import masked_name
from registry.stays.models import may_open
from visits.alerts.models import Alert


def child_name_for(post, alert: Alert) -> str:
    """The child's name as ``post`` may read it: masked for who has no way into the file."""
    if alert.child is None:
        return alert.child_words
    known = alert.made_by_id == post.person_id or may_open(post, "view_child", alert.child)
    return alert.child.name if known else masked_name(alert.child.name)


EVENT_TITLES = {
    "raise": gettext_lazy("报告"),
    "acknowledge": gettext_lazy("签收"),
    "escalate": gettext_lazy("无人签收，再次报告上级"),
    "call": gettext_lazy("补记报警"),
    "situations": gettext_lazy("选定情形"),
    "undo": gettext_lazy("撤销办结"),
}


def timeline_of(alert: Alert) -> list[dict]:
    """Events and steps together, oldest first."""
    entries = [
        {
            "at": event.at,
            "title": EVENT_TITLES[event.action],
            "who": event.person and event.person.name,
            "where": event.post and event.post.unit.short_name,
            "text": "",
        }
        for event in alert.events.filter(action__in=EVENT_TITLES).select_related("person", "post__unit")
    ] + [
        {
            "at": step.at,
            "title": step.get_kind_display(),
            "who": step.person.name,
            "where": step.post.unit.short_name,
            "organ": step.get_organ_display(),
            "text": step.text,
            "done_at": step.done_at,
        }
        for step in alert.steps.select_related("person", "post__unit")
    ]
    return sorted(entries, key=lambda entry: entry["at"])
