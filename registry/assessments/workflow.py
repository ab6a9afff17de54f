"""The moves of an assessment: the station confirms, for high levels the county signs as well. What a move requires and
what follows from it: ``registry.assessments.moves``."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.parties import is_maker
from childwelfare.workflow.transitions import Transition, Workflow
from orgs.posts.station_work import COUNTY_INSTEAD
from registry.assessments.models import Assessment
from registry.assessments.models import AssessmentState as S
from registry.child.models import FileState


@dataclass(frozen=True)
class Correction:
    """What the assessment says after it came back: all its columns, as ``services.assess`` worked them out."""

    columns: Mapping[str, Any]


@dataclass(frozen=True)
class Notice:
    """The day on which the family was told in writing."""

    on: datetime.date


def is_of_registered_file(assessment: Assessment) -> bool:
    return assessment.child.state == FileState.APPROVED


OF_REGISTERED_FILE = (_("这份档案已不在册，评估不能再确认或重报，可以退回或撤回。"), is_of_registered_file)
ASSESSMENT = Workflow(
    Transition(
        "confirm", _("确认"), (S.SUBMITTED,), (S.CHECKED, S.APPROVED), "confirm_assessment",
        decides=True, undoable=True, instead=COUNTY_INSTEAD, requires=OF_REGISTERED_FILE,
    ),
    Transition(
        "return", _("退回"), (S.SUBMITTED,), S.RETURNED, "confirm_assessment",
        needs_reason=True, decides=True, undoable=True, instead=COUNTY_INSTEAD, returns=True,
    ),
    Transition("sign", _("县级确认"), (S.CHECKED,), S.APPROVED, "sign_assessment", decides=True, undoable=True),
    Transition(
        "send_back", _("县级退回"), (S.CHECKED,), S.RETURNED, "sign_assessment",
        needs_reason=True, decides=True, undoable=True, returns=True,
    ),
    Transition(
        "resubmit", _("修改后重报"), (S.RETURNED,), S.SUBMITTED, "assess_child", payload=Correction, writes=True,
        wrong_state=_("这次评估没有被退回，不能重报。"), requires=OF_REGISTERED_FILE,
    ),
    Transition(
        "recall", _("撤回修改"), (S.SUBMITTED,), S.RETURNED, "assess_child", only=(_("本人评估的"), is_maker),
        returns=True, wrong_state=_("这次评估不在待复核，不能撤回。"),
    ),
    Transition(
        "withdraw", _("作废"), (S.SUBMITTED, S.RETURNED), S.WITHDRAWN, "assess_child", only=(_("本人评估的"), is_maker),
        wrong_state=_("这次评估已经确认，不能作废；情况变了，请重新评估。"),
    ),
    Transition(
        "notify", _("补记告知家庭"), (S.SUBMITTED, S.CHECKED, S.APPROVED), (S.SUBMITTED, S.CHECKED, S.APPROVED),
        "assess_child", payload=Notice, writes=False,
    ),
    # what waits when the file is closed: part of the closing, and taken back with it
    Transition("end_with_file", _("随结案作废"), (S.SUBMITTED, S.RETURNED), S.WITHDRAWN, "", undoable=True),
    model="registry.Assessment",
    moves="registry.assessments.moves",
)  # fmt: skip
