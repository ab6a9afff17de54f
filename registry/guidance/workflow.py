"""The moves of an agreement of entrusted care, made where the child's file is kept. What follows from a move:
``registry.guidance.moves``."""

import datetime
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.transitions import Transition, Workflow
from registry.guidance.models import EntrustmentState as S


@dataclass(frozen=True)
class Notice:
    """When school and village were told in writing, and the signed paper: what is None stays as it is."""

    school_told_on: datetime.date | None = None
    village_told_on: datetime.date | None = None
    upload: UploadedFile | None = None


@dataclass(frozen=True)
class End:
    """The first day without the agreement."""

    on: datetime.date


ENDED = _("这份委托照护书已经结束。")

ENTRUSTMENT = Workflow(
    Transition(
        "notify", _("补记告知和材料"), (S.AGREED,), S.AGREED, "guide_guardian", place="child", payload=Notice,
        wrong_state=ENDED,
    ),
    Transition(
        "end", _("提前结束"), (S.AGREED,), S.ENDED, "guide_guardian", place="child", needs_reason=True, payload=End,
        wrong_state=ENDED,
    ),
    model="registry.Entrustment",
    moves="registry.guidance.moves",
)  # fmt: skip
