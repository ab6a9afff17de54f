"""What the assessments, needs and plans of one child count as by now. Pure but for reading them: four queries."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from registry.assessments.models import Assessment, AssessmentState
from registry.child.models import ChildFile, FileState
from registry.help_status.models import HelpStatus, Kind
from registry.needs.models import Need, NeedState
from registry.plans.models import Goal, GoalState, Plan, PlanState

IN_FORCE = (AssessmentState.CHECKED, AssessmentState.APPROVED)


@dataclass(frozen=True)
class Standing:
    """As the columns of HelpStatus, without its days and its place."""

    kind: str
    record: uuid.UUID
    begun_on: datetime.date
    ended_on: datetime.date | None = None
    due_on: datetime.date | None = None
    raised_on: datetime.date | None = None
    system: str = ""
    tier: int | None = None
    level: str = ""
    outcome: str = ""
    satisfaction: str = ""


COLUMNS = tuple(each.name for each in fields(Standing) if each.name not in ("kind", "record"))


def standing_of(row: HelpStatus) -> Standing:
    return Standing(row.kind, row.record, *(getattr(row, name) for name in COLUMNS))


def standings_of(file: ChildFile) -> list[Standing]:
    """Of all that is the child's today. A file that is in the registry no more has nothing that is open."""
    plans = list(Plan.objects.made().filter(child=file))
    assessments = list(Assessment.objects.filter(child=file).first_ones().exclude(state=AssessmentState.WITHDRAWN))
    needs = Need.objects.filter(child=file).exclude(state=NeedState.VOID).select_related("holder")
    raised = needs.annotate(raised_at=Max("events__at", filter=Q(events__action="escalate")))
    running = [plan for plan in plans if plan.state == PlanState.APPROVED]
    return [
        *map(_of_assessment, assessments),
        *_of_plan_due(file, assessments, plans),
        *map(_of_need, raised),
        *_of_plans(running),
    ]


def _of_assessment(assessment: Assessment) -> Standing:
    decided_at = assessment.decided_at if assessment.state in IN_FORCE else None
    return Standing(
        Kind.ASSESSMENT,
        assessment.pk,
        _day(assessment.sent_at),
        ended_on=_day(decided_at) if decided_at else None,
        level=assessment.level if decided_at else "",
    )


def _of_plan_due(file: ChildFile, assessments: list[Assessment], plans: list[Plan]) -> list[Standing]:
    """That the assessment by which the child's level stands asks for a plan that nobody wrote since (as
    ``registry.plans.queues.plans_due``)."""
    setting = [each for each in assessments if each.state in IN_FORCE and each.level]
    if file.state != FileState.APPROVED or not setting:
        return []
    newest = max(setting, key=lambda each: (each.assessed_on, each.made_at, each.pk))
    decided_at = newest.decided_at
    if decided_at is None or newest.plan_due_on is None or any(plan.made_at >= decided_at for plan in plans):
        return []
    return [Standing(Kind.PLAN_DUE, newest.pk, _day(decided_at), due_on=newest.plan_due_on)]


def _of_need(need: Any) -> Standing:
    return Standing(
        Kind.NEED,
        need.pk,
        _day(need.made_at),
        ended_on=need.settled_on,
        due_on=need.due_on,
        raised_on=_day(need.raised_at) if need.raised_at else None,
        system=need.system,
        tier=need.holder.level,
        outcome=need.outcome,
        satisfaction=need.satisfaction,
    )


def _of_plans(running: Iterable[Plan]) -> list[Standing]:
    """Plans that run, and their goals that are open."""
    plans = {plan.pk: plan for plan in running}
    found = [Standing(Kind.PLAN, plan.pk, _day(plan.made_at), due_on=plan.review_on) for plan in plans.values()]
    if plans:
        for goal in Goal.objects.filter(plan__in=list(plans), state=GoalState.OPEN):
            begun_on = _day(plans[goal.plan_id].made_at)
            found.append(Standing(Kind.GOAL, goal.pk, begun_on, due_on=goal.by_on))
    return found


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)
