"""The moves of a change. It is decided field by field: where it is after a move follows from its fields, and is worked
out in ``registry.changes.moves`` with what else a move requires and does."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.parties import Post, is_maker
from childwelfare.workflow.transitions import Transition, Workflow
from orgs.posts.station_work import COUNTY_INSTEAD
from registry.changes.models import Change
from registry.changes.models import ChangeState as S
from registry.child.models import FileState


@dataclass(frozen=True)
class Approval:
    """Which pending fields are written into the file: all where ``names`` is None.

    ``settle``: {name: the file's value as the reviewer saw it beside the new one}, for fields in conflict that the new
    value shall win. ``on``: the day of the decision, today unless said.
    """

    names: frozenset[str] | None = None
    settle: Mapping[str, Any] = field(default_factory=dict)
    on: datetime.date | None = None


@dataclass(frozen=True)
class Return:
    """Which pending fields go back: all where ``names`` is None."""

    names: frozenset[str] | None = None


@dataclass(frozen=True)
class Amendment:
    """New ``values`` of fields that came back; those left out are sent again as they were.

    ``base``: what the file said of them when they were looked at again; of those left out it is what stood there when
    they were proposed.
    """

    values: Mapping[str, Any]
    base: Mapping[str, Any] = field(default_factory=dict)
    on: datetime.date | None = None


def may_take_back(post: Post, change: Change) -> bool:
    """Who proposed it; one that came back, where the child was handed on since, whoever could complete it there."""
    return is_maker(post, change) or (change.state == S.RETURNED and change.is_made_elsewhere)


def is_of_registered_file(change: Change) -> bool:
    return change.child.state == FileState.APPROVED


OF_REGISTERED_FILE = (_("这份档案已不在册，变更不能再通过或重报，可以退回或撤回。"), is_of_registered_file)
CHANGE = Workflow(
    Transition(
        "approve", _("通过"), (S.SUBMITTED,), (S.SUBMITTED, S.RETURNED, S.DECIDED), "approve_change", place="child",
        decides=True, undoable=True, instead=COUNTY_INSTEAD, payload=Approval,
        requires=OF_REGISTERED_FILE,
    ),
    Transition(
        "return", _("退回"), (S.SUBMITTED,), (S.SUBMITTED, S.RETURNED), "return_change", place="child",
        needs_reason=True, decides=True, undoable=True, instead=COUNTY_INSTEAD, payload=Return, returns=True,
    ),
    # an address that waits when the child is handed on: part of the acceptance, and not taken back without it
    Transition(
        "return_moved", _("退回（孩子已转出）"), (S.SUBMITTED,), (S.SUBMITTED, S.RETURNED), "", payload=Return,
        writes=False, returns=True,
    ),
    Transition(
        "resubmit", _("补充后重报"), (S.RETURNED,), S.SUBMITTED, "propose_change", place="child", payload=Amendment,
        writes=True, wrong_state=_("这份变更没有被退回，不能重报。"), requires=OF_REGISTERED_FILE,
    ),
    Transition(
        "withdraw", _("撤回"), (S.SUBMITTED, S.RETURNED), (S.DECIDED, S.WITHDRAWN), "propose_change", place="child",
        only=(_("本人提出的；孩子转来后，原处提出而被退回的"), may_take_back),
        wrong_state=_("这份变更已办结，不能撤回。"),
    ),
    # what is open when the file is closed: part of the closing, taken back with it, and not by reopening the file
    Transition(
        "end_with_file", _("随结案撤回"), (S.SUBMITTED, S.RETURNED), (S.DECIDED, S.WITHDRAWN), "", undoable=True,
    ),
    # what was noticed on a visit that is taken back: it is sent again with the visit
    Transition("recall_with_visit", _("随走访撤回"), (S.SUBMITTED, S.RETURNED), (S.DECIDED, S.WITHDRAWN), ""),
    model="registry.Change",
    moves="registry.changes.moves",
)  # fmt: skip
