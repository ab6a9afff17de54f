"""Visits on the workbench: one's own that came back, and what was decided of those one made."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.posts.models import Appointment
from orgs.workbench.kinds import NewsKind, TodoKind, Waiting
from registry.child.workbench import BACK
from visits.visit.models import Visit, VisitEvent, VisitState


def returned_visits(post: Appointment):
    """Visits that the post's person made and that were sent back."""
    mine = Visit.objects.visible_to(post, "log_visit").filter(made_by=post.person_id)
    return mine.filter(state=VisitState.RETURNED)


def _words(row: Waiting) -> str:
    day = date_format(row.since, "MONTH_DAY_FORMAT")
    return _("%(day)s的走访退回，请补充") % {"day": day}


RETURNED = TodoKind(
    key="visit_back",
    label=BACK,
    icon="arrow-counterclockwise",
    waiting=returned_visits,
    columns={
        "since": "made_at",
        "name": "child__name",
        "place": "village__name",
    },
    what=_words,
    url=lambda row: reverse("visit-edit", args=[row.pk]),
    action=gettext_lazy("去补充"),
    days=3,  # working days; this installation's own measure
)
DECISIONS = NewsKind(
    key="visit",
    events=lambda post: VisitEvent.objects.filter(record__made_by=post.person_id),
    titles={"accept": gettext_lazy("的走访已通过"), "return": gettext_lazy("的走访被退回")},
    columns={"name": "record__child__name"},
    url=lambda news: reverse("visit-detail", args=[news.pk]),
)
