"""Assessments on the workbench and a director's day: what came back, who is overdue, what was decided."""

import datetime
from dataclasses import replace

from django.db.models import CharField, F, Subquery
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from childwelfare.workflow.history import last_arrival, last_reason
from childwelfare.workflow.models import RETURNS
from childwelfare.workflow.writers import events_on_work_of
from orgs.posts.models import Appointment
from orgs.posts.station_work import asked_of, without_work_of_above
from orgs.workbench.kinds import BACK, LEFT_RETURNED, LeftKind, NewsKind, TodoKind
from orgs.workbench.unfinished import UnfinishedKind
from registry.assessments.models import Assessment, AssessmentDue, AssessmentEvent, AssessmentState


def _returned(post: Appointment):
    return Assessment.objects.visible_to(post, "assess_child").filter(state=AssessmentState.RETURNED)


def overdue(post: Appointment):
    """Children within reach of ``post`` whose last day is past, for whom nothing was sent."""
    return AssessmentDue.objects.visible_to(post, "assess_child").unsent().overdue(timezone.localdate())


def _day(text: str) -> str:
    return short_day(datetime.date.fromisoformat(text))


RETURNED = TodoKind(
    key="assessment_back",
    label=BACK,
    icon="arrow-counterclockwise",
    waiting=lambda post: asked_of(post, _returned(post)),
    columns={
        "since": Coalesce(Subquery(last_arrival(Assessment, AssessmentState.RETURNED).values("at")[:1]), F("sent_at")),
        "child": "child",
        "place": "village__name",
        "words": last_reason(Assessment, RETURNS),
    },
    what=lambda row: _("评估退回：%(why)s") % {"why": row.words} if row.words else _("评估退回，请修改"),
    url=lambda row: reverse("assessment-correct", args=[row.pk]),
    action=gettext_lazy("去修改"),
    days=3,  # working days; this installation's own measure
)
RETURNED_TO_VILLAGE = UnfinishedKind(
    key="assessment",
    records=lambda post: without_work_of_above(post, _returned(post).filter(taken_back=False)),
    columns={"name": "child__name", "mark": Cast("assessed_on", CharField())},
    title=gettext_lazy("%(who)s退回评估，请修改"),
    page="assessment-correct",
    about=lambda day: _("%(day)s评估") % {"day": _day(day)},
)
TAKEN_BACK_IN_VILLAGE = replace(
    RETURNED_TO_VILLAGE,
    key="assessment_taken_back",
    records=lambda post: without_work_of_above(post, _returned(post).filter(taken_back=True)),
    title=gettext_lazy("撤回的评估，改好再送"),
    taken_back=True,
)
DUE_IN_VILLAGE = UnfinishedKind(
    key="assessment_due",
    records=overdue,
    columns={"name": "child__name", "mark": Cast("due_on", CharField())},
    title=gettext_lazy("%(name)s评估逾期"),
    page="assessment-due",
    chip=gettext_lazy("评估"),
    about=lambda day: _("最迟%(day)s评估") % {"day": _day(day)},
    came_back=False,
)
RETURNED_BELOW = LeftKind(
    key="assessment",
    label=LEFT_RETURNED,
    records=lambda post: Assessment.objects.visible_to(post, "view_assessment").filter(state=AssessmentState.RETURNED),
)
DECISIONS = NewsKind(
    key="assessment",
    events=lambda post: events_on_work_of(
        post.person_id, AssessmentEvent.objects.all(), within=Assessment.objects.visible_to(post, "assess_child")
    ),
    titles={
        "confirm": gettext_lazy("的评估已确认"),
        "return": gettext_lazy("的评估被退回"),
        "sign": gettext_lazy("的评估县级已确认"),
        "send_back": gettext_lazy("的评估被县级退回"),
        "end_with_file": gettext_lazy("的评估随结案作废"),
    },
    columns={"child": "record__child"},
    url=lambda news: reverse("assessment-detail", args=[news.pk]),
)
