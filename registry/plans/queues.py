"""Lists of plans: what waits, what runs, what is late, and which child has none though its level asks for one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.days import days_left
from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from registry.assessments.models import Assessment
from registry.plans.models import Goal, GoalState, Plan, PlanState

JOINS = ("child", "village", "township", "lead__person")


def plans_due(post: Appointment, permission: str = "view_plan") -> QuerySet:
    """The assessments by which children's levels stand, and which ask for a plan that nobody wrote since."""
    assessments = Assessment.objects.visible_to(post, permission).newest_setting_level().exclude(plan_due_on=None)
    answered = Plan.objects.made().filter(child=OuterRef("child"), made_at__gte=OuterRef("decided_at"))
    asked = assessments.filter(~Exists(answered), child__state="approved")
    return asked.select_related("child", "village", "township")


def running(post: Appointment) -> QuerySet:
    return Plan.objects.visible_to(post, "view_plan").running().select_related(*JOINS)


def out_of_sight(posts: str) -> Q:
    """Of plans: who is named by the path ``posts`` (a post) has left it, or does not see the child where it is now."""
    current = Appointment.objects.current().filter(pk=OuterRef(posts))
    around = Q(unit=OuterRef("village")) | Q(unit=OuterRef("township")) | Q(unit=OuterRef("county"))
    return ~Q(Exists(current.filter(around)))


def goals_of_mine(post: Appointment) -> QuerySet:
    """Open goals of running plans that are the task of ``post``, where it still sees the child."""
    plans = Plan.objects.visible_to(post, "view_plan").running()
    goals = Goal.objects.filter(owner=post.pk, state=GoalState.OPEN, plan__in=plans)
    return goals.select_related("plan__child", "plan__village")


def _late(post: Appointment) -> QuerySet:
    """Running plans whose review is over, or one of whose goals is past its day."""
    today = timezone.localdate()
    late = Goal.objects.filter(plan=OuterRef("pk"), state=GoalState.OPEN, by_on__lt=today)
    return running(post).filter(Exists(late)) | running(post).filter(review_on__lt=today)


def _all(post: Appointment) -> Any:
    return Plan.objects.visible_to(post, "view_plan").select_related(*JOINS)


def _waiting(post: Appointment) -> QuerySet:
    return _all(post).waiting()


def _note_plans(plans: list[Any]) -> None:
    """Put on each of ``plans`` how many goals it has and how many are done; one query."""
    today = timezone.localdate()
    found: dict[Any, list[Goal]] = {plan.pk: [] for plan in plans}
    for goal in Goal.objects.filter(plan__in=list(found)).only("plan_id", "state", "by_on"):
        found[goal.plan_id].append(goal)
    for plan in plans:
        goals = found[plan.pk]
        plan.goals_done = sum(goal.state == GoalState.DONE for goal in goals)
        plan.goals_all = len(goals)
        runs = plan.state == PlanState.APPROVED
        plan.left, plan.left_tone = days_left(plan.review_on) if runs else ("", "")
        plan.goals_late = runs * sum(goal.state == GoalState.OPEN and goal.by_on < today for goal in goals)


def _note_due(assessments: list[Any]) -> None:
    for assessment in assessments:
        assessment.left, assessment.left_tone = days_left(assessment.plan_due_on)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One list: ``rows(post)`` in the ``order`` of a column and the key; ``look_over(rows)`` puts on those of a page
    what they show besides."""

    key: str
    label: Words
    rows: Callable[[Appointment], QuerySet]
    order: tuple[str, str]
    look_over: Callable[[list[Any]], None] = _note_plans
    ascending: bool = True
    of_plans: bool = True
    permission: str = "view_plan"

    def is_for(self, post: Appointment) -> bool:
        return post.holds(self.permission)


TABS = {
    tab.key: tab
    for tab in (
        Tab(
            key="due", label=_("该制定"), rows=plans_due, order=("plan_due_on", "id"), look_over=_note_due,
            of_plans=False,
        ),
        Tab(key="waiting", label=_("待审批和退回"), rows=_waiting, order=("sent_at", "id")),
        Tab(key="late", label=_("逾期"), rows=_late, order=("review_on", "id")),
        Tab(key="running", label=_("执行中"), rows=running, order=("review_on", "id")),
        Tab(key="all", label=_("全部"), rows=_all, order=("made_at", "id"), ascending=False),
    )
}  # fmt: skip


def tab_of(post: Appointment, asked: str) -> Tab:
    """The list that is asked for; running ones, where that is none."""
    return TABS.get(asked) or TABS["running"]
