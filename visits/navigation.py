"""What of this room stands in the main navigation."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.navigation import Entry, register
from registry.models import Change, ChildFile
from visits.models import Visit, VisitDue
from visits.queue import waiting


def _overdue(post):
    return VisitDue.objects.visible_to(post, "view_visit").overdue(timezone.localdate())


def _files_to_review(post):
    return waiting(ChildFile, post, "approve_child")


def _changes_to_review(post):
    return waiting(Change, post, "approve_change")


def _visits_to_review(post):
    return waiting(Visit, post, "accept_visit")


register(
    Entry(
        "today", _("今日走访"), "calendar-check", ("log_visit",), 10, count=_overdue, phone=True,
        tone="danger", roles=("village_director",), home_for=("village_director",),
    ),
    Entry("review", _("待审核"), "clipboard-check", ("approve_child", "accept_visit", "settle_station_work"), 11,
          count=(_files_to_review, _changes_to_review, _visits_to_review), phone=True, tone="danger",
          home_for=("township_clerk",)),
    Entry("visit-list", _("走访巡查"), "calendar3", ("view_visit",), 30, phone=True),
    Entry("visit-rounds", _("专项走访"), "calendar3", ("manage_schedule",), 31, roles=("city_officer",)),
    Entry("visit-rules", _("走访频次"), "journal-text", ("manage_schedule",), 32, roles=("city_officer",)),
)  # fmt: skip
