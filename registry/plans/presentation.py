"""How plans and their goals read: rows of a list, lines of the page."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.pages.components import TimelineEntry
from childwelfare.text.days import days_left
from orgs.posts.station_work import decider_in_words
from orgs.units.models import Level
from registry.needs.models import Need
from registry.needs.presentation import ending_of, marks_of
from registry.plans.models import Goal, GoalState, Plan, PlanEvent, PlanState
from registry.plans.workflow import PLAN

MADE = {
    "make": gettext_lazy("制定，送审批"),
    "goal_done": gettext_lazy("目标完成"),
    "goal_given_up": gettext_lazy("目标不再进行"),
}
TONES = {GoalState.DONE: "ok", GoalState.GIVEN_UP: "outline", GoalState.CARRIED: "brand"}


@dataclass(frozen=True)
class GoalLine:
    """One line of a plan on the page. ``mark``: the sign of its need (①) on the line of time, where that is open;
    ``may_end``: its reader may write down what came of it."""

    goal: Goal
    mark: str
    when: str
    tone: str
    may_end: bool

    @property
    def need_ended(self) -> str:
        """How its need ended, which is no work of the plan any more: 需求已办结（11月30日）：部分解决；家庭：不满意."""
        return ending_of(self.goal.need) if self.goal.need else ""

    @property
    def need_tone(self) -> str:
        return "danger" if self.goal.need and self.goal.need.satisfaction == "not" else "muted"

    @property
    def state_tone(self) -> str:
        return TONES.get(GoalState(self.goal.state), "")


def goal_lines(plan: Plan, goals: list[Goal], may_end: Callable[[Goal], bool]) -> list[GoalLine]:
    """``may_end(goal)``: whether the reader may end it. One query."""
    running = plan.state == "approved"
    marks = marks_of(Need.objects.open().filter(child=plan.child_id).only("found_on", "state"))
    lines = []
    for goal in goals:
        when, tone = days_left(goal.by_on) if running and goal.state == GoalState.OPEN else ("", "")
        lines.append(GoalLine(goal, marks.get(goal.need_id, ""), when, tone, running and may_end(goal)))
    return lines


def heard_words(plan: Plan) -> str:
    """孩子和监护人都听过意见, or who was not heard and why."""
    if plan.child_heard and plan.guardian_heard:
        return _("孩子和监护人都听过意见")
    who = _("孩子") if not plan.child_heard else _("监护人")
    return _("没有听取%(who)s意见：%(why)s") % {"who": who, "why": plan.not_heard}


def waits_for(plan: Plan) -> str:
    """等荥阳市审批; blank of what waits for nobody."""
    if plan.state != PlanState.SUBMITTED:
        return ""
    who = plan.county.short_name if plan.approver == Level.COUNTY else decider_in_words(plan)
    return _("等%(who)s审批") % {"who": who}


def sent_in_words(plan: Plan) -> str:
    """What is said to who just sent it."""
    words = {"number": plan.number, "waits": waits_for(plan)}
    if plan.before and plan.before.state == PlanState.APPROVED:
        return _("方案 %(number)s 已送出，%(waits)s；批准以前，原来的方案照旧。") % words
    return _("方案 %(number)s 已送出，%(waits)s；批准后照着做。") % words


def told_of(plans: Collection[Plan]) -> dict[Plan, list[TimelineEntry]]:
    """What happened to each plan, newest first, with who and why. One query."""
    told: dict[Plan, list[TimelineEntry]] = {plan: [] for plan in plans}
    events = PlanEvent.objects.filter(record__in=list(plans)).select_related("record", "person", "goal")
    for event in events.order_by("-at", "-id"):
        move = PLAN.transitions.get(event.action)
        title = MADE.get(event.action) or (move.label if move else _("撤销上一步"))
        which = _("（目标 %(n)s）") % {"n": event.goal.place} if event.goal else ""
        name, why = event.person.name, event.reason_in_words
        entry = TimelineEntry(
            at=event.at,
            title=f"{title}{which}",
            note=_("%(name)s：%(words)s") % {"name": name, "words": why} if why else name,
            tone="warm" if event.is_return else "",
            url=reverse("plan-detail", args=[event.record_id]),
            kind="care",
        )
        told[event.record].append(entry)
    return told


def lead_is_gone(plan: Plan) -> bool:
    """Whether who leads has left the post, or does not see the child where it is now."""
    around = (plan.village_id, plan.township_id, plan.county_id)
    return not plan.lead.is_current() or plan.lead.unit_id not in around
