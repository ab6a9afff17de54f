"""What plans add to a child's page, to its line of time and to what is next for it."""

import datetime
from dataclasses import dataclass, replace

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.pages.components import TimelineEntry
from childwelfare.text.days import short_day
from orgs.access.requests import PostRequest
from orgs.posts.models import Appointment
from registry.assessments.models import Assessment
from registry.child.left_open import LeftOpen
from registry.child.models import ChildFile, FileState
from registry.child.panels import Panel
from registry.plans.models import Goal, GoalState, Plan, PlanState
from registry.plans.presentation import GoalLine, goal_lines, heard_words, told_of
from registry.plans.queues import plans_due
from registry.timeline.lanes import Bar, Lane, Next, Part, Tick

SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class PlansPanel(Panel):
    plan: Plan | None
    lines: list[GoalLine]
    heard: str
    others: list[Plan]
    new_url: str


def plans_panel(request: PostRequest, file: ChildFile) -> PlansPanel | None:
    post = request.post
    if not post.may("view_plan", file):
        return None
    plans = list(_plans_of(file)[:SHOWN])
    plan = next((each for each in plans if each.state in ("approved", "submitted", "returned")), None)
    goals = list(plan.goals.select_related("need", "owner__person")) if plan else []
    may_write = file.state == FileState.APPROVED and post.may("make_plan", file)
    waiting = any(each.state in (PlanState.SUBMITTED, PlanState.RETURNED) for each in plans)
    return PlansPanel(
        title=_("帮扶方案"),
        anchor="plans",
        count_label=ngettext("%(n)s 份方案", "%(n)s 份方案", len(plans)) % {"n": len(plans)},
        template="registry/plans/_panel.html",
        plan=plan,
        lines=goal_lines(plan, goals, lambda goal: False) if plan else [],
        heard=heard_words(plan) if plan else "",
        others=[each for each in plans if each is not plan],
        new_url=reverse("plan-new", args=[file.pk]) if may_write and not waiting else "",
        timeline=_entries(plans),
    )


@dataclass(frozen=True, kw_only=True)
class PlanPart(Part):
    panel: PlansPanel


def plan_part(request: PostRequest, file: ChildFile) -> PlanPart | None:
    """The plan below the lanes."""
    panel = plans_panel(request, file)
    return PlanPart(template="registry/plans/_part.html", panel=panel) if panel else None


def plan_lane(post: Appointment, file: ChildFile, since: datetime.date, until: datetime.date) -> list[Lane]:
    """One lane: each plan from its sending to its end, the next review of the one that runs."""
    if not post.may("view_plan", file):
        return []
    bars, ticks = [], []
    for plan in _plans_of(file):
        ended = plan.closed_on
        if plan.state == PlanState.WITHDRAWN or (ended and ended < since):
            continue
        label = _("方案 %(number)s") % {"number": plan.number}
        bars.append(
            Bar(
                since=timezone.localdate(plan.made_at),
                until=ended,
                label=label,
                title=_("%(plan)s，%(state)s，牵头 %(lead)s")
                % {"plan": label, "state": plan.get_state_display(), "lead": plan.lead.person.name},
                tone="ok" if plan.state == PlanState.APPROVED else "",
                url=reverse("plan-detail", args=[plan.pk]),
            )
        )
        if plan.state == PlanState.APPROVED:
            late = plan.review_on < timezone.localdate()
            label = _("复查 %(day)s") % {"day": short_day(plan.review_on)}
            ticks.append(Tick(on=plan.review_on, label=label, is_late=late))
    if not bars:
        return []
    return [Lane(key="plans", label=_("帮扶方案"), bars=tuple(bars), ticks=tuple(ticks))]


