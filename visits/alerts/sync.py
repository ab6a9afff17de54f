"""What phones send of alerts: a report raised without a network."""

from django.utils.translation import gettext_lazy as _

from childwelfare.demo.examples import POST
from orgs.drafts.services import drop_drafts
from orgs.posts.models import Appointment
from visits.alerts.api import AlertIn
from visits.alerts.forms import draft_key
from visits.alerts.models import Alert
from visits.alerts.services.joining import add_to_report, opened_by_screen
from visits.alerts.services.raising import raise_alert
from visits.phones.kinds import ITEM_KINDS, Kind, child_of


def _take_alert(post: Appointment, pk, data: dict, _clock_off: bool) -> Alert:
    opened = opened_by_screen(child_of(data), by=post)
    alert = add_to_report(opened, by=post, answers=data) if opened else raise_alert(by=post, pk=pk, answers=data)
    drop_drafts(post, draft_key(alert.child_id), {}, sent=True)  # what a page has of it is old
    return alert


ITEM_KINDS.add(
    Kind(
        "alert", 1, AlertIn, _take_alert, child_of, label=_("紧急报告"),
        example={"post": str(POST), "child": None, "child_words": "十岁左右男孩", "where": "村口小卖部",
                 "situations": ["other"], "seen": "身上有伤", "call": "made", "called_at": "2026-11-20T09:20:00+08:00"},
    ),
    order=30,
)  # fmt: skip
