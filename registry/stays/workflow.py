"""The moves of a stay. Only its end is somebody's; that it begins, and ends with its day or with the file, follows from
the calendar or from another act. What follows from a move: ``registry.stays.moves``."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.transitions import Transition, Workflow
from registry.stays.models import StayEnd
from registry.stays.models import StayState as S


@dataclass(frozen=True)
class FileGone:
    """What became of the file (closed, moved, merged), and from which day the child no longer stays at the host."""

    how: StayEnd
    on: datetime.date


STAY = Workflow(
    # its first day has come
    Transition("begin", _("到日开始"), (S.ANNOUNCED,), S.RUNNING, ""),
    # by the station of either side: the child is back, or is not there
    Transition(
        "end", _("结束"), (S.ANNOUNCED, S.RUNNING), S.ENDED, "stay_child", also_at="child", needs_reason=True,
        undoable=True,
        wrong_state=_("这次临时居住已经结束了，请重新打开再看。"),
    ),
    # the day of return has come
    Transition("expire", _("到期结束"), (S.RUNNING,), S.ENDED, ""),
    # taken back with the closing of the file
    Transition(
        "end_with_file", _("随档案结束"), (S.ANNOUNCED, S.RUNNING), S.ENDED, "", payload=FileGone, undoable=True,
    ),
    model="registry.Stay",
    moves="registry.stays.moves",
)  # fmt: skip
