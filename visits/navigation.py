"""What of this room stands in the main navigation."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import Entry, register
from registry.changes.models import Change
from registry.child.models import ChildFile
from visits.alerts.models import Alert
from visits.alerts.services.raising import TIERS_THAT_SIGN
from visits.review.queue import waiting
from visits.schedule.models import VisitDue
from visits.visit.models import Visit


def _overdue(post):
    return VisitDue.objects.visible_to(post, "view_visit").overdue(timezone.localdate())


def _files_to_review(post):
    return waiting(ChildFile, post, "approve_child")


def _changes_to_review(post):
    return waiting(Change, post, "approve_change")


def _visits_to_review(post):
    return waiting(Visit, post, "accept_visit")


def _alerts_to_sign(post):
    """For the tiers that sign, what theirs did not; for others with the duty, what nobody signed for."""
    alerts = Alert.objects.visible_to(post, "view_alert").open()
    column = TIERS_THAT_SIGN.get(post.unit.level)
    return alerts.filter(**{column: None}) if column else alerts.unacknowledged()


register(
    Entry(
        "today", _("今日走访"), "calendar-check", ("log_visit",), 10, count=_overdue, phone=True,
        tone="danger", roles=("village_director",), home_for=("village_director",),
    ),
    Entry("review", _("待审核"), "clipboard-check", ("approve_child", "accept_visit", "settle_station_work"), 11,
          count=(_files_to_review, _changes_to_review, _visits_to_review), phone=True, tone="danger",
          home_for=("township_clerk",)),
    Entry(
        "alert-list", _("强制报告"), "shield-exclamation", ("raise_alert", "view_alert"), 12, count=_alerts_to_sign,
        phone=True, tone="danger", urgent=_("有强制报告等着签收"),
    ),
    Entry("publicity-list", _("宣传活动"), "camera", ("view_publicity",), 31),
    Entry("visit-list", _("走访巡查"), "calendar3", ("view_visit",), 30, phone=True),
    Entry("visit-rounds", _("专项走访"), "calendar3", ("manage_schedule",), 31, roles=("city_officer",)),
    Entry("visit-rules", _("走访频次"), "journal-text", ("manage_schedule",), 32, roles=("city_officer",)),
)  # fmt: skip
