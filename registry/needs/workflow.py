"""The moves of a need: by whom it is held, until when, and how it ends. What follows from a move:
``registry.needs.moves``."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.transitions import Transition, Workflow
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.models import FileState
from registry.needs.models import Need
from registry.needs.models import NeedState as S
from registry.needs.tiers import own_unit_in_line, unit_above, units_below


@dataclass(frozen=True)
class Owner:
    """Who of the holder's unit is to see to it."""

    post: Appointment


@dataclass(frozen=True)
class Down:
    """To which unit of the child's line it goes, and until when."""

    unit: OrgUnit
    due_on: datetime.date


@dataclass(frozen=True)
class NewDue:
    due_on: datetime.date


@dataclass(frozen=True)
class Settlement:
    """How it ended; ``words``, sealed; what the family said of it."""

    outcome: str
    words: str
    satisfaction: str


@dataclass(frozen=True)
class Holding:
    """Who holds it from now on, where that follows from another act; ``owner``: the key of a post, or None; ``on``: the
    day from which a fresh last day is counted, today unless said."""

    unit: OrgUnit
    owner: int | None = None
    on: datetime.date | None = None


def is_held_by(post: Appointment, need: Need) -> bool:
    """Whether somebody in ``post`` works at the unit that holds ``need``, or at the one that took over from it."""
    return need.holder_id in post.unit.own_keys


def is_held_by_colleague(post: Any, need: Any) -> bool:
    return is_held_by(post, need) and need.owner_id != post.pk


def is_held_below(post: Any, need: Any) -> bool:
    return bool(post.unit.level < need.holder.level)


def is_held_here_or_below(post: Appointment, need: Need) -> bool:
    return is_held_by(post, need) or is_held_below(post, need)


def may_reopen(post: Any, need: Any) -> bool:
    """Who holds it and the tiers above; below, whoever hears the family first: from the unit that recorded it up to the
    holder. The permission holds them to the child's line."""
    found_it = need.holder.level < post.unit.level <= need.made_in.unit.level
    would_hold_it = own_unit_in_line(need).pk in post.unit.own_keys  # in the holder's place, where the child went since
    return is_held_here_or_below(post, need) or bool(found_it) or would_hold_it


def was_recorded_below(post: Any, need: Any) -> bool:
    """By somebody else, at a tier under that of ``post``: nobody makes her own need, or her unit's, disappear."""
    return bool(post.unit.level < need.made_in.unit.level and post.person_id != need.made_by_id)


HOLDER: tuple[Any, Callable[[Any, Any], bool]] = (_("现在办理它的单位"), is_held_by)
HOLDER_OR_ABOVE: tuple[Any, Callable[[Any, Any], bool]] = (_("现在办理它的单位，或它的上级"), is_held_here_or_below)
HOLDER_OR_LINE: tuple[Any, Callable[[Any, Any], bool]] = (
    _("现在办理它的单位、它的上级，或从记录它的单位到办理它的单位之间的各级"), may_reopen,
)  # fmt: skip
ENDED = _("这条需求已经办结、结束或撤销。")
NOT_ENDED = _("这条需求正在办理。")

NEED = Workflow(
    Transition(
        "take", _("由我办理"), (S.OPEN,), S.OPEN, "handle_need", wrong_state=ENDED,
        only=(_("现在办理它的单位的工作人员，还不是承办人的"), is_held_by_colleague),
    ),
    Transition(
        "assign", _("指定承办人"), (S.OPEN,), S.OPEN, "handle_need", wrong_state=ENDED, payload=Owner, only=HOLDER,
    ),
    Transition(
        "pull_up", _("接过来"), (S.OPEN,), S.OPEN, "handle_need", wrong_state=ENDED,
        only=(_("现在办理它的单位的上级"), is_held_below),
    ),
    Transition(
        "pass_up", _("报上级"), (S.OPEN,), S.OPEN, "handle_need", wrong_state=ENDED, needs_reason=True, only=HOLDER,
        requires=(_("已经到最上级，没有再上一级可报。"), lambda need: unit_above(need) is not None),
    ),
    Transition(
        "pass_down", _("交下级"), (S.OPEN,), S.OPEN, "handle_need", wrong_state=ENDED, needs_reason=True, payload=Down,
        only=HOLDER, requires=(_("已经在村（居），没有下级可交。"), lambda need: bool(units_below(need))),
    ),
    Transition(
        "move_due", _("改期限"), (S.OPEN,), S.OPEN, "handle_need", wrong_state=ENDED, needs_reason=True, payload=NewDue,
        only=HOLDER_OR_ABOVE,
    ),
    Transition(
        "settle", _("办结"), (S.OPEN,), S.SETTLED, "handle_need", wrong_state=ENDED, payload=Settlement, undoable=True,
        only=HOLDER,
    ),
    # a withdrawn mistake too: who says that it was none takes it up again, and it is told
    Transition(
        "reopen", _("重新办理"), (S.SETTLED, S.ENDED, S.VOID), S.OPEN, "handle_need", wrong_state=NOT_ENDED,
        needs_reason=True, only=HOLDER_OR_LINE,
        requires=(_("孩子的档案不在册，不能重新办理。"), lambda need: need.child.state == FileState.APPROVED),
    ),
    Transition(
        "void", _("撤销记错的"), (S.OPEN, S.SETTLED, S.ENDED), S.VOID, "void_need", needs_reason=True,
        wrong_state=_("这条需求已经撤销。"),
        only=(_("记录它的单位的上级，且不是记录人本人"), was_recorded_below),
    ),
    # nobody's buttons
    Transition("end_with_file", _("随结案结束"), (S.OPEN,), S.ENDED, "", undoable=True),
    Transition("escalate", _("逾期，升到上级"), (S.OPEN,), S.OPEN, "", payload=Holding),
    Transition("release", _("承办人离任"), (S.OPEN,), S.OPEN, "", payload=Holding),
    Transition("follow_calendar", _("期限随放假安排调整"), (S.OPEN,), S.OPEN, "", payload=NewDue),
    Transition("follow_child", _("随孩子转到新地方"), (S.OPEN,), S.OPEN, "", payload=Holding),
    model="registry.Need",
    moves="registry.needs.moves",
)  # fmt: skip
