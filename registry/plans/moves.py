"""What the moves of a plan come to and what follows from them. The table is ``registry.plans.workflow``.

Every move is made with the child's file held, before the plan: as all acts that write both hold them.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.models import standing_events
from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.inbox.services import Author, Holders, notify
from registry.child.services.locking import lock_file_of
from registry.needs.models import Need
from registry.plans.models import Goal, GoalState, Plan, PlanEvent, PlanReview, PlanState
from registry.plans.services.asked import asked_by_level, plan_to_continue
from registry.plans.workflow import PLAN, Content, Ending, Lead, Line, Review
from registry.signals import help_written

APPROVING = ("approve", "approve_high")
RETURNING = ("return", "return_high")


@PLAN.lock
def _lock_file(plan: Plan) -> None:
    plan.child = lock_file_of(plan)
    here = Plan.objects.select_for_update().get(pk=plan.pk)
    plan.state, plan.approver = here.state, here.approver
    plan.place(plan.child)


@PLAN.bar(*APPROVING)
def _why_not_approved(plan: Plan) -> str:
    """What changed since it was sent: the child's level asks another tier, another plan runs, or a goal was opened anew
    in the plan before."""
    asked = asked_by_level(plan.child)[1]
    if asked < plan.approver:
        return _("孩子的风险等级升高了，这份方案要由县级审批。请退回，由制定人重送。")
    other = Plan.objects.running().filter(child=plan.child_id).first()
    if other and other.pk != plan.before_id:
        text = _("孩子另有一份执行中的方案（%(number)s）。请退回，由制定人重送，把它的目标转入这一份。")
        return text % {"number": other.number}
    if plan.before is None:
        return ""
    carried = plan.goals.exclude(carried_from=None).values("carried_from")
    left = plan.before.goals.filter(state=GoalState.OPEN).exclude(pk__in=carried).count()
    return _("上一方案还有 %(n)s 条没完成的目标没有转入，请退回补上。") % {"n": left} if left else ""


@PLAN.outcome(*APPROVING)
def _end_the_plan_before(plan: Plan, attempt: Attempt) -> Outcome:
    """First, for a child has one plan that runs and the database holds to it."""
    before = plan.before
    if before:
        carried = plan.goals.exclude(carried_from=None).values("carried_from")
        before.goals.filter(pk__in=carried, state=GoalState.OPEN).update(state=GoalState.CARRIED)
    if before and before.state == PlanState.APPROVED:
        before.child = plan.child
        PLAN.follow("succeed", before, by=attempt.by)
    return Outcome()


@PLAN.effect(*APPROVING)
def _begin(plan: Plan, event: PlanEvent, _payload: None) -> None:
    record_act(event.post, "approve_plan", plan)
    notify("plan_approved", plan, to=Author(plan.made_in_id, "make_plan"), key=str(event.pk), by=event.post)
    if plan.lead_id != plan.made_in_id:
        notify("plan_led", plan, to=Author(plan.lead_id, "view_plan"), key=str(event.pk), by=event.post)


@PLAN.outcome("succeed")
def _end_on_the_day(_plan: Plan, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"closed_on": timezone.localdate()})


@PLAN.effect("succeed")
def _record_succession(plan: Plan, event: PlanEvent, _payload: None) -> None:
    record_act(event.post, "close_plan", plan)


@PLAN.undo_effect("succeed")
def _run_again(plan: Plan, _event: PlanEvent) -> None:
    _open_again(plan)
    help_written.send(Plan, child=plan.child)


@PLAN.undo_effect(*APPROVING)
def _wait_again(plan: Plan, event: PlanEvent) -> None:
    before = plan.before
    if before:
        before.goals.filter(state=GoalState.CARRIED, carried_to__plan=plan).update(state=GoalState.OPEN)
    last = standing_events(list(before.events.all()))[-1:] if before else []
    if before and last and last[0].action == "succeed" and before.state == PlanState.CLOSED:
        before.child = plan.child
        PLAN.follow_undo("succeed", before, by=event.post)
    record_act(event.post, "undo_plan", plan)


@PLAN.undo_check(*APPROVING)
def _no_goal_ended_since(plan: Plan, _event: PlanEvent) -> None:
    if plan.goals.exclude(state=GoalState.OPEN).exists():
        raise Refused(_("方案已开始执行，不能撤销批准。"))
    _refuse_beside(plan, Plan.objects.waiting(), _("孩子已另送一份方案（%(number)s），不能撤销批准。请先办完那一份。"))


@PLAN.undo_check("close")
def _none_since(plan: Plan, _event: PlanEvent) -> None:
    text = _("孩子已有另一份方案（%(number)s），不能撤销结束。没有做完的，写进那一份。")
    _refuse_beside(plan, Plan.objects.open(), text)


def _refuse_beside(plan: Plan, others: Any, text: str) -> None:
    """A child has one plan that runs and one that waits."""
    other = others.filter(child=plan.child_id).exclude(pk=plan.pk).first()
    if other:
        raise Refused(text % {"number": other.number})


@PLAN.effect(*RETURNING)
def _send_back(plan: Plan, event: PlanEvent, _payload: None) -> None:
    record_act(event.post, "return_plan", plan)
    notify("plan_returned", plan, to=Author(plan.made_in_id, "make_plan"), key=str(event.pk), by=event.post)


@PLAN.undo_effect(*RETURNING)
def _take_return_back(plan: Plan, event: PlanEvent) -> None:
    record_act(event.post, "undo_plan", plan)


@PLAN.effect("recall")
def _record_recall(plan: Plan, event: PlanEvent, _payload: None) -> None:
    record_act(event.post, "recall_plan", plan)


@PLAN.outcome("resubmit")
def _write_columns(plan: Plan, attempt: Attempt) -> Outcome:
    """Sealed columns are written by ``save`` in the effect; the rest in the move's own statement. The child's level is
    asked again, and which plan it continues."""
    level, approver, assessment = asked_by_level(plan.child)
    before = plan_to_continue(plan.child)
    asked = {"level": level, "approver": approver, "assessment_id": assessment and assessment.pk}
    columns = asked | {"sent_at": timezone.now(), "before_id": before and before.pk}
    return Outcome(columns=columns | plan.place_values())


@PLAN.effect("resubmit")
def _write_content(plan: Plan, event: PlanEvent, content: Content) -> None:
    for name, value in content.columns.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(content.columns))
    plan.goals.all().delete()
    write_goals(plan, content.lines)
    record_act(event.post, "resubmit_plan", plan, goals=len(content.lines))


@PLAN.effect("withdraw")
def _record_withdrawal(plan: Plan, event: PlanEvent, _payload: None) -> None:
    record_act(event.post, "withdraw_plan", plan)


@PLAN.outcome("review")
def _next_review(_plan: Plan, attempt: Attempt) -> Outcome:
    return Outcome(columns={"review_on": attempt.payload.review_on})


@PLAN.effect("review")
def _write_review(plan: Plan, event: PlanEvent, review: Review) -> None:
    PlanReview.objects.create(
        plan=plan, text=review.words, next_on=review.review_on, made_by=event.person, made_in=event.post
    )
    record_act(event.post, "review_plan", plan)


@PLAN.outcome("change_lead")
def _other_lead(_plan: Plan, attempt: Attempt) -> Outcome:
    return Outcome(columns={"lead_id": attempt.payload.post.pk})


@PLAN.effect("change_lead")
def _tell_lead(plan: Plan, event: PlanEvent, lead: Lead) -> None:
    record_act(event.post, "change_plan_lead", plan)
    notify("plan_led", plan, to=Author(lead.post.pk, "view_plan"), key=str(event.pk), by=event.post)


@PLAN.outcome("close")
def _close_today(_plan: Plan, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"closed_on": timezone.localdate()})


@PLAN.effect("close")
def _write_ending(plan: Plan, event: PlanEvent, ending: Ending) -> None:
    plan.closing_words = ending.words
    plan.save(update_fields=["closing_words"])
    record_act(event.post, "close_plan", plan)
    notify("plan_closed", plan, to=Holders(plan.township_id, "approve_plan"), key=str(event.pk), by=event.post)


@PLAN.undo_effect("close")
def _take_ending_back(plan: Plan, event: PlanEvent) -> None:
    plan.closing_words = ""
    plan.save(update_fields=["closing_words"])
    _open_again(plan)
    record_act(event.post, "undo_plan", plan)


@PLAN.outcome("end_with_file")
def _end_with_file(plan: Plan, _attempt: Attempt) -> Outcome:
    if plan.state == PlanState.APPROVED:
        return Outcome(state=PlanState.CLOSED, columns={"closed_on": timezone.localdate()})
    return Outcome(state=PlanState.WITHDRAWN)


@PLAN.effect("end_with_file")
def _record_end(plan: Plan, event: PlanEvent, _payload: None) -> None:
    record_act(event.post, "close_plan" if plan.state == PlanState.CLOSED else "withdraw_plan", plan)


@PLAN.undo_effect("end_with_file")
def _go_on(plan: Plan, event: PlanEvent) -> None:
    _open_again(plan)
    record_act(event.post, "undo_plan", plan)


def write_goals(plan: Plan, lines: Iterable[Line]) -> None:
    """The goals of ``plan`` in their order; a need of them is one of the child's by then."""
    for place, line in enumerate(lines, start=1):
        need = Need.objects.get(pk=line.need, child=plan.child_id) if line.need else None
        Goal.objects.create(
            plan=plan,
            place=place,
            need=need,
            goal=line.goal,
            measure=line.measure,
            who=line.who,
            owner=line.owner,
            by_on=line.by_on,
            carried_from_id=line.carried_from,
        )


def _open_again(plan: Plan) -> None:
    plan.closed_on = None
    Plan.objects.filter(pk=plan.pk).update(closed_on=None)
