"""The moves of a visit. Buttons, API actions, docs and the exhaustive test come from this table; what follows from a
move: ``visits.visit.moves``."""

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.parties import is_maker
from childwelfare.workflow.transitions import Transition, Workflow
from orgs.posts.station_work import COUNTY_INSTEAD
from visits.visit.models import VisitState as S

VISIT = Workflow(
    Transition(
        "accept", _("通过"), (S.SUBMITTED,), S.ACCEPTED, "accept_visit",
        decides=True, undoable=True, instead=COUNTY_INSTEAD,
    ),
    Transition(
        "return", _("退回"), (S.SUBMITTED,), S.RETURNED, "return_visit",
        needs_reason=True, decides=True, undoable=True, instead=COUNTY_INSTEAD, returns=True,
    ),
    Transition(
        "recall", _("撤回修改"), (S.SUBMITTED,), S.RETURNED, "log_visit",
        only=(_("本人记录的"), is_maker), returns=True, also_at="made_at_another_place",
        wrong_state=_("这条走访不在待审核，不能撤回。"),
    ),
    Transition(
        "resubmit", _("修改后重报"), (S.RETURNED,), S.SUBMITTED, "log_visit",
        also_at="made_at_another_place", writes=True,
    ),
    model="visits.Visit",
    moves="visits.visit.moves",
)  # fmt: skip
