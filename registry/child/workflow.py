"""The moves of a file. Buttons, API actions, docs and the exhaustive test come from this table; what a move requires
and what follows from it: ``registry.child.moves``."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.parties import is_maker
from childwelfare.workflow.transitions import Transition, Workflow
from orgs.posts.station_work import COUNTY_INSTEAD
from registry.child.codes import ExitReason
from registry.child.models import ChildFile
from registry.child.models import FileState as S


@dataclass(frozen=True)
class Leaving:
    """From which day a child is no longer in the registry, and why (registry.child.codes.ExitReason)."""

    on: datetime.date
    reason: str


@dataclass(frozen=True)
class Entering:
    """From which day a child whose file was closed is in the registry again."""

    on: datetime.date


def _is_not_merged(file: ChildFile) -> bool:
    return file.close_reason != ExitReason.MERGED


FILE = Workflow(
    # who sends a file vouches for what it says, be it another's and unmended: she does not decide it
    Transition("submit", _("送到工作站"), (S.DRAFT, S.RETURNED), S.SUBMITTED, "submit_child", writes=True),
    Transition(
        "approve", _("通过"), (S.SUBMITTED,), S.APPROVED, "approve_child",
        decides=True, undoable=True, instead=COUNTY_INSTEAD,
    ),
    Transition(
        "return", _("退回"), (S.SUBMITTED,), S.RETURNED, "return_child",
        needs_reason=True, decides=True, undoable=True, instead=COUNTY_INSTEAD, returns=True,
    ),
    Transition(
        "recall", _("撤回修改"), (S.SUBMITTED,), S.RETURNED, "submit_child",
        only=(_("本人建的"), is_maker), returns=True,
        wrong_state=_("这份档案不在待审核，不能撤回。"),
    ),
    Transition(
        "close", _("结案"), (S.APPROVED,), S.CLOSED, "close_child", payload=Leaving, writes=False, undoable=True,
    ),
    Transition(
        "reopen", _("重新在册"), (S.CLOSED,), S.APPROVED, "reopen_child",
        needs_reason=True, payload=Entering, writes=False, undoable=True,
        requires=(_("这份档案已并入另一份。如果合并错了，请到那份档案撤销合并。"), _is_not_merged),
    ),
    model="registry.ChildFile",
    moves="registry.child.moves",
)  # fmt: skip
