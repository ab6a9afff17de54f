"""The moves of a plan of help. What follows from a move: ``registry.plans.moves``.

A plan is approved by the tier that the child's level asks: the station, or for the highest level the county. Each has
moves of its own, so that table, desk and API say who decides.
"""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.parties import is_maker
from childwelfare.workflow.transitions import Transition, Workflow
from orgs.posts.station_work import COUNTY_INSTEAD
from orgs.units.models import Level
from registry.child.models import FileState
from registry.plans.models import GoalState, Plan
from registry.plans.models import PlanState as S


@dataclass(frozen=True)
class Line:
    """One goal as it is written. ``need``: the key of an open need of the child; ``carried_from``: of a goal of the
    running plan that is still open; ``owner``: the post that does it, None where it is nobody of the registry."""

    goal: str
    measure: str
    who: str
    by_on: datetime.date
    need: uuid.UUID | None = None
    carried_from: uuid.UUID | None = None
    owner: Any = None


@dataclass(frozen=True)
class Content:
    """All that a plan says when it is sent again: ``columns`` of the plan, and its goals."""

    columns: dict[str, Any]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Review:
    """The plan was looked through: ``words`` say what was found, ``review_on`` is the next time."""

    review_on: datetime.date
    words: str


@dataclass(frozen=True)
class Lead:
    """``post`` leads from now on."""

    post: Any


@dataclass(frozen=True)
class Ending:
    """What is said of the plan as a whole when it ends."""

    words: str


def is_for_station(plan: Plan) -> bool:
    return plan.approver != Level.COUNTY


def is_for_county(plan: Plan) -> bool:
    return plan.approver == Level.COUNTY


def is_of_registered_file(plan: Plan) -> bool:
    return plan.child.state == FileState.APPROVED


def has_no_open_goal(plan: Plan) -> bool:
    return all(goal.state != GoalState.OPEN for goal in plan.goals.all())


FOR_STATION = (_("这份方案由县级审批。"), is_for_station)
FOR_COUNTY = (_("这份方案由工作站审批。"), is_for_county)
OF_REGISTERED_FILE = (_("这份档案已不在册，方案不能再送审。"), is_of_registered_file)
GOALS_ENDED = (_("还有没写结果的目标，请先逐条写明结果；没完成的可转入下一份方案。"), has_no_open_goal)

PLAN = Workflow(
    Transition(
        "approve", _("批准"), (S.SUBMITTED,), S.APPROVED, "approve_plan",
        decides=True, undoable=True, instead=COUNTY_INSTEAD, requires=FOR_STATION,
    ),
    Transition(
        "return", _("退回"), (S.SUBMITTED,), S.RETURNED, "approve_plan",
        needs_reason=True, decides=True, undoable=True, instead=COUNTY_INSTEAD, returns=True, requires=FOR_STATION,
    ),
    Transition(
        "approve_high", _("批准（县级）"), (S.SUBMITTED,), S.APPROVED, "approve_plan_of_high",
        decides=True, undoable=True, requires=FOR_COUNTY,
    ),
    Transition(
        "return_high", _("退回（县级）"), (S.SUBMITTED,), S.RETURNED, "approve_plan_of_high",
        needs_reason=True, decides=True, undoable=True, returns=True, requires=FOR_COUNTY,
    ),
    Transition(
        "recall", _("撤回修改"), (S.SUBMITTED,), S.RETURNED, "make_plan",
        only=(_("本人制定的"), is_maker), returns=True, wrong_state=_("这份方案不在待审批，不能撤回。"),
    ),
    Transition(
        "resubmit", _("修改后重送"), (S.RETURNED,), S.SUBMITTED, "make_plan", payload=Content, writes=True,
        requires=OF_REGISTERED_FILE, wrong_state=_("这份方案没有被退回，不能重送。"),
    ),
    Transition("withdraw", _("不再制定"), (S.RETURNED,), S.WITHDRAWN, "make_plan"),
    Transition("review", _("复查"), (S.APPROVED,), S.APPROVED, "make_plan", payload=Review, writes=False),
    Transition("change_lead", _("换牵头人"), (S.APPROVED,), S.APPROVED, "make_plan", payload=Lead, writes=False),
    Transition(
        "close", _("结束方案"), (S.APPROVED,), S.CLOSED, "make_plan", payload=Ending, writes=False, undoable=True,
        requires=GOALS_ENDED,
    ),
    # the next plan was approved and carries its open goals on
    Transition("succeed", _("由下一份方案接续"), (S.APPROVED,), S.CLOSED, "", undoable=True),
    # part of the closing of the file, and taken back with it
    Transition(
        "end_with_file", _("随结案结束"), (S.SUBMITTED, S.RETURNED, S.APPROVED), (S.WITHDRAWN, S.CLOSED), "",
        undoable=True,
    ),
    model="registry.Plan",
    moves="registry.plans.moves",
)  # fmt: skip
