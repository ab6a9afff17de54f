"""The moves of a version of the assessment system. What follows from them: ``registry.instruments.moves``."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.transitions import Transition, Workflow
from registry.instruments.models import InstrumentState as S


@dataclass(frozen=True)
class Publication:
    """From which day it holds, by which document. ``finish_under_old``: assessments that are in work under the version
    before are finished by that one."""

    since: datetime.date
    document: str
    finish_under_old: bool = False


NO_DRAFT = _("这一版已经不是草稿，没有改动。请重新打开再看。")

INSTRUMENT = Workflow(
    Transition(
        "publish", _("发布"), (S.DRAFT,), S.PUBLISHED, "manage_instruments", payload=Publication, wrong_state=NO_DRAFT,
    ),
    Transition("discard", _("作废"), (S.DRAFT,), S.DISCARDED, "manage_instruments", wrong_state=NO_DRAFT),
    model="registry.Instrument",
    moves="registry.instruments.moves",
    raced=_("您打开以后，这一版评估体系被改过，没有保存。请重新打开再看。"),
)  # fmt: skip
