"""Plans on the workbench and a director's day: what came back, what is to be written, looked through and done."""

import datetime

from django.db.models import CharField, F, QuerySet, Subquery
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
from registry.plans.models import Plan, PlanEvent, PlanState
from registry.plans.queues import goals_of_mine, out_of_sight, plans_due


def returned_plans(post: Appointment) -> QuerySet:
    returned = Plan.objects.visible_to(post, "make_plan").filter(state=PlanState.RETURNED)
    return asked_of(post, returned)


def to_write(post: Appointment) -> QuerySet:
    return plans_due(post, "make_plan")


def to_review(post: Appointment) -> QuerySet:
    """Running plans whose day of review comes within a week or is over, of the places where the post makes plans."""
    soon = timezone.localdate() + datetime.timedelta(days=7)
    return Plan.objects.visible_to(post, "make_plan").running().filter(review_on__lte=soon)


def without_lead(post: Appointment) -> QuerySet:
    """Running plans whose lead has left the post, or does not see the child where it is now."""
    return Plan.objects.visible_to(post, "approve_plan").running().filter(out_of_sight("lead"))


def _until(day: str) -> str:
    return _("最迟%(day)s") % {"day": short_day(datetime.date.fromisoformat(day))}


def _to_the_plan(row) -> str:
    return reverse("plan-detail", args=[row.pk])


RETURNED = TodoKind(
    key="plan_back",
    label=BACK,
    icon="arrow-counterclockwise",
    waiting=returned_plans,
    columns={
        "since": Coalesce(Subquery(last_arrival(Plan, PlanState.RETURNED).values("at")[:1]), F("sent_at")),
        "child": "child",
        "place": "village__name",
        "words": last_reason(Plan, RETURNS),
    },
    what=lambda row: _("方案退回：%(why)s") % {"why": row.words} if row.words else _("方案退回，请修改"),
    url=_to_the_plan,
    action=gettext_lazy("去修改"),
    days=3,  # working days; this installation's own measure
)
TO_WRITE = TodoKind(
    key="plan_due",
    label=gettext_lazy("方案"),
    icon="journal-text",
    waiting=to_write,
    columns={
        "since": "decided_at", "child": "child", "place": "village__name", "due_on": "plan_due_on",
    },
    what=lambda row: _("按等级该制定帮扶方案"),
    url=lambda row: reverse("plan-due", args=[row.pk]),
    action=gettext_lazy("去制定"),
    permission="make_plan",
)  # fmt: skip
TO_REVIEW = TodoKind(
    key="plan_review",
    label=gettext_lazy("方案复查"),
    icon="journal-text",
    waiting=to_review,
    columns={"since": "sent_at", "child": "child", "place": "village__name", "due_on": "review_on"},
    what=lambda row: _("帮扶方案该复查了"),
    url=_to_the_plan,
    action=gettext_lazy("去复查"),
    permission="make_plan",
)
TASKS = TodoKind(
    key="plan_goal",
    label=gettext_lazy("方案任务"),
    icon="check-circle",
    waiting=goals_of_mine,
    columns={
        "since": "plan__sent_at", "child": "plan__child", "place": "plan__village__name", "due_on": "by_on",
    },
    what=lambda row: _("帮扶方案里由您做的一条"),
    url=lambda row: reverse("plan-task", args=[row.pk]),
    action=gettext_lazy("打开"),
)  # fmt: skip
LEADERLESS = TodoKind(
    key="plan_lead",
    label=gettext_lazy("换牵头人"),
    icon="person-badge",
    waiting=without_lead,
    columns={"since": "sent_at", "child": "child", "place": "village__name"},
    what=lambda row: _("方案的牵头人已离任，或不在孩子现在的地方，请换人"),
    url=_to_the_plan,
    action=gettext_lazy("打开"),
    days=3,  # working days; this installation's own measure
)
RETURNED_TO_VILLAGE = UnfinishedKind(
    key="plan",
    records=lambda post: without_work_of_above(
        post, Plan.objects.visible_to(post, "make_plan").filter(state=PlanState.RETURNED)
    ),
    columns={"name": "child__name"},
    title=gettext_lazy("%(who)s退回帮扶方案，请修改"),
    page="plan-detail",
)
TO_WRITE_IN_VILLAGE = UnfinishedKind(
    key="plan_due",
    records=to_write,
    columns={"name": "child__name", "mark": Cast("plan_due_on", CharField())},
    title=gettext_lazy("%(name)s该制定帮扶方案"),
    page="plan-due",
    about=_until,
    came_back=False,
    chip=gettext_lazy("方案"),
)
TO_REVIEW_IN_VILLAGE = UnfinishedKind(
    key="plan_review",
    records=to_review,
    columns={"name": "child__name", "mark": Cast("review_on", CharField())},
    title=gettext_lazy("%(name)s的帮扶方案该复查"),
    page="plan-detail",
    about=_until,
    came_back=False,
    chip=gettext_lazy("方案"),
)
TASKS_IN_VILLAGE = UnfinishedKind(
    key="plan_goal",
    records=goals_of_mine,
    columns={"name": "plan__child__name", "mark": Cast("by_on", CharField())},
    title=gettext_lazy("%(name)s的方案里由您做的一条"),
    page="plan-task",
    about=_until,
    came_back=False,
    chip=gettext_lazy("方案"),
)
RETURNED_BELOW = LeftKind(
    key="plan",
    label=LEFT_RETURNED,
    records=lambda post: Plan.objects.visible_to(post, "view_plan").filter(state=PlanState.RETURNED),
)
DECISIONS = NewsKind(
    key="plan",
    events=lambda post: events_on_work_of(
        post.person_id, PlanEvent.objects.all(), within=Plan.objects.visible_to(post, "make_plan")
    ),
    titles={
        "approve": gettext_lazy("的帮扶方案已批准"),
        "approve_high": gettext_lazy("的帮扶方案已批准"),
        "return": gettext_lazy("的帮扶方案被退回"),
        "return_high": gettext_lazy("的帮扶方案被退回"),
        "end_with_file": gettext_lazy("的帮扶方案随结案结束"),
    },
    columns={"child": "record__child"},
    url=lambda news: reverse("plan-detail", args=[news.pk]),
)
