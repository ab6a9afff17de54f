"""What today adds to other concepts."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.posts.models import Appointment
from visits.schedule.models import VisitDue


def _overdue_dues(post: Appointment):
    """As many as stand under 已逾期 on the page and on the phone (visits.today.day)."""
    return VisitDue.objects.visible_to(post, "log_visit").overdue(timezone.localdate())


NAVIGATION.add(
    Entry(
        "today", _("今日走访"), "calendar-check", ("log_visit",), count=_overdue_dues, phone=True,
        tone="danger", roles=("village_director",), home_for=("village_director",),
    ),
    order=100,
)  # fmt: skip
