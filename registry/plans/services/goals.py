"""What came of a goal of a plan that runs."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import Stale
from childwelfare.workflow.writing import claim
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from registry.child.services.locking import lock_file_of
from registry.plans.models import Goal, GoalState, Plan, PlanState
from registry.plans.services.checking import TEXT_LIMIT

# what a person may say of a goal; the others follow from the next plan
ENDS = (GoalState.DONE, GoalState.GIVEN_UP)


def end_goal(
    plan: Plan,
    goal: Goal,
    *,
    by: Appointment,
    seen_version: int,
    state: str,
    result: str,
    done_on: datetime.date | None,
) -> Goal:
    """Write down that ``goal`` of ``plan`` was reached on ``done_on``, or is given up, and with what result.

    By who holds make_plan where the child is, and by whose task it is. Raises PermissionDenied, Stale, or
    ValidationError by field; then nothing is changed.
    """
    if not may_end(by, plan, goal):
        raise PermissionDenied
    if plan.state != PlanState.APPROVED or goal.state != GoalState.OPEN:
        raise Stale(_("这条目标已有结果，或方案不在执行，请刷新后再看。"))
    result, problems = clean_text(result), {}
    if state not in ENDS:
        problems["state"] = [_("请选择完成了，还是不再进行。")]
    if not result:
        problems["result"] = [_("请写明结果：达到了什么；不再进行的，写明原因。")]
    elif len(result) > TEXT_LIMIT:
        problems["result"] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": TEXT_LIMIT, "n": len(result)}]
    if not done_on:
        problems["done_on"] = [_("请填写日期。")]
    elif not timezone.localdate(plan.made_at) <= done_on <= timezone.localdate():
        problems["done_on"] = [_("日期应在制定方案以后、今天以前，请核对。")]
    if problems:
        raise ValidationError(problems)
    with transaction.atomic():
        plan.child = lock_file_of(plan)
        claim(plan, seen_version, state=PlanState.APPROVED)
        plan.version = seen_version + 1
        goal.state, goal.result, goal.done_on = state, result, done_on
        goal.save(update_fields=["state", "result", "done_on"])
        plan.events.create(action=f"goal_{state}", was=plan.state, now=plan.state, person=by.person, post=by, goal=goal)
        record_act(by, "end_goal", plan, goal=goal.place, state=state)
    return goal


def may_end(post: Appointment, plan: Plan, goal: Goal) -> bool:
    """Whoever makes plans where the child is, and whose task it is, still in that post and with the plan in sight."""
    return post.may("make_plan", plan) or (goal.owner_id == post.pk and post.may("view_plan", plan))
