"""Plans on the desk: of the station, and those of children of the highest level at the county."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.posts.models import Appointment
from orgs.review.kinds import Card, ReviewKind
from orgs.units.models import Level
from orgs.workbench.kinds import OF_A_CHILD, Waiting
from registry.needs.models import Need
from registry.plans.api import PlanOut
from registry.plans.models import Plan
from registry.plans.presentation import goal_lines, heard_words
from registry.plans.workflow import PLAN

REASONS = (
    gettext_lazy("请听孩子自己的意见"),
    gettext_lazy("目标写得太笼统，请写成看得见的结果"),
    gettext_lazy("请为没有目标的需求写上目标"),
)


def _fetched(plans: QuerySet) -> QuerySet:
    return plans.select_related("child", "made_by", "lead__person")


def _card(plan: Plan, _post: Appointment) -> Card:
    return Card(at=plan.sent_at, detail=_("%(number)s %(name)s") % {"number": plan.number, "name": plan.made_by.name})


def _case(request: Any, plan: Plan) -> dict:
    goals = list(plan.goals.select_related("need", "owner__person", "carried_from__plan"))
    named = {goal.need_id for goal in goals}
    needs = Need.objects.open().filter(child=plan.child_id).most_urgent_first()
    return {
        "lines": goal_lines(plan, goals, lambda goal: False),
        "heard": heard_words(plan),
        "without_goal": [need for need in needs if need.pk not in named],
    }


def _todo_words(_row: Waiting) -> str:
    return _("帮扶方案待审批")


def _kind(**given: Any) -> ReviewKind:
    return ReviewKind(
        label=gettext_lazy("帮扶方案"),
        tone="brand",
        model=Plan,
        workflow=PLAN,
        fetched=_fetched,
        card=_card,
        reads="view_plan",
        case=_case,
        reasons=REASONS,
        template="registry/plans/review.html",
        serializer=PlanOut,
        done_words=lambda plan: _("%(name)s的帮扶方案已批准。") % {"name": plan.child.name},
        columns={"since": "sent_at", **OF_A_CHILD},
        todo_words=_todo_words,
        **given,
    )


PLANS = _kind(
    key="plan",
    permission="approve_plan",
    passing="approve",
    returning="return",
    narrowed=lambda plans: plans.exclude(approver=Level.COUNTY),
)
PLANS_OF_HIGH = _kind(
    key="plan_high",
    permission="approve_plan_of_high",
    passing="approve_high",
    returning="return_high",
    county_too=False,
    narrowed=lambda plans: plans.filter(approver=Level.COUNTY),
)
