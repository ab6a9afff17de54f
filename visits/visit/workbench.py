"""Visits on the workbench: one's own that came back, and what was decided of those one wrote."""

import datetime
from dataclasses import replace

from django.db.models import CharField, F
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from childwelfare.workflow.history import last_at, last_reason
from childwelfare.workflow.models import RETURNS, TAKEN_BACK
from childwelfare.workflow.writers import events_on_work_of
from orgs.posts.models import Appointment
from orgs.posts.station_work import asked_of
from orgs.workbench.kinds import BACK, LEFT_RETURNED, LEFT_TAKEN_BACK, LeftKind, NewsKind, TodoKind, Waiting
from orgs.workbench.unfinished import UnfinishedKind
from visits.visit.models import Visit, VisitEvent


def returned_visits(post: Appointment):
    """Visits that came back and are asked of the post: its person's, and those of who left."""
    return asked_of(post, Visit.objects.returned_to(post, "log_visit"))


def _month_and_day(day: str) -> str:
    return short_day(datetime.date.fromisoformat(day))


def _words(row: Waiting) -> str:
    day = _month_and_day(row.mark)
    if row.words:
        return _("%(day)s的走访退回：%(why)s") % {"day": day, "why": row.words}
    return _("%(day)s的走访退回，请补充") % {"day": day}


RETURNED = TodoKind(
    key="visit_back",
    label=BACK,
    icon="arrow-counterclockwise",
    waiting=lambda post: returned_visits(post).filter(taken_back=False),
    columns={
        "since": Coalesce(last_at(Visit, RETURNS), F("made_at")),
        "child": "child",
        "place": "village__name",
        "words": last_reason(Visit, RETURNS),
        "mark": Cast("visited_on", CharField()),
    },
    what=_words,
    url=lambda row: reverse("visit-edit", args=[row.pk]),
    action=gettext_lazy("去补充"),
    days=3,  # working days; this installation's own measure
)
# what its writer took back waits for her as what came back does, and nobody sent it back
MENDING = replace(
    RETURNED,
    key="visit_taken_back",
    label=TAKEN_BACK,
    waiting=lambda post: returned_visits(post).filter(taken_back=True),
    what=lambda row: _("撤回的%(day)s走访，改好再送") % {"day": _month_and_day(row.mark)},
    action=gettext_lazy("去改"),
)
RETURNED_TO_VILLAGE = UnfinishedKind(
    key="visit",
    records=lambda post: Visit.objects.returned_to(post, "log_visit").filter(taken_back=False),
    columns={"name": "child__name", "mark": Cast("visited_on", CharField())},
    title=gettext_lazy("%(who)s退回走访，请补充"),
    page="visit-edit",
    about=lambda day: _("%(day)s走访") % {"day": _month_and_day(day)},
)
TAKEN_BACK_IN_VILLAGE = replace(
    RETURNED_TO_VILLAGE,
    key="visit_taken_back",
    records=lambda post: Visit.objects.returned_to(post, "log_visit").filter(taken_back=True),
    title=gettext_lazy("撤回的走访，改好再送"),
    taken_back=True,
)
RETURNED_BELOW = LeftKind(
    key="visit",
    label=LEFT_RETURNED,
    records=lambda post: Visit.objects.returned_to(post, "view_visit").filter(taken_back=False),
    unit="made_in__unit__",  # who made it knows what was missing, wherever the file is now
)
TAKEN_BACK_BELOW = replace(
    RETURNED_BELOW,
    key="visit_taken_back",
    label=LEFT_TAKEN_BACK,
    records=lambda post: Visit.objects.returned_to(post, "view_visit").filter(taken_back=True),
)
DECISIONS = NewsKind(
    key="visit",
    events=lambda post: events_on_work_of(
        post.person_id, VisitEvent.objects.all(), within=Visit.objects.visible_to(post, "log_visit")
    ),
    titles={"accept": gettext_lazy("的走访已通过"), "return": gettext_lazy("的走访被退回")},
    columns={"child": "record__child"},
    url=lambda news: reverse("visit-detail", args=[news.pk]),
)