def next_of_plans(post: Appointment, file: ChildFile) -> list[Next]:
    if not post.may("view_plan", file):
        return []
    found = [_to_write(asked, post) for asked in plans_due(post).filter(child=file)]
    for plan in _plans_of(file).open():
        url = reverse("plan-detail", args=[plan.pk])
        since = timezone.localdate(plan.sent_at)
        if plan.state == PlanState.APPROVED:
            found.append(_of_running(plan, post, url))
            found += [
                _of_goal(goal, post, url)
                for goal in plan.goals.select_related("owner__person", "need")
                if goal.state == GoalState.OPEN and goal.need_id is None
            ]
        elif plan.state == PlanState.SUBMITTED:
            who = _("县级") if plan.approver == 2 else _("工作站")
            found.append(
                Next(
                    icon="journal-text",
                    title=_("方案待审批"),
                    holder=who,
                    since=since,
                    due_on=None,
                    url=url,
                    action=_("打开"),
                )
            )
        else:
            found.append(
                Next(
                    icon="arrow-counterclockwise",
                    title=_("方案退回待修改"),
                    holder=plan.made_by.name,
                    since=since,
                    due_on=None,
                    url=url,
                    action=_("打开"),
                )
            )
    return found


# of the posts of a unit at once: the plans that each leads, and its tasks in plans
LED = Prefetch("plans_led", Plan.objects.running().only("lead_id"), to_attr="plans_in_hand")
TASKS = Prefetch(
    "goals_owned",
    Goal.objects.filter(state=GoalState.OPEN, plan__state=PlanState.APPROVED).only("owner_id"),
    to_attr="tasks_in_hand",
)


def plans_of_post(post: Appointment) -> str:
    """What is told before a post ends: what it leads and what it was to do."""
    prefetch_related_objects([post], LED, TASKS)
    led, tasks = len(post.plans_in_hand), len(post.tasks_in_hand)  # type: ignore[attr-defined]
    if not led and not tasks:
        return ""
    text = _("帮扶方案由他牵头 %(led)s 份，由他做的目标 %(n)s 条。离任后请工作站换人。")
    return text % {"led": led, "n": tasks}


def plans_left_open(file: ChildFile) -> list[LeftOpen]:
    """What an exit leaves open of plans."""
    left = []
    for plan in Plan.objects.open().filter(child=file).prefetch_related("goals"):
        goals = sum(goal.state == GoalState.OPEN for goal in plan.goals.all())
        label = _("帮扶方案 %(number)s（%(state)s），没完成的目标 %(n)s 条")
        said = {"number": plan.number, "state": plan.get_state_display(), "n": goals}
        left.append(LeftOpen(label % said, _("随结案结束，内容保留"), reverse("plan-detail", args=[plan.pk])))
    return left


def _plans_of(file: ChildFile):
    return Plan.objects.filter(child=file).select_related("lead__person", "made_by").newest_first()


def _to_write(asked: Assessment, post: Appointment) -> Next:
    """A plan that the child's level asks for."""
    may_write = post.may("make_plan", asked.child)
    return Next(
        icon="journal-text",
        title=_("制定帮扶方案"),
        holder=asked.village.short_name,
        since=asked.decided_at and timezone.localdate(asked.decided_at),
        due_on=asked.plan_due_on,
        url=reverse("plan-due", args=[asked.pk]) if may_write else "",
        action=_("去制定") if may_write else "",
    )


def _of_running(plan: Plan, post: Appointment, url: str) -> Next:
    return Next(
        icon="journal-text",
        title=_("复查帮扶方案"),
        holder=plan.lead.person.name,
        since=None,
        due_on=plan.review_on,
        url=url,
        action=_("去复查") if post.may("make_plan", plan) else _("打开"),
    )


def _of_goal(goal: Goal, post: Appointment, url: str) -> Next:
    """A goal without a need: what is done for a need stands with the need."""
    return Next(
        icon="check-circle",
        title=goal.goal,
        holder=goal.who,
        since=None,
        due_on=goal.by_on,
        url=url,
        action=_("打开"),
    )


def _entries(plans: list[Plan]) -> tuple[TimelineEntry, ...]:
    """Each move of each plan, with the plan's number."""
    return tuple(
        replace(entry, title=_("方案 %(number)s：%(move)s") % {"number": plan.number, "move": entry.title})
        for plan, entries in told_of(plans).items()
        for entry in entries
    )
